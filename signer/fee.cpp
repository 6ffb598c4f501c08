// SPDX-License-Identifier: Apache-2.0
#include "signer/fee.hpp"

#include <algorithm>
#include <limits>

namespace plimsoll::signer {

Bid bid_of(const Intent& intent, BlockNumber head) {
    const std::uint64_t left = intent.last_block.value - std::min(intent.last_block.value, head.value);
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
    // In its last moment too it is for the next block.
    return Bid{intent.worth, intent.gas_limit,
               static_cast<std::uint32_t>(std::clamp<std::uint64_t>(left, 1, kMost)), intent.data_fee};
}

bool goes_before(const Intent& a, const Intent& b) {
    // Cross-multiplied; 64 bits of gas leave room for any worth there is.
    constexpr unsigned kWidest = 192;
    const bool comparable = a.worth.raw().bit_width() <= kWidest && b.worth.raw().bit_width() <= kWidest;
    const U256 left = comparable ? a.worth.raw() * U256{b.gas_limit.value} : a.worth.raw();
    const U256 right = comparable ? b.worth.raw() * U256{a.gas_limit.value} : b.worth.raw();
    if (left != right) return left > right;
    if (a.value_at_stake != b.value_at_stake) return a.value_at_stake > b.value_at_stake;
    return a.id < b.id;
}

Wei FeePolicy::cap_of(const Bid& bid) const {
    if (bid.gas.value == 0) return limits_.max_fee_per_gas;
    const Wei for_gas = limits_.max_spend - std::min(limits_.max_spend, bid.data_fee);
    return std::min(limits_.max_fee_per_gas, Wei{for_gas.raw() / U256{bid.gas.value}});
}

Result<fees::FeeQuote> FeePolicy::price(const Head& head, const Bid& bid) const {
    const Wei cap = cap_of(bid);
    const fees::TipTerms terms{limits_.ordering, limits_.tip, limits_.bid_share};
    try {
        const Wei base = fees::next_base_fee(head, limits_.elasticity);
        const Wei room = cap - std::min(cap, base);
        const Wei wanted = fees::tip(terms, recent_tip_, bid.worth, bid.gas);
        const Wei tip = std::max(std::min(wanted, room), limits_.tip);
        return fees::quote_fee(head, tip, cap, limits_.elasticity, bid.blocks);
    } catch (const ArithmeticError& error) {
        return fail(Errc::limit_exceeded, std::string{"the fee is beyond all amounts: "} + error.what());
    }
}

/// All or nothing: less than what a node needs is as good as the least step.
void FeePolicy::meet(const NeededFee& needed, const Bid& bid, fees::FeeQuote& raised) const {
    const bool known = bid.worth && !bid.worth->is_zero() && bid.gas.value != 0;
    if (known && needed.tip.raw() > bid.worth->raw() / U256{bid.gas.value}) return;
    const Wei cap = cap_of(bid);
    const Wei tip = std::max(raised.max_priority_fee_per_gas, needed.tip);
    const Wei base = std::max(raised.base_fee, needed.base_fee);
    if (base > cap || tip > cap - base || needed.fee_cap > cap) return;
    raised.max_priority_fee_per_gas = tip;
    raised.max_fee_per_gas = std::max({raised.max_fee_per_gas, needed.fee_cap, base + tip});
}

Result<fees::FeeQuote> FeePolicy::replace(const fees::FeeQuote& last, const Head& head, const Bid& bid,
                                          const NeededFee& needed) const {
    PLIMSOLL_TRY(fees::FeeQuote raised, fees::bump_fee(last, cap_of(bid)));
    // Today's price may be above the cap; then the least step that nodes take must do.
    if (const auto today = price(head, bid)) {
        raised.base_fee = today->base_fee;
        raised.max_fee_per_gas = std::max(raised.max_fee_per_gas, today->max_fee_per_gas);
        raised.max_priority_fee_per_gas =
            std::max(raised.max_priority_fee_per_gas, today->max_priority_fee_per_gas);
    }
    if (needed != NeededFee{}) meet(needed, bid, raised);
    return raised;
}

}  // namespace plimsoll::signer
