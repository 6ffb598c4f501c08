// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"
#include "strategy/venues/aave_v3/health.hpp"

#include <optional>

namespace plimsoll::strategy::aave_v3 {

/// What one liquidationCall takes and gives.
struct Liquidation {
    TokenAmount repaid;        // debt asset, taken from the liquidator
    TokenAmount seized;        // collateral asset, given to the liquidator
    TokenAmount protocol_fee;  // collateral asset, given to the treasury
    friend bool operator==(const Liquidation&, const Liquidation&) = default;
};

/// Which liquidation is meant: `cover` is the call's debtToCover, everything above the close factor is cut
/// off.
struct LiquidationRequest {
    AccountId account;
    ReserveId collateral;
    ReserveId debt;
    U256 cover;
};

/// LiquidationLogic.executeLiquidationCall of 3.0.x with receiveAToken = false, to the last unit; nothing
/// where it would revert. `health_factor` is the account's at the same moment. What the pool holds in cash is
/// not known here.
[[nodiscard]] std::optional<Liquidation> liquidate(const Valuation& at, const LiquidationRequest& request,
                                                   const Wad& health_factor);

/// True if ValidationLogic.validateLiquidationCall lets this pair pass, the health factor aside.
[[nodiscard]] bool legal_pair(const Book& book, AccountId account, ReserveId collateral, ReserveId debt);

}  // namespace plimsoll::strategy::aave_v3
