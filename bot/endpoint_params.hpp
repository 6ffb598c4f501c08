// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "chain/rpc/endpoint.hpp"
#include "config/config.hpp"

#include <string>

namespace plimsoll::bot {

/// Whether it has an address that delivers subscriptions.
[[nodiscard]] bool can_follow(const config::Endpoint& endpoint) noexcept;

/// The same address for the transports. Errc::config_invalid.
[[nodiscard]] Result<rpc::Url> url_of(const config::Url& url);

/// How to reach a configured endpoint: by ipc, else ws, else http; with its headers, its certificate
/// authority and its chain. Errc::config_invalid, without secrets, where none of its addresses will do.
[[nodiscard]] Result<rpc::EndpointParams> endpoint_params(const config::Endpoint& endpoint, ChainId chain);

/// How to reach the relay of a lane of type private or bundle. A relay knows no chain id: none is asked for.
[[nodiscard]] Result<rpc::EndpointParams> relay_params(const config::Lane& lane);

/// The address without what may be secret in it, for the key's loopback rule; a Unix socket counts as
/// localhost.
[[nodiscard]] std::string bare_address(const rpc::Url& url);

}  // namespace plimsoll::bot
