// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u256.hpp"
#include "strategy/venues/aave_v3/market.hpp"
#include "strategy/venues/aave_v3/rules.hpp"

#include <optional>

namespace plimsoll::strategy::aave_v3 {

/// What a Mint or a Burn of an aToken or debt token tells besides whom it concerns.
struct TokenEvent {
    bool mint{};    // else a Burn
    U256 value;     // in units of the asset, interest included (Mint) or taken off (Burn)
    U256 increase;  // interest since the holder's last movement
    U256 index;     // ray
};

/// The holder's scaled balance after it, from the one before it. Nothing if the two cannot belong together:
/// more leaves than there was, or no scaled balance comes to what the event tells.
/// Throws ArithmeticError for amounts no token can have.
[[nodiscard]] std::optional<U256> scaled_after(const Rules& rules, TokenSide side, const U256& before,
                                               const TokenEvent& event);

}  // namespace plimsoll::strategy::aave_v3
