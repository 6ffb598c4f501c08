// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"
#include "strategy/book/book.hpp"
#include "strategy/quote.hpp"
#include "strategy/venues/aave_v3/market_view.hpp"

#include <vector>

namespace plimsoll::strategy::aave_v3 {

/// Everything an account is judged by, at one moment.
struct Valuation {
    const Book& book;
    const std::vector<ReserveView>& reserves;
    const PriceVector& prices;
};

/// An account's totals in base currency units (8 decimals), as Pool.getUserAccountData tells them.
struct AccountData {
    U256 collateral;
    U256 debt;
    BasisPoints threshold;  // average, floored
    Wad health_factor;      // max() without debt
    bool valued =
        true;  // false: a price is missing or the arithmetic overflows, so that the pool itself would revert
};

/// GenericLogic.calculateUserAccountData of 3.0.x.
[[nodiscard]] AccountData account_data(const Valuation& at, AccountId account);

/// The liquidation threshold that applies to an account's collateral in this reserve; zero if it does not
/// count.
[[nodiscard]] BasisPoints threshold_for(const Book& book, ReserveId reserve, std::uint8_t category) noexcept;

}  // namespace plimsoll::strategy::aave_v3
