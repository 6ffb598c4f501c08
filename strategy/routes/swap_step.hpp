// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u256.hpp"

#include <cstdint>

namespace plimsoll::strategy::uniswap_v3 {

/// What a price move between two square roots is worth at constant `liquidity`, of token0 and of token1,
/// rounded up or down as SqrtPriceMath.getAmount0Delta and getAmount1Delta do. The prices may stand in either
/// order; neither is zero. Throws ArithmeticError beyond 256 bits.
[[nodiscard]] U256 amount0_between(const U256& a, const U256& b, u128 liquidity, bool round_up);
[[nodiscard]] U256 amount1_between(const U256& a, const U256& b, u128 liquidity, bool round_up);

/// The price after `amount` came in (SqrtPriceMath.getNextSqrtPriceFromInput) or went out
/// (getNextSqrtPriceFromOutput). `liquidity` is not zero. Throws ArithmeticError where the contract reverts.
[[nodiscard]] U256 price_after_input(const U256& price, u128 liquidity, const U256& amount,
                                     bool zero_for_one);
[[nodiscard]] U256 price_after_output(const U256& price, u128 liquidity, const U256& amount,
                                      bool zero_for_one);

/// One stretch of a swap, within which the liquidity does not change.
struct Stretch {
    U256 price;   // in front of it
    U256 target;  // where it ends at the latest
    u128 liquidity{};
    U256 remaining;  // of the amount that was given: what comes in, fee included, or what goes out
    std::uint32_t fee_millionths{};
    bool exact_in = true;
};

struct StretchResult {
    U256 price;  // behind it
    U256 amount_in;
    U256 amount_out;
    U256 fee;  // of the token that comes in, not part of amount_in
};

/// SwapMath.computeSwapStep.
[[nodiscard]] StretchResult walk(const Stretch& stretch);

}  // namespace plimsoll::strategy::uniswap_v3
