// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/decision.hpp"
#include "strategy/quote.hpp"
#include "strategy/rank/crossing.hpp"
#include "strategy/rank/valuation.hpp"
#include "strategy/routes/pool_table.hpp"

#include <array>
#include <cstdint>

namespace plimsoll::strategy {

/// What an Arm told, and what must still be so for it to be sent as it stands.
struct ArmedPlan {
    VenueId venue{};
    AccountId account{};
    std::uint32_t version{};  // of the account
    Crossing crossing;        // found anew at each block
    Decision decision;
    ExitPath path;
    std::array<PoolTable::Versions, 2> pools{};  // along the path
    TokenAmount largest;                         // that the pair allowed to be repaid when it was armed
    GasPrice gas_price;                          // that it was worth it at
    TokenAmount least_profit;                    // without which the Executor reverts
};

/// Whether so much seized collateral still brings what the Executor insists on: with another price than was
/// foreseen it may be a little less.
[[nodiscard]] bool still_pays(const ArmedPlan& plan, const TokenAmount& seized);

/// Whether gas at this price leaves it worth sending.
[[nodiscard]] bool still_worth_it(const ArmedPlan& plan, const GasPrice& now, const Usd& min_profit);

}  // namespace plimsoll::strategy
