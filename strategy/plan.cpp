// SPDX-License-Identifier: Apache-2.0
#include "strategy/plan.hpp"

#include "chain/codec/abi_writer.hpp"
#include "strategy/rank/valuation.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

constexpr std::uint64_t kBasisPoints = 10'000;

/// What must be at hand for the venue's call.
const TokenAmount& funds(const Quote& quote) {
    return quote.at_most.is_zero() ? quote.repaid : quote.at_most;
}

TokenAmount part(const TokenAmount& amount, std::uint64_t bps, Rounding rounding) {
    return mul_div(amount, U256{bps}, U256{kBasisPoints}, rounding);
}

codec::AbiWriter calls_of(const Opportunity& opportunity, const Call& venue_call) {
    codec::AbiWriter call;
    call.address(venue_call.to)
        .address(opportunity.quote.debt_asset)
        .u256(funds(opportunity.quote).raw())
        .bytes(venue_call.data);
    auto out = codec::AbiWriter::array(1);
    out.dynamic(call);
    return out;
}

/// The whole balance of the collateral is sold: what is seized may exceed the quote by later interest or a
/// gift.
codec::AbiWriter swaps_of(const Opportunity& opportunity, const SwapRouter& router) {
    auto out = codec::AbiWriter::array(opportunity.route.empty() ? 0 : 1);
    if (opportunity.route.empty()) return out;
    codec::AbiWriter swap;
    swap.u256(U256{static_cast<std::uint64_t>(router.kind)})
        .address(router.address)
        .address(opportunity.quote.collateral_asset)
        .u256(U256::max())
        .bytes(encode_path(opportunity.route));
    out.dynamic(swap);
    return out;
}

}  // namespace

TokenAmount least_profit(const Opportunity& opportunity, const Guard& guard) {
    const TokenAmount floor =
        tokens_of_floor(opportunity.gas_cost + guard.min_profit, guard.debt_price, guard.debt_decimals);
    if (opportunity.builder_share.value != 0) return std::min(opportunity.profit, floor);
    const TokenAmount slip = part(opportunity.swap_out, guard.slippage.value, Rounding::up);
    const TokenAmount close = opportunity.profit - std::min(opportunity.profit, slip);
    return std::min(opportunity.profit, std::max(floor, close));
}

Bytes encode_plan(const Opportunity& opportunity, const Call& venue_call, const SwapRouter& router,
                  const TokenAmount& min_profit, BlockNumber last_block) {
    codec::AbiWriter plan;
    plan.u256(U256{static_cast<std::uint64_t>(opportunity.flash.kind)})
        .address(opportunity.flash.lender)
        .address(opportunity.quote.debt_asset)
        .u256(funds(opportunity.quote).raw())
        .dynamic(calls_of(opportunity, venue_call))
        .dynamic(swaps_of(opportunity, router))
        .address(opportunity.quote.debt_asset)
        .u256(min_profit.raw())
        .u256(U256{last_block.value})
        .u256(U256{opportunity.builder_share.value});
    codec::AbiWriter out{kExecuteSelector};
    out.dynamic(plan);
    return out.take();
}

}  // namespace plimsoll::strategy
