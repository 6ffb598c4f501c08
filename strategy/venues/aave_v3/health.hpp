// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"
#include "strategy/book/book.hpp"
#include "strategy/quote.hpp"
#include "strategy/venues/aave_v3/market_view.hpp"
#include "strategy/venues/aave_v3/rules.hpp"

#include <cstdint>
#include <vector>

namespace plimsoll::strategy::aave_v3 {

/// Everything an account is judged by, at one moment. What it refers to must stay as it is.
struct Valuation {
    Valuation(const Rules& by, const Book& of, const std::vector<ReserveView>& accrued_to,
              const PriceVector& priced_at, Timestamp block_time, bool allowed = true,
              std::uint64_t* count_wide = nullptr);

    const Rules& rules;
    const Book& book;
    const std::vector<ReserveView>& reserves;
    const PriceVector& prices;
    Timestamp at;                  // of the block
    bool liquidations_allowed;     // by the sentinel; if not, only far below the line
    std::uint64_t* wide_accounts;  // unless null, counts the accounts that 128 bits did not hold
    ReserveSet unvalued = 0;       // reserves without a price, or broken
    std::uint64_t moment = 0;      // MarketView's number of `reserves`; 0: not known
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

/// GenericLogic.calculateUserAccountData: in 128 bits as long as everything fits, else in 256.
[[nodiscard]] AccountData account_data(const Valuation& at, AccountId account);

/// The same in 256 bits throughout.
[[nodiscard]] AccountData account_data_wide(const Valuation& at, AccountId account);

/// The health factor below which a liquidation is let through at all: 1, or 0.95 where the sentinel forbids.
[[nodiscard]] const U256& liquidation_line(const Valuation& at) noexcept;

/// True if some liquidation of the account may pass: below the line, and with something to seize.
[[nodiscard]] bool can_be_liquidated(const Valuation& at, const AccountData& data) noexcept;

/// The liquidation threshold and bonus that apply to an account's collateral in this reserve: its eMode
/// category's, if the category has the reserve, else the reserve's.
[[nodiscard]] CategoryState terms_for(const Book& book, ReserveId reserve, std::uint8_t category) noexcept;

}  // namespace plimsoll::strategy::aave_v3
