// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/hash.hpp"
#include "chain/primitives/result.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

namespace plimsoll {

/// A 20-byte account or contract address.
struct Address {
    std::array<std::uint8_t, 20> bytes{};
    friend constexpr auto operator<=>(const Address&, const Address&) noexcept = default;
    [[nodiscard]] constexpr bool is_zero() const noexcept { return *this == Address{}; }
    /// The low 20 bytes of an ABI word (an indexed address topic).
    [[nodiscard]] static constexpr Address from_word(const Hash32& word) noexcept {
        Address out;
        for (std::size_t i = 0; i < 20; ++i)
            out.bytes[i] = word.bytes[i + 12];
        return out;
    }
    [[nodiscard]] constexpr Hash32 to_word() const noexcept {
        Hash32 out;
        for (std::size_t i = 0; i < 20; ++i)
            out.bytes[i + 12] = bytes[i];
        return out;
    }
};

/// EIP-55 mixed-case checksum form.
[[nodiscard]] std::string to_string(const Address& address);
/// "0x" and 40 hex digits: all lower case, all upper case, or mixed with a valid EIP-55 checksum.
[[nodiscard]] Result<Address> parse_address(std::string_view text);

}  // namespace plimsoll

template <>
struct std::hash<plimsoll::Address> {
    /// Folds a 128-bit product, so that addresses that differ in one byte anywhere (vanity ones, test ones)
    /// differ in the low bits too: tables with power-of-two sizes stay even.
    std::size_t operator()(const plimsoll::Address& value) const noexcept {
        std::uint64_t head = 0;
        std::uint32_t middle = 0;
        std::uint64_t tail = 0;
        std::memcpy(&head, value.bytes.data(), sizeof head);
        std::memcpy(&middle, value.bytes.data() + 8, sizeof middle);
        std::memcpy(&tail, value.bytes.data() + 12, sizeof tail);
        const std::uint64_t right = tail ^ (middle * 0xD6E8FEB86659FD93ULL) ^ 0xBF58476D1CE4E5B9ULL;
        const auto product = static_cast<plimsoll::u128>(head ^ 0x9E3779B97F4A7C15ULL) * right;
        return static_cast<std::size_t>(static_cast<std::uint64_t>(product) ^
                                        static_cast<std::uint64_t>(product >> 64U));
    }
};
