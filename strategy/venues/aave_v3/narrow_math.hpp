// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u128_division.hpp"
#include "chain/primitives/units.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "strategy/venues/aave_v3/rules.hpp"

namespace plimsoll::strategy::aave_v3 {

/// The formulas of math.hpp and balances.hpp where arguments and results have 128 bits, as those of real
/// markets do. Whatever does not fit, a division by zero included, is noted: fits() is false from then on,
/// the results say nothing, and the same has to be asked of the 256-bit formulas. As long as it is true,
/// every result is theirs, and they would not have thrown.
class NarrowMath {
  public:
    [[nodiscard]] constexpr bool fits() const noexcept { return fits_; }

    [[nodiscard]] constexpr u128 sum(u128 a, u128 b) noexcept {
        const u128 out = a + b;
        if (out < a) fits_ = false;
        return out;
    }
    [[nodiscard]] constexpr u128 product(u128 a, u128 b) noexcept {
        u128 out = 0;
        if (__builtin_mul_overflow(a, b, &out)) fits_ = false;
        return out;
    }
    [[nodiscard]] constexpr u128 product(u128 a, BasisPoints share) noexcept {
        const Product256 out = full_product(a, share.value);
        if (out.high != 0) fits_ = false;
        return out.low;
    }
    /// a * b / divisor.
    [[nodiscard]] constexpr u128 mul_div_down(u128 a, u128 b, u128 divisor) noexcept {
        return quotient(divide(full_product(a, b), divisor));
    }
    [[nodiscard]] constexpr u128 mul_div_up(u128 a, u128 b, u128 divisor) noexcept {
        return rounded_up(divide(full_product(a, b), divisor));
    }

    [[nodiscard]] constexpr u128 ray_mul_half_up(u128 a, u128 b) noexcept {
        return by_ray(full_product(a, b), kNarrowRay / 2);
    }
    [[nodiscard]] constexpr u128 ray_mul_down(u128 a, u128 b) noexcept {
        return by_ray(full_product(a, b), 0);
    }
    [[nodiscard]] constexpr u128 ray_mul_up(u128 a, u128 b) noexcept {
        return by_ray(full_product(a, b), kNarrowRay - 1);
    }
    [[nodiscard]] constexpr u128 ray_div_half_up(u128 a, u128 b) noexcept {
        return scaled_quotient(a, kNarrowRay, b);
    }
    [[nodiscard]] constexpr u128 ray_div_down(u128 a, u128 b) noexcept {
        return mul_div_down(a, kNarrowRay, b);
    }
    [[nodiscard]] constexpr u128 ray_div_up(u128 a, u128 b) noexcept { return mul_div_up(a, kNarrowRay, b); }
    [[nodiscard]] constexpr u128 wad_div_half_up(u128 a, u128 b) noexcept {
        return scaled_quotient(a, kNarrowWad, b);
    }

    /// wad_div_half_up(a, b) / 10000 in one division: what the two cut off one after the other is what it
    /// does.
    [[nodiscard]] constexpr u128 wad_div_out_of_basis_points(u128 a, u128 b) noexcept {
        return quotient(divide(plus(full_product(a, kNarrowWad), b / 2), product(b, u128{kPercent})));
    }

    [[nodiscard]] constexpr u128 percent_mul_half_up(u128 value, BasisPoints percentage) noexcept {
        return by_percent(value, percentage, kPercent / 2);
    }
    [[nodiscard]] constexpr u128 percent_mul_down(u128 value, BasisPoints percentage) noexcept {
        return by_percent(value, percentage, 0);
    }
    [[nodiscard]] constexpr u128 percent_mul_up(u128 value, BasisPoints percentage) noexcept {
        return by_percent(value, percentage, kPercent - 1);
    }
    [[nodiscard]] constexpr u128 percent_div_half_up(u128 value, BasisPoints percentage) noexcept {
        return scaled_quotient(value, kPercent, percentage.value);
    }
    [[nodiscard]] constexpr u128 percent_div_down(u128 value, BasisPoints percentage) noexcept {
        return mul_div_down(value, kPercent, percentage.value);
    }
    [[nodiscard]] constexpr u128 percent_div_up(u128 value, BasisPoints percentage) noexcept {
        return mul_div_up(value, kPercent, percentage.value);
    }

