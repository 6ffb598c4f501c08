// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u256.hpp"

#include <cstdint>

namespace plimsoll::strategy::uniswap_v3 {

/// A price as Uniswap V3 counts it: the power of 1.0001 that it lies at or above.
using Tick = std::int32_t;

inline constexpr Tick kMinTick = -887272;
inline constexpr Tick kMaxTick = 887272;
/// sqrtPriceX96 at kMinTick and kMaxTick (TickMath.MIN_SQRT_RATIO, MAX_SQRT_RATIO). A pool's price is at
/// least the first and below the second.
inline constexpr U256 kMinSqrtPrice{4295128739ULL};
inline constexpr U256 kMaxSqrtPrice =
    U256::from_limbs({6743328256752651558ULL, 17280870778742802505ULL, 4294805859ULL, 0});

/// sqrt(1.0001^tick) * 2^96, as TickMath.getSqrtRatioAtTick rounds it. `tick` must lie within kMinTick and
/// kMaxTick.
[[nodiscard]] U256 sqrt_price_at(Tick tick);

/// The greatest tick whose price is at most `sqrt_price` (TickMath.getTickAtSqrtRatio), which must be at
/// least kMinSqrtPrice and below kMaxSqrtPrice.
[[nodiscard]] Tick tick_at(const U256& sqrt_price);

}  // namespace plimsoll::strategy::uniswap_v3
