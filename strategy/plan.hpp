// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/selector.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/units.hpp"
#include "strategy/decision.hpp"
#include "strategy/routes/swap_router.hpp"

#include <cstdint>

namespace plimsoll::strategy {

/// Executor.execute(Plan), see chain/contracts/README.md.
inline constexpr codec::Selector kExecuteSelector = codec::selector(
    "execute((uint8,address,address,uint256,(address,address,uint256,bytes)[],(uint8,address,address,uint256,"
    "bytes)[],address,uint256,uint64,uint16))");

/// What bounds a loss on chain.
struct Guard {
    Usd min_profit;        // least net value of a send
    BasisPoints slippage;  // of the swap's proceeds
    Usd debt_price;
    unsigned debt_decimals{};
};

/// The least profit, in units of the debt asset, with which the execution may go through: the expected profit
/// less `slippage` of the swap's proceeds, but never less than gas cost + min_profit at the oracle's price,
/// and that with a tolerance of 0.5 % so that rounding and a moved price of the native coin never revert an
/// honest execution. At most the expected profit itself. With a builder's share it is that least amount
/// alone: the share is of what is above it.
[[nodiscard]] TokenAmount least_profit(const Opportunity& opportunity, const Guard& guard);

/// Calldata: flash loan of what is repaid, the venue's call with exactly that approved, all of the seized
/// collateral along the route, profit in the debt asset.
[[nodiscard]] Bytes encode_plan(const Opportunity& opportunity, const Call& venue_call,
                                const SwapRouter& router, const TokenAmount& min_profit,
                                BlockNumber last_block);

}  // namespace plimsoll::strategy
