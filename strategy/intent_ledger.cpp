// SPDX-License-Identifier: Apache-2.0
#include "strategy/intent_ledger.hpp"

#include <algorithm>

namespace plimsoll::strategy {

const IntentLedger::Entry* IntentLedger::find(const IntentKey& key) const {
    const auto found = open_.find(key);
    return found == open_.end() ? nullptr : &found->second;
}

std::optional<IntentLedger::Entry> IntentLedger::close(const Outcome& outcome, BlockNumber applied) {
    note(outcome, applied);
    const auto found = open_.find(outcome.key);
    if (found == open_.end()) return std::nullopt;
    const Entry entry = found->second;
    if (outcome.block_number > applied) {
        landed_.insert_or_assign(outcome.key, outcome.block_number);
    } else {
        open_.erase(found);
    }
    return entry;
}

void IntentLedger::note(const Outcome& outcome, BlockNumber applied) {
    const bool reverted = outcome.kind == OutcomeKind::reverted;
    if (!reverted && outcome.kind != OutcomeKind::refused) {
        failures_.erase(outcome.key);
        return;
    }
    Failure& failure = failures_[outcome.key];
    failure.reason = reverted ? Reason::simulation_reverted : Reason::signer_unavailable;
    failure.count = std::min(failure.count + 1, 8U);
    failure.until = std::max(applied, outcome.block_number).next(1ULL << failure.count);
}

void IntentLedger::applied(BlockNumber number) {
    for (auto entry = landed_.begin(); entry != landed_.end();) {
        if (entry->second > number) {
            ++entry;
            continue;
        }
        open_.erase(entry->first);
        entry = landed_.erase(entry);
    }
}

std::optional<Reason> IntentLedger::held_back(const IntentKey& key, BlockNumber applied) const {
    const auto found = failures_.find(key);
    if (found == failures_.end() || applied >= found->second.until) return std::nullopt;
    return found->second.reason;
}

Gas IntentLedger::open_gas() const {
    Gas out;
    for (const auto& [key, entry] : open_)
        out = out.next(entry.gas_limit.value);
    return out;
}

void IntentLedger::add_to(MovedPools& moved, const PoolTable& pools) const {
    std::vector<const Entry*> in_order;
    for (const auto& [key, entry] : open_)
        in_order.push_back(&entry);
    std::sort(in_order.begin(), in_order.end(),
              [](const Entry* a, const Entry* b) { return a->place < b->place; });
    for (const Entry* const entry : in_order)
        pools.take(entry->path, entry->sold, moved);
}

void IntentLedger::forget_numbers() {
    for (auto& [key, entry] : open_) {
        entry.path = {};
        entry.account.reset();
    }
}

void IntentLedger::orphan(const Hash32& block_hash) {
    for (auto& [key, entry] : open_)
        entry.orphaned = entry.orphaned || (entry.account && entry.decided_on == block_hash);
}

std::vector<IntentLedger::Orphan> IntentLedger::take_orphans() {
    std::vector<Orphan> out;
    for (auto& [key, entry] : open_) {
        if (entry.orphaned && entry.account) out.push_back(Orphan{key, *entry.account});
        entry.orphaned = false;
    }
    return out;
}

}  // namespace plimsoll::strategy
