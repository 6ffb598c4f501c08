// SPDX-License-Identifier: Apache-2.0
#include "signer/spend.hpp"

#include <algorithm>

namespace plimsoll::signer {

namespace {

/// Amounts near 2^256 are lies; what they add up to is as much as there can be.
Wei capped_sum(const Wei& a, const Wei& b) {
    const U256 room = U256::max() - a.raw();
    return b.raw() > room ? Wei{U256::max()} : a + b;
}

Wei what_is_left(const Wei& limit, const Wei& used) {
    return limit - std::min(limit, used);
}

}  // namespace

std::string_view to_string(SpendWindow window) noexcept {
    switch (window) {
        case SpendWindow::hour:
            return "hour";
        case SpendWindow::day:
            return "day";
        case SpendWindow::balance:
            return "balance";
    }
    return "unknown";
}

Wei SpendLedger::Entry::amount() const {
    if (cost) return *cost;
    Wei highest;
    for (const auto& [attempt, ceiling] : ceilings)
        highest = std::max(highest, ceiling);
    return highest;
}

void SpendLedger::at(Timestamp now) {
    now_ = std::max(now_, now);
    forget_old();
}

void SpendLedger::forget_old() {
    std::erase_if(entries_, [this](const auto& entry) {
        return entry.second.cost && entry.second.at.next(kDay) <= now_;
    });
}

void SpendLedger::restore(const JournalState& state) {
    constexpr AttemptId kEarlierRun = 0;
    ours_ = state.next_attempt;
    for (const Spend& spend : state.spends) {
        Entry& entry = entries_[spend.nonce];
        entry.ceilings[kEarlierRun] = spend.ceiling;
        entry.cost = spend.cost;
        entry.at = spend.at;
    }
    for (const AttemptRow& row : state.open) {
        Entry& entry = entries_[row.nonce];
        entry.ceilings.erase(kEarlierRun);
        entry.ceilings[row.id] = row.ceiling;
        entry.cost.reset();
        nonces_[row.id] = row.nonce;
    }
    // What is final but tells no cost may have taken all it could.
    for (auto& [nonce, entry] : entries_) {
        if (!entry.cost && entry.ceilings.contains(kEarlierRun)) entry.cost = entry.amount();
    }
}

std::optional<Overspend> SpendLedger::refuses(Purpose purpose, Nonce nonce, const Wei& ceiling) const {
    const auto found = entries_.find(nonce);
    const Entry* const own = found == entries_.end() ? nullptr : &found->second;
    // A nonce that costs no more than it may already takes nothing from anybody.
    if (own != nullptr && !own->cost && ceiling <= own->amount()) return std::nullopt;
    const std::optional<Limit> limit = tightest(purpose, own);
    if (!limit || ceiling <= limit->left) return std::nullopt;
    std::string_view what = "the balance above its floor";
    if (limit->window == SpendWindow::hour) what = "the budget of an hour";
    if (limit->window == SpendWindow::day) what = "the budget of a day";
    return Overspend{limit->window, to_decimal(ceiling.raw()) + " wei is more than the " +
                                        to_decimal(limit->left.raw()) + " wei left of " + std::string{what}};
}

void SpendLedger::charge(Nonce nonce, AttemptId attempt, const Wei& ceiling) {
    const auto [entry, is_new] = entries_.try_emplace(nonce);
    if (is_new) entry->second.at = now_;
    entry->second.ceilings[attempt] = ceiling;
    nonces_[attempt] = nonce;
}

std::optional<Overspend> SpendLedger::admit(Purpose purpose, Nonce nonce, AttemptId attempt,
                                            const Wei& ceiling) {
    std::optional<Overspend> refused = refuses(purpose, nonce, ceiling);
    if (!refused) charge(nonce, attempt, ceiling);
    return refused;
}

void SpendLedger::note(const UpdateAttempt& update) {
    const auto known = nonces_.find(update.id);
    if (known == nonces_.end()) return;
    const Nonce nonce = known->second;
    switch (update.status) {
        case AttemptStatus::dropped:
        case AttemptStatus::replaced:  // another landed: ours has told its cost, or there is none
            return let_go(update.id);
        case AttemptStatus::confirmed:
        case AttemptStatus::reverted:
            return settle(nonce, update.cost.value_or(entries_[nonce].amount()));
        default:
            return;
    }
}

void SpendLedger::release(AttemptId attempt) {
    if (attempt >= ours_) let_go(attempt);
}

void SpendLedger::let_go(AttemptId attempt) {
    const auto known = nonces_.find(attempt);
    if (known == nonces_.end()) return;
    const auto entry = entries_.find(known->second);
    nonces_.erase(known);
    if (entry == entries_.end() || entry->second.cost) return;
    entry->second.ceilings.erase(attempt);
    if (entry->second.ceilings.empty()) entries_.erase(entry);
}

void SpendLedger::settle(Nonce nonce, const Wei& cost) {
    const auto entry = entries_.find(nonce);
    if (entry == entries_.end()) return;
    entry->second.cost = cost;
    entry->second.ceilings.clear();
    std::erase_if(nonces_, [nonce](const auto& one) { return one.second == nonce; });
    forget_old();
}

Wei SpendLedger::spent(std::uint64_t seconds) const {
    return spent(seconds, nullptr);
}

Wei SpendLedger::spent(std::uint64_t seconds, const Entry* without) const {
    Wei out;
    for (const auto& [nonce, entry] : entries_) {
        const bool counts = !entry.cost || entry.at.next(seconds) > now_;
        if (counts && &entry != without) out = capped_sum(out, entry.amount());
    }
    return out;
}

Wei SpendLedger::open() const {
    return open(nullptr);
}

Wei SpendLedger::open(const Entry* without) const {
    Wei out;
    for (const auto& [nonce, entry] : entries_) {
        if (!entry.cost && &entry != without) out = capped_sum(out, entry.amount());
    }
    return out;
}

/// The narrowest limit for a nonce whose own entry is `without`.
std::optional<SpendLedger::Limit> SpendLedger::tightest(Purpose purpose, const Entry* without) const {
    std::optional<Limit> out;
    const auto offer = [&out](SpendWindow window, const Wei& left) {
        if (!out || left < out->left) out = Limit{window, left};
    };
    const bool cancels = purpose == Purpose::cancel;
    const Wei kept = cancels ? Wei{} : limits_.cancel_reserve;
    if (limits_.per_hour)
        offer(SpendWindow::hour, what_is_left(*limits_.per_hour, capped_sum(spent(kHour, without), kept)));
    if (limits_.per_day)
        offer(SpendWindow::day, what_is_left(*limits_.per_day, capped_sum(spent(kDay, without), kept)));
    if (balance_ && !cancels)
        offer(SpendWindow::balance, what_is_left(*balance_, capped_sum(open(without), limits_.min_balance)));
    return out;
}

Wei SpendLedger::room() const {
    const std::optional<Limit> limit = tightest(Purpose::execute, nullptr);
    return limit ? limit->left : Wei{U256::max()};
}

std::optional<SpendWindow> SpendLedger::narrowest() const {
    const std::optional<Limit> limit = tightest(Purpose::execute, nullptr);
    if (!limit) return std::nullopt;
    return limit->window;
}

}  // namespace plimsoll::signer
