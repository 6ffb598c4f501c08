// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u256.hpp"
#include "chain/primitives/units.hpp"

/// The integer arithmetic of Aave V3 as its libraries WadRayMath, PercentageMath and MathUtils define it,
/// each rounding by its name. Products have 256 bits, and where Solidity reverts ArithmeticError is thrown.
namespace plimsoll::strategy::aave_v3 {

inline constexpr U256 kRay = pow10(27);
inline constexpr U256 kWad = pow10(18);
inline constexpr std::uint64_t kSecondsPerYear = 31'536'000;
inline constexpr std::uint64_t kPercent = 10'000;

/// (a * b + half) / scale with a 256-bit intermediate, which must not overflow.
[[nodiscard]] constexpr U256 scaled_product(const U256& a, const U256& b, const U256& scale) {
    return (a * b + (scale >> 1U)) / scale;
}

[[nodiscard]] constexpr U256 ray_mul_half_up(const U256& a, const U256& b) {
    return scaled_product(a, b, kRay);
}
[[nodiscard]] constexpr U256 ray_div_half_up(const U256& a, const U256& b) {
    return (a * kRay + (b >> 1U)) / b;
}
[[nodiscard]] constexpr U256 wad_div_half_up(const U256& a, const U256& b) {
    return (a * kWad + (b >> 1U)) / b;
}
[[nodiscard]] constexpr U256 percent_mul_half_up(const U256& value, BasisPoints percentage) {
    return scaled_product(value, U256{percentage.value}, U256{kPercent});
}
[[nodiscard]] constexpr U256 percent_div_half_up(const U256& value, BasisPoints percentage) {
    return (value * U256{kPercent} + U256{percentage.value / 2}) / U256{percentage.value};
}

/// a / b rounded up; b must not be zero.
[[nodiscard]] constexpr U256 divide_up(const U256& a, const U256& b) {
    const U256 quotient = a / b;
    return quotient * b == a ? quotient : quotient + U256{1};
}

[[nodiscard]] constexpr U256 ray_mul_down(const U256& a, const U256& b) {
    return a * b / kRay;
}
[[nodiscard]] constexpr U256 ray_mul_up(const U256& a, const U256& b) {
    return divide_up(a * b, kRay);
}
[[nodiscard]] constexpr U256 ray_div_down(const U256& a, const U256& b) {
    return a * kRay / b;
}
[[nodiscard]] constexpr U256 ray_div_up(const U256& a, const U256& b) {
    return divide_up(a * kRay, b);
}
[[nodiscard]] constexpr U256 percent_mul_down(const U256& value, BasisPoints percentage) {
    return value * U256{percentage.value} / U256{kPercent};
}
[[nodiscard]] constexpr U256 percent_mul_up(const U256& value, BasisPoints percentage) {
    return divide_up(value * U256{percentage.value}, U256{kPercent});
}
[[nodiscard]] constexpr U256 percent_div_down(const U256& value, BasisPoints percentage) {
    return value * U256{kPercent} / U256{percentage.value};
}
[[nodiscard]] constexpr U256 percent_div_up(const U256& value, BasisPoints percentage) {
    return divide_up(value * U256{kPercent}, U256{percentage.value});
}

/// Growth factor (ray) of a supply index over `elapsed` seconds at `rate` (ray a year);
/// MathUtils.calculateLinearInterest.
[[nodiscard]] constexpr U256 linear_interest(const U256& rate, std::uint64_t elapsed) {
    return kRay + rate * U256{elapsed} / U256{kSecondsPerYear};
}

/// Growth factor (ray) of a debt index: three terms of the binomial series;
/// MathUtils.calculateCompoundedInterest up to 3.3.
[[nodiscard]] constexpr U256 compounded_binomial(const U256& rate, std::uint64_t elapsed) {
    if (elapsed == 0) return kRay;
    const U256 year{kSecondsPerYear};
    const U256 n{elapsed};
    const U256 n_less_one{elapsed - 1};
    const U256 n_less_two{elapsed > 2 ? elapsed - 2 : 0};
    const U256 power_two = ray_mul_half_up(rate, rate) / (year * year);
    const U256 power_three = ray_mul_half_up(power_two, rate) / year;
    const U256 second = n * n_less_one * power_two / U256{2};
    const U256 third = n * n_less_one * n_less_two * power_three / U256{6};
    return kRay + rate * n / year + second + third;
}

/// Likewise: three terms of the exponential series; MathUtils.calculateCompoundedInterest from 3.4.
[[nodiscard]] constexpr U256 compounded_taylor(const U256& rate, std::uint64_t elapsed) {
    const U256 x = rate * U256{elapsed} / U256{kSecondsPerYear};
    const U256 higher = x / U256{2} + ray_mul_half_up(x, x / U256{6});
    return kRay + x + ray_mul_half_up(x, higher);
}

}  // namespace plimsoll::strategy::aave_v3
