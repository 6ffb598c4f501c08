// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/token_event.hpp"

#include "strategy/venues/aave_v3/balances.hpp"

namespace plimsoll::strategy::aave_v3 {

namespace {

/// A change by `amount` of the asset's units, upwards or downwards. A burn of less than the interest is told
/// as a Mint of the rest.
struct Movement {
    bool up;
    U256 amount;
};

Movement movement(const TokenEvent& event) {
    if (!event.mint) return {false, event.value + event.increase};
    const bool up = event.value >= event.increase;
    return {up, up ? event.value - event.increase : event.increase - event.value};
}

std::optional<U256> moved(const U256& from, bool up, const U256& by) {
    if (!up && from < by) return std::nullopt;
    return up ? from + by : from - by;
}

}  // namespace

// Up to 3.4 the amount of the call is told and scaled by itself. From 3.5 on the difference of two rounded
// balances is told, of which only one scaled balance can be the latter, as no index is below one ray.
std::optional<U256> scaled_after(const Rules& rules, TokenSide side, const U256& before,
                                 const TokenEvent& event) {
    const Movement by = movement(event);
    if (rules.tokens == TokenRounding::half_up) {
        return moved(before, by.up, ray_div_half_up(by.amount, event.index));
    }
    const bool supply = side == TokenSide::supply;
    const auto balance = [&](const U256& scaled) {
        return supply ? supply_balance(rules, scaled, event.index) : debt_balance(rules, scaled, event.index);
    };
    const auto now = moved(balance(before), by.up, by.amount);
    if (!now) return std::nullopt;
    const U256 scaled = supply ? ray_div_up(*now, event.index) : ray_div_down(*now, event.index);
    if (balance(scaled) != *now) return std::nullopt;
    return scaled;
}

}  // namespace plimsoll::strategy::aave_v3
