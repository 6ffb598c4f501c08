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

void SpendLedger::restore(Nonce nonce, const Wei& ceiling, const std::optional<Wei>& cost, Timestamp at) {
    constexpr AttemptId kEarlierRun = 0;
    Entry& entry = entries_[nonce];
    entry.ceilings[kEarlierRun] = ceiling;
    entry.cost = cost;
    entry.at = at;
}

std::optional<Overspend> SpendLedger::refuses(Purpose purpose, Nonce nonce, const Wei& ceiling) const {
    const auto found = entries_.find(nonce);
    const Entry* const own = found == entries_.end() ? nullptr : &found->second;
    // A nonce that costs no more than it may already takes nothing from anybody.
    if (own != nullptr && !own->cost && ceiling <= own->amount()) return std::nullopt;
    const std::optional<Limit> limit = tightest(purpose, own);
    if (!limit || ceiling <= limit->left) return std::nullopt;
    const std::string what = limit->window == SpendWindow::balance
                                 ? "the balance above its floor"
                                 : "the budget of a " + std::string{to_string(limit->window)};
    return Overspend{limit->window, to_decimal(ceiling.raw()) + " wei is more than the " +
                                        to_decimal(limit->left.raw()) + " wei left of " + what};
}

void SpendLedger::charge(Nonce nonce, AttemptId attempt, const Wei& ceiling) {
    const auto [entry, is_new] = entries_.try_emplace(nonce);
    if (is_new) entry->second.at = now_;
    entry->second.ceilings[attempt] = ceiling;
}

void SpendLedger::release(Nonce nonce, AttemptId attempt) {
    const auto entry = entries_.find(nonce);
    if (entry == entries_.end() || entry->second.cost) return;
    entry->second.ceilings.erase(attempt);
    if (entry->second.ceilings.empty()) entries_.erase(entry);
}

void SpendLedger::settle(Nonce nonce, const std::optional<Wei>& cost) {
    const auto entry = entries_.find(nonce);
    if (entry == entries_.end()) return;
    entry->second.cost = cost.value_or(Wei{});
    entry->second.ceilings.clear();
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
