// SPDX-License-Identifier: Apache-2.0
// Decisions that a price or a block does not bear out: second price sources, and blocks that were undone.
#include "strategy/engine_core.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {
constexpr Wad kLine{pow10(18)};  // a health factor of one
}  // namespace

void Engine::Core::ask_second_sources(const Head& head, Output& out) {
    if (guard_.empty()) return;
    guard_asked_ = head;
    const ReadId id = next_id_();
    reads_.emplace(id, Read{ReadKind::guard, 0});
    out.reads.push_back(ReadRequest{id, head.hash, guard_.calls()});
}

void Engine::Core::second_sources_answered(const ReadResult& result) {
    if (result.block_hash != guard_asked_.hash) return;  // of an older block
    if (!result.bytes || !guard_.accept(guard_asked_, *result.bytes)) {
        ++counts_.price_read_failures;
        return;
    }
    // What was held back on an older reading is looked at again.
    sweep_due_ = sweep_due_ || guard_stopped_;
    guard_stopped_ = false;
}

/// Every asset of the account counts, not only the pair: any of them may have made it look liquidatable.
bool Engine::Core::prices_agree(const Account& account, const Moment& moment) const {
    if (guard_.empty()) return true;
    const Venue& venue = *venues_[account.venue];
    const PriceVector& at = prices(account.venue, moment);
    std::vector<Quote> pairs;
    venue.quotes(account.id, at, inclusion(moment.head), pairs);
    return std::ranges::all_of(pairs, [&](const Quote& pair) {
        return guard_.allows(pair.collateral_asset, at[pair.collateral], moment.head.timestamp) &&
               guard_.allows(pair.debt_asset, at[pair.debt], moment.head.timestamp);
    });
}

void Engine::Core::withdraw_orphans(Output& out) {
    for (const IntentLedger::Orphan& orphan : ledger_.take_orphans()) {
        const Venue& venue = *venues_[orphan.key.venue];
        if (orphan.account >= venue.account_count()) continue;
        Wad health;
        venue.health({&orphan.account, 1}, venue.prices(), inclusion(newest()), {&health, 1});
        if (health >= kLine) out.withdrawals.push_back(Withdraw{orphan.key});
    }
}

}  // namespace plimsoll::strategy
