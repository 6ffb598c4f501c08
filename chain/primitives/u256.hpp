// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "chain/primitives/u128.hpp"

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace plimsoll {

/// What checked arithmetic throws where Solidity 0.8 would revert; caught once per account, never across a
/// module.
class ArithmeticError : public std::domain_error {
  public:
    using std::domain_error::domain_error;
};

/// An unsigned 256-bit integer, four little-endian limbs. `+ - *` throw ArithmeticError on overflow, `/ %` on
/// zero.
class U256 {
  public:
    constexpr U256() noexcept = default;
    // NOLINTNEXTLINE(google-explicit-constructor): every unsigned 64-bit value is a U256.
    constexpr U256(std::uint64_t value) noexcept : limbs_{value, 0, 0, 0} {}
    [[nodiscard]] static constexpr U256 from_u128(u128 value) noexcept {
        return from_limbs(
            {static_cast<std::uint64_t>(value), static_cast<std::uint64_t>(value >> 64U), 0, 0});
    }
    [[nodiscard]] static constexpr U256 from_limbs(std::array<std::uint64_t, 4> limbs) noexcept {
        U256 out;
        out.limbs_ = limbs;
        return out;
    }
    [[nodiscard]] static constexpr U256 max() noexcept {
        constexpr std::uint64_t kOnes = ~std::uint64_t{0};
        return from_limbs({kOnes, kOnes, kOnes, kOnes});
    }
    /// Big-endian, at most 32 bytes.
    [[nodiscard]] static constexpr U256 from_be(std::span<const std::uint8_t> bytes);

    [[nodiscard]] constexpr const std::array<std::uint64_t, 4>& limbs() const noexcept { return limbs_; }
    [[nodiscard]] constexpr std::uint64_t low64() const noexcept { return limbs_[0]; }
    [[nodiscard]] constexpr u128 low128() const noexcept {
        return (static_cast<u128>(limbs_[1]) << 64U) | limbs_[0];
    }
    [[nodiscard]] constexpr bool fits64() const noexcept { return (limbs_[1] | limbs_[2] | limbs_[3]) == 0; }
    [[nodiscard]] constexpr bool fits128() const noexcept { return (limbs_[2] | limbs_[3]) == 0; }
    [[nodiscard]] constexpr bool is_zero() const noexcept { return fits64() && limbs_[0] == 0; }
    /// Number of significant bits: 0 for zero, 256 for max().
    [[nodiscard]] constexpr unsigned bit_width() const noexcept;
    [[nodiscard]] constexpr bool bit(unsigned index) const noexcept {
        return index < 256 && ((limbs_[index / 64] >> (index % 64)) & 1U) != 0;
    }
    [[nodiscard]] constexpr std::array<std::uint8_t, 32> to_be() const noexcept;
    /// For filtering and ranking only.
    [[nodiscard]] constexpr double to_double() const noexcept;

    /// Without a branch, and without the call that comparing arrays is.
    friend constexpr bool operator==(const U256& a, const U256& b) noexcept {
        return ((a.limbs_[0] ^ b.limbs_[0]) | (a.limbs_[1] ^ b.limbs_[1]) | (a.limbs_[2] ^ b.limbs_[2]) |
                (a.limbs_[3] ^ b.limbs_[3])) == 0;
    }
    friend constexpr std::strong_ordering operator<=>(const U256& a, const U256& b) noexcept {
        for (std::size_t i = 4; i-- > 0;) {
            if (a.limbs_[i] != b.limbs_[i]) return a.limbs_[i] <=> b.limbs_[i];
        }
        return std::strong_ordering::equal;
    }

  private:
    std::array<std::uint64_t, 4> limbs_{};
};

static_assert(sizeof(U256) == 32);

/// a + b; throws ArithmeticError above 2^256 - 1.
[[nodiscard]] constexpr U256 operator+(const U256& a, const U256& b);
/// a - b; throws ArithmeticError below zero.
[[nodiscard]] constexpr U256 operator-(const U256& a, const U256& b);
[[nodiscard]] constexpr U256 operator*(const U256& a, const U256& b);
[[nodiscard]] constexpr U256 operator/(const U256& a, const U256& b);
[[nodiscard]] constexpr U256 operator%(const U256& a, const U256& b);
[[nodiscard]] constexpr U256 operator<<(const U256& a, unsigned shift) noexcept;
[[nodiscard]] constexpr U256 operator>>(const U256& a, unsigned shift) noexcept;
[[nodiscard]] constexpr U256 operator&(const U256& a, const U256& b) noexcept;
[[nodiscard]] constexpr U256 operator|(const U256& a, const U256& b) noexcept;
[[nodiscard]] constexpr U256 operator~(const U256& a) noexcept;
constexpr U256& operator+=(U256& a, const U256& b) {
    return a = a + b;
}
constexpr U256& operator-=(U256& a, const U256& b) {
    return a = a - b;
}
/// a + b and a - b modulo 2^256, as Solidity's `unchecked`.
[[nodiscard]] constexpr U256 wrapping_add(const U256& a, const U256& b) noexcept;
[[nodiscard]] constexpr U256 wrapping_sub(const U256& a, const U256& b) noexcept;

/// floor(a * b / denominator) with a 512-bit product; throws ArithmeticError if it does not fit or
/// denominator is 0.
[[nodiscard]] constexpr U256 mul_div_down(const U256& a, const U256& b, const U256& denominator);
/// ceil(a * b / denominator), likewise.
[[nodiscard]] constexpr U256 mul_div_up(const U256& a, const U256& b, const U256& denominator);
/// 10^exponent, exponent <= 77.
[[nodiscard]] constexpr U256 pow10(unsigned exponent);

/// Decimal digits only, 1 to 78 of them, value below 2^256.
[[nodiscard]] Result<U256> parse_decimal(std::string_view text);
[[nodiscard]] std::string to_decimal(const U256& value);
/// Minimal "0x…" quantity as JSON-RPC writes it ("0x0" for zero).
[[nodiscard]] std::string to_quantity_hex(const U256& value);
/// Strict JSON-RPC quantity: "0x" and 1 to 64 hex digits, no leading zeros except "0x0".
[[nodiscard]] Result<U256> parse_quantity_hex(std::string_view text);

}  // namespace plimsoll

#include "chain/primitives/u256_impl.hpp"