    [[nodiscard]] constexpr u128 linear_interest(u128 rate, std::uint64_t elapsed) noexcept {
        return sum(kNarrowRay, a_year_of(rate, elapsed));
    }
    [[nodiscard]] constexpr u128 compounded_binomial(u128 rate, std::uint64_t elapsed) noexcept {
        if (elapsed == 0) return kNarrowRay;
        const std::uint64_t less_two = elapsed > 2 ? elapsed - 2 : 0;
        const u128 pairs = static_cast<u128>(elapsed) * (elapsed - 1);
        const u128 power_two = ray_mul_half_up(rate, rate) / (kSecondsPerYear * kSecondsPerYear);
        const u128 power_three = ray_mul_half_up(power_two, rate) / kSecondsPerYear;
        const u128 second = product(pairs, power_two) / 2;
        const u128 third = product(product(pairs, less_two), power_three) / 6;
        return sum(sum(sum(kNarrowRay, a_year_of(rate, elapsed)), second), third);
    }
    [[nodiscard]] constexpr u128 compounded_taylor(u128 rate, std::uint64_t elapsed) noexcept {
        const u128 x = a_year_of(rate, elapsed);
        const u128 higher = sum(x / 2, ray_mul_half_up(x, x / 6));
        return sum(sum(kNarrowRay, x), ray_mul_half_up(x, higher));
    }
    [[nodiscard]] constexpr u128 compounded_interest(const Rules& rules, u128 rate,
                                                     std::uint64_t elapsed) noexcept {
        return rules.compounding == Compounding::taylor ? compounded_taylor(rate, elapsed)
                                                        : compounded_binomial(rate, elapsed);
    }

    [[nodiscard]] constexpr u128 supply_balance(const Rules& rules, u128 scaled, u128 income) noexcept {
        return by_ray(full_product(scaled, income),
                      rules.tokens == TokenRounding::directional ? 0 : kNarrowRay / 2);
    }
    [[nodiscard]] constexpr u128 debt_balance(const Rules& rules, u128 scaled, u128 index) noexcept {
        return by_ray(full_product(scaled, index),
                      rules.tokens == TokenRounding::directional ? kNarrowRay - 1 : kNarrowRay / 2);
    }
    /// What `amount` counts as for the account: amount * price / unit.
    [[nodiscard]] constexpr u128 supply_value(u128 amount, std::uint64_t price, std::uint64_t unit) noexcept {
        return quotient(divide_by_word(full_product(amount, price), unit));
    }
    [[nodiscard]] constexpr u128 debt_value(const Rules& rules, u128 amount, std::uint64_t price,
                                            std::uint64_t unit) noexcept {
        const NarrowQuotient value = divide_by_word(full_product(amount, price), unit);
        return rules.tokens == TokenRounding::directional ? rounded_up(value) : quotient(value);
    }

  private:
    static constexpr u128 kNarrowRay = kRay.low128();
    static constexpr u128 kNarrowWad = kWad.low128();
    /// RAY is 2^27 times 5^27, and 5^27 has 63 bits: a shift and a divisor of one word.
    static constexpr unsigned kRayShift = 27;
    static constexpr std::uint64_t kRayOdd = static_cast<std::uint64_t>(kNarrowRay >> kRayShift);
    static_assert(static_cast<u128>(kRayOdd) << kRayShift == kNarrowRay);

    [[nodiscard]] constexpr u128 quotient(const NarrowQuotient& division) noexcept {
        if (!division.fits) fits_ = false;
        return division.quotient;
    }
    [[nodiscard]] constexpr u128 rounded_up(const NarrowQuotient& division) noexcept {
        return sum(quotient(division), division.remainder != 0 ? 1U : 0U);
    }
    [[nodiscard]] constexpr u128 by_ray(const Product256& number, u128 addend) noexcept {
        return quotient(divide_in_two_steps(shifted_down(plus(number, addend), kRayShift), kRayOdd));
    }
    /// (a * scale + b / 2) / b.
    [[nodiscard]] constexpr u128 scaled_quotient(u128 a, u128 scale, u128 b) noexcept {
        return quotient(divide(plus(full_product(a, scale), b / 2), b));
    }
    [[nodiscard]] constexpr u128 by_percent(u128 value, BasisPoints percentage,
                                            std::uint64_t addend) noexcept {
        return quotient(divide_by_word(plus(full_product(value, percentage.value), addend), kPercent));
    }
    /// rate * elapsed / year; the wide formula's product cannot overflow either.
    [[nodiscard]] constexpr u128 a_year_of(u128 rate, std::uint64_t elapsed) noexcept {
        return quotient(divide_by_word(full_product(rate, elapsed), kSecondsPerYear));
    }

    bool fits_ = true;
};

}  // namespace plimsoll::strategy::aave_v3
