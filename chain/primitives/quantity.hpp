// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u256.hpp"

#include <compare>

namespace plimsoll {

/// A 256-bit amount of one unit. Different units neither add nor compare; scale changes are named functions.
template <class Unit>
class Quantity {
  public:
    constexpr Quantity() noexcept = default;
    explicit constexpr Quantity(const U256& raw) noexcept : raw_{raw} {}
    explicit constexpr Quantity(std::uint64_t raw) noexcept : raw_{raw} {}

    [[nodiscard]] constexpr const U256& raw() const noexcept { return raw_; }
    [[nodiscard]] constexpr bool is_zero() const noexcept { return raw_.is_zero(); }

    friend constexpr bool operator==(const Quantity&, const Quantity&) noexcept = default;
    friend constexpr std::strong_ordering operator<=>(const Quantity&, const Quantity&) noexcept = default;

    friend constexpr Quantity operator+(const Quantity& a, const Quantity& b) {
        return Quantity{a.raw_ + b.raw_};
    }
    friend constexpr Quantity operator-(const Quantity& a, const Quantity& b) {
        return Quantity{a.raw_ - b.raw_};
    }
    constexpr Quantity& operator+=(const Quantity& b) { return *this = *this + b; }
    constexpr Quantity& operator-=(const Quantity& b) { return *this = *this - b; }

  private:
    U256 raw_;
};

enum class Rounding { down, up };

/// amount * numerator / denominator with a 512-bit product, rounded as said.
template <class Unit>
[[nodiscard]] constexpr Quantity<Unit> mul_div(const Quantity<Unit>& amount, const U256& numerator,
                                               const U256& denominator, Rounding rounding) {
    if (rounding == Rounding::up) return Quantity<Unit>{mul_div_up(amount.raw(), numerator, denominator)};
    return Quantity<Unit>{mul_div_down(amount.raw(), numerator, denominator)};
}

}  // namespace plimsoll
