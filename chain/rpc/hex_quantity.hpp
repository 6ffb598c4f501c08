// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u256.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plimsoll::rpc {

/// A QUANTITY as in the execution-apis specification: "0x0", or "0x" and digits without a leading zero; at
/// most 256 bits.
[[nodiscard]] std::optional<U256> parse_quantity(std::string_view text) noexcept;
/// The same, at most 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_quantity64(std::string_view text) noexcept;
/// Appends the value in that form, in quotes.
void append_quantity(std::string& out, std::uint64_t value);

}  // namespace plimsoll::rpc
