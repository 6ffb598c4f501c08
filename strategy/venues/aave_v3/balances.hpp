// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/venues/aave_v3/math.hpp"
#include "strategy/venues/aave_v3/rules.hpp"

/// What scaled token amounts come to, and the other way round, as the row of the pool's revision says.
namespace plimsoll::strategy::aave_v3 {

/// Units of the asset that a scaled aToken balance stands for (TokenMath.getATokenBalance).
[[nodiscard]] constexpr U256 supply_balance(const Rules& rules, const U256& scaled, const U256& income) {
    return rules.tokens == TokenRounding::directional ? ray_mul_down(scaled, income)
                                                      : ray_mul_half_up(scaled, income);
}

/// Units of the asset that a scaled debt balance owes (TokenMath.getVTokenBalance).
[[nodiscard]] constexpr U256 debt_balance(const Rules& rules, const U256& scaled, const U256& index) {
    return rules.tokens == TokenRounding::directional ? ray_mul_up(scaled, index)
                                                      : ray_mul_half_up(scaled, index);
}

/// Scaled aTokens that leave a holder for `amount` units (getATokenBurnScaledAmount, and the same for
/// transfers).
[[nodiscard]] constexpr U256 scaled_supply_out(const Rules& rules, const U256& amount, const U256& income) {
    return rules.tokens == TokenRounding::directional ? ray_div_up(amount, income)
                                                      : ray_div_half_up(amount, income);
}

/// Scaled debt that goes for `amount` units repaid (getVTokenBurnScaledAmount).
[[nodiscard]] constexpr U256 scaled_debt_out(const Rules& rules, const U256& amount, const U256& index) {
    return rules.tokens == TokenRounding::directional ? ray_div_down(amount, index)
                                                      : ray_div_half_up(amount, index);
}

/// Base currency that `amount` units of debt count as.
[[nodiscard]] constexpr U256 debt_value(const Rules& rules, const U256& amount, const U256& price,
                                        const U256& unit) {
    const U256 product = amount * price;
    return rules.tokens == TokenRounding::directional ? divide_up(product, unit) : product / unit;
}

/// Growth factor of a debt index.
[[nodiscard]] constexpr U256 compounded_interest(const Rules& rules, const U256& rate,
                                                 std::uint64_t elapsed) {
    return rules.compounding == Compounding::taylor ? compounded_taylor(rate, elapsed)
                                                    : compounded_binomial(rate, elapsed);
}

/// What a flash loan of `amount` costs.
[[nodiscard]] constexpr U256 flash_premium(const Rules& rules, const U256& amount, BasisPoints share) {
    return rules.flash_premium_up ? percent_mul_up(amount, share) : percent_mul_half_up(amount, share);
}

}  // namespace plimsoll::strategy::aave_v3
