// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"
#include "strategy/venues/aave_v3/rules.hpp"

namespace plimsoll::strategy::aave_v3 {

/// Prices and terms of one (collateral, debt) pair.
struct PairMarket {
    U256 collateral_price;  // base currency, 8 decimals
    U256 debt_price;
    U256 collateral_unit;  // 10^decimals
    U256 debt_unit;
    BasisPoints bonus;         // 10500: the liquidator receives 105 %
    BasisPoints protocol_fee;  // of the bonus
};

/// What decides how much of one debt may be taken.
struct PairBalances {
    U256 owed;        // of the debt asset
    U256 balance;     // of the collateral asset
    U256 total_debt;  // of the account, base currency
    Wad health_factor;
};

/// What a liquidation would leave.
struct Leftover {
    U256 debt;
    U256 collateral;
};

/// The most of the debt asset that one liquidation takes, whatever is asked for.
[[nodiscard]] U256 most_covered(const Rules& rules, const PairMarket& market, const PairBalances& of);

/// True if the pool would refuse to leave that (MustNotLeaveDust), with `room` of the least that it lets
/// pass on top. Both leftovers are more than nothing.
[[nodiscard]] bool is_dust(const Rules& rules, const PairMarket& market, const Leftover& left,
                           BasisPoints room);

/// True if debts that have no collateral left are burnt with the last liquidation.
[[nodiscard]] constexpr bool burns_bad_debt(const Rules& rules) noexcept {
    return rules.close_factor == CloseFactor::half_of_the_account;
}

}  // namespace plimsoll::strategy::aave_v3
