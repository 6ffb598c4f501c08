// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"

#include <cstdint>

namespace plimsoll::strategy {

/// Worth of `amount` of a token with `decimals` (at most 77) at `price` (Usd a whole token), rounded as said.
[[nodiscard]] inline Usd worth(const TokenAmount& amount, const Usd& price, unsigned decimals,
                               Rounding rounding) {
    return mul_div(price, amount.raw(), pow10(decimals), rounding);
}

/// The amount of such a token that is worth `value`; max() when it has no price.
[[nodiscard]] inline TokenAmount tokens_worth(const Usd& value, const Usd& price, unsigned decimals,
                                              Rounding rounding) {
    if (price.is_zero()) return TokenAmount{U256::max()};
    const Usd scaled = mul_div(value, pow10(decimals), price.raw(), rounding);
    return TokenAmount{scaled.raw()};
}

/// Units of a token that pay for `value`, less a tolerance of 0.5 %: rounding and a moved price of the native
/// coin never revert an honest execution.
[[nodiscard]] inline TokenAmount tokens_of_floor(const Usd& value, const Usd& price, unsigned decimals) {
    constexpr std::uint64_t kAfterTolerance = 9'950;
    constexpr std::uint64_t kBasisPoints = 10'000;
    return mul_div(tokens_worth(value, price, decimals, Rounding::down), U256{kAfterTolerance},
                   U256{kBasisPoints}, Rounding::down);
}

/// What unwrapping and paying a builder's share takes.
inline constexpr Gas kBuilderGas{30'000};

/// What gas costs in a block, in Usd.
struct GasPrice {
    Wei per_gas;       // base fee of the including block + tip
    Usd native_price;  // of one whole native coin; zero: unknown

    [[nodiscard]] Usd cost_of(Gas gas) const { return worth_of(cost(gas, per_gas)); }
    /// Of an amount of the native coin, rounded up.
    [[nodiscard]] Usd worth_of(const Wei& amount) const {
        return mul_div(native_price, amount.raw(), pow10(18), Rounding::up);
    }
};

}  // namespace plimsoll::strategy
