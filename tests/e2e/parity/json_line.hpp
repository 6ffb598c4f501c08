// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/block.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/log.hpp"
#include "chain/primitives/read_request.hpp"

#include <simdjson.h>

#include <string>
#include <string_view>
#include <vector>

/// JSON for the probe's line protocol: fields in, text out. A malformed line ends the probe with an
/// exception.
namespace plimsoll::probe {

using Element = simdjson::dom::element;

[[nodiscard]] std::string_view text(const Element& from, const char* field);
[[nodiscard]] std::uint64_t number(const Element& from, const char* field);
[[nodiscard]] Address address(std::string_view text);
[[nodiscard]] Hash32 hash(std::string_view text);
[[nodiscard]] Head head(const Element& from);
/// An array of logs as eth_getLogs answers them.
[[nodiscard]] std::vector<Log> logs(const Element& from);

[[nodiscard]] std::string in_quotes(std::string_view text);
[[nodiscard]] std::string to_json(const ReadRequest& request);
[[nodiscard]] std::string to_json(const Watch& watch);
/// "[a,b]" of already encoded parts.
[[nodiscard]] std::string list(const std::vector<std::string>& parts);

}  // namespace plimsoll::probe
