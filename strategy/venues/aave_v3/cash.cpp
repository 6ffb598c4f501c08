// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/cash.hpp"

#include "chain/codec/selector.hpp"
#include "strategy/venues/aave_v3/answers.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::strategy::aave_v3 {

void Cash::reset(std::vector<U256> amounts) {
    amounts_ = std::move(amounts);
    journal_.clear();
}

void Cash::set(ReserveId reserve, const U256& amount) {
    journal_.record(Old{reserve, amounts_[reserve]});
    amounts_[reserve] = amount;
}

void Cash::add(ReserveId reserve, const U256& amount) {
    set(reserve, amounts_[reserve] + amount);
}

void Cash::take(ReserveId reserve, const U256& amount) {
    set(reserve, amounts_[reserve] - std::min(amounts_[reserve], amount));
}

void Cash::read(ReserveId reserve, const U256& amount) {
    if (amounts_[reserve] == amount) return;
    ++corrected_;
    set(reserve, amount);
}

Undo Cash::undo(const Hash32& block) {
    return journal_.undo(block, [this](const Old& old) { amounts_[old.reserve] = old.amount; });
}

void Cash::save(SnapshotWriter& out) const {
    out.length(amounts_.size());
    for (const U256& amount : amounts_)
        out.u256(amount);
}

void Cash::load(SnapshotReader& in, std::size_t reserves) {
    std::vector<U256> amounts(in.length(reserves, sizeof(U256)));
    if (amounts.size() != reserves) in.reject("cash of another number of reserves");
    for (U256& amount : amounts)
        amount = in.u256();
    sample_ = 0;
    reset(std::move(amounts));
}

ReserveId Cash::next_sample() noexcept {
    sample_ = (sample_ + 1) % amounts_.size();
    return static_cast<ReserveId>(sample_);
}

Call cash_call(const Market& market, const ReserveFacts& reserve) {
    if (market.rules->virtual_balance) {
        return call_about(market.pool, codec::selector("getVirtualUnderlyingBalance(address)"),
                          reserve.underlying);
    }
    return call_about(reserve.underlying, codec::selector("balanceOf(address)"), reserve.a_token);
}

}  // namespace plimsoll::strategy::aave_v3
