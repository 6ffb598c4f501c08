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
    bool clears_debt = false;  // nothing of this debt is left
    bool clears_collateral = false;
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

/// LiquidationLogic.executeLiquidationCall with receiveAToken = false, to the last unit; nothing where it
/// would revert. `data` are the account's totals at the same moment. Neither what the pool holds in cash nor
/// who calls is known here.
[[nodiscard]] std::optional<Liquidation> liquidate(const Valuation& at, const LiquidationRequest& request,
                                                   const AccountData& data);

/// The largest liquidation with at most `request.cover` of the debt and at most `most_seized` of the
/// collateral that the pool lets pass: the whole, or where that would leave dust, the most that leaves enough
/// on both sides. With `room`, so much more than the least leftover stays: what leaves just enough now leaves
/// too little in a block that comes sooner than thought, or after a price has moved.
[[nodiscard]] std::optional<Liquidation> largest_liquidation(const Valuation& at,
                                                             const LiquidationRequest& request,
                                                             const AccountData& data, const U256& most_seized,
                                                             BasisPoints room = BasisPoints{0});

/// True if ValidationLogic.validateLiquidationCall lets this pair pass, the health factor aside.
[[nodiscard]] bool legal_pair(const Valuation& at, AccountId account, ReserveId collateral, ReserveId debt);

}  // namespace plimsoll::strategy::aave_v3
