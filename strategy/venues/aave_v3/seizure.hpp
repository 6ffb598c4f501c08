// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/venues/aave_v3/close_factor.hpp"

namespace plimsoll::strategy::aave_v3 {

/// What a debt pays for.
struct Seizure {
    U256 collateral;  // for the liquidator
    U256 fee;         // of the collateral asset, for the treasury
    U256 debt;        // what is really repaid
};

/// LiquidationLogic._calculateAvailableCollateralToLiquidate: `cover` of the debt asset against at most
/// `balance` of the collateral.
[[nodiscard]] Seizure seize(const Rules& rules, const PairMarket& market, const U256& cover,
                            const U256& balance);

/// Collateral and fee in base currency, as the pool compares it with all the account's collateral.
[[nodiscard]] U256 seized_value(const PairMarket& market, const Seizure& taken);

}  // namespace plimsoll::strategy::aave_v3
