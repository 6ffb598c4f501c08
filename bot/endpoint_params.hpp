// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "chain/rpc/endpoint.hpp"
#include "config/config.hpp"

#include <string>

namespace plimsoll::bot {

/// What an endpoint is used for: to follow the chain, which takes subscriptions, or only to ask.
enum class EndpointUse : bool { follow, ask };

/// How to reach a configured endpoint: by ipc, else ws, else (to ask only) http; with its headers and its
/// certificate authority. Errc::config_invalid, without secrets, where none of its addresses will do.
[[nodiscard]] Result<rpc::EndpointParams> endpoint_params(const config::Endpoint& endpoint, ChainId chain,
                                                          EndpointUse use);

/// The address without what may be secret in it, for the key's loopback rule; a Unix socket counts as
/// localhost.
[[nodiscard]] std::string bare_address(const rpc::Url& url);

}  // namespace plimsoll::bot
