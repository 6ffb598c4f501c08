// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/u256.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

namespace plimsoll {

/// 32 bytes: a block hash, transaction hash, topic or ABI word. Big-endian where read as a number.
struct Hash32 {
    std::array<std::uint8_t, 32> bytes{};
    friend constexpr auto operator<=>(const Hash32&, const Hash32&) noexcept = default;
    [[nodiscard]] constexpr U256 as_u256() const { return U256::from_be(bytes); }
    [[nodiscard]] static constexpr Hash32 from_u256(const U256& value) noexcept {
        return Hash32{value.to_be()};
    }
    [[nodiscard]] constexpr bool is_zero() const noexcept { return *this == Hash32{}; }
};

/// "0x" and 64 lower-case hex digits.
[[nodiscard]] std::string to_string(const Hash32& hash);
/// Strict: "0x" and exactly 64 hex digits of either case.
[[nodiscard]] Result<Hash32> parse_hash(std::string_view text);

}  // namespace plimsoll

template <>
struct std::hash<plimsoll::Hash32> {
    std::size_t operator()(const plimsoll::Hash32& value) const noexcept {
        std::size_t out = 0;  // already uniform: any eight bytes will do
        std::memcpy(&out, value.bytes.data() + 24, sizeof out);
        return out;
    }
};
