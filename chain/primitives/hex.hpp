// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace plimsoll {

/// Lower-case digits with "0x"; "0x" alone for no bytes.
[[nodiscard]] std::string to_hex(BytesView bytes);
/// Appends the digits without a prefix (for frames written in place).
void append_hex(std::string& out, BytesView bytes);
/// Strict: "0x" and an even number of hex digits of either case.
[[nodiscard]] Result<Bytes> parse_hex(std::string_view text);
/// Decodes `digits` (no prefix, exactly 2 * out.size() of them) into `out`; false on any other character or
/// length.
[[nodiscard]] bool decode_hex(std::string_view digits, std::span<std::uint8_t> out) noexcept;

}  // namespace plimsoll
