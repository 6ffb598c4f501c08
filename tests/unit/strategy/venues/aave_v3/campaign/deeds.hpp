// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/unit/strategy/venues/aave_v3/campaign/pool.hpp"

#include <span>
#include <string_view>

namespace plimsoll::strategy::aave_v3::campaign {

/// Somebody with one to eight reserves, and a health factor as they are found: a tenth close above the line,
/// a few below it, most far from it.
void open_account(Pool& pool, Chance& chance);

/// One deed of somebody, or of the market or its oracle; told what it was. `below` are accounts that are
/// liquidatable.
[[nodiscard]] std::string_view user_deed(Pool& pool, Chance& chance, std::span<const AccountId> below);
[[nodiscard]] std::string_view market_deed(Pool& pool, Chance& chance);
[[nodiscard]] std::string_view price_deed(Pool& pool, Chance& chance);

/// The log of an aggregator's new answer; zero is told as minus one.
[[nodiscard]] Log answer_log(ReserveId aggregator_of, const U256& answer);

/// Units of the reserve's asset worth so many base units (10^-8 USD).
[[nodiscard]] U256 units_worth(const MarketRecord& market, ReserveId reserve, double value);

}  // namespace plimsoll::strategy::aave_v3::campaign
