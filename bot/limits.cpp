// SPDX-License-Identifier: Apache-2.0
#include "bot/limits.hpp"

#include <string>

namespace plimsoll::bot {

using signer::BreakerState;
using strategy::Reason;

void Limits::tick(Timestamp now) {
    breaker_.at(now);
    refresh();
}

void Limits::balance(const Wei& amount) {
    submission_.spends().balance(amount);
    refresh();
}

void Limits::sent(std::uint64_t intent_id) {
    breaker_.sent(intent_id);
    refresh();
}

void Limits::landed(std::uint64_t intent_id, const Usd& gained, const Usd& lost) {
    breaker_.landed(intent_id, gained, lost);
    refresh();
}

void Limits::ended(std::uint64_t intent_id) {
    breaker_.ended(intent_id);
    refresh();
}

void Limits::refresh() {
    const std::optional<std::uint32_t> allowed = breaker_.allows();
    const bool exhausted = breaker_.state() == BreakerState::exhausted;
    engine_.hold(Reason::loss_budget, exhausted);
    engine_.hold(Reason::breaker_open, allowed == 0U && !exhausted);
    const signer::SpendLedger& spends = submission_.spends();
    strategy::Room room;
    if (allowed) room.intents = *allowed;
    room.crowded = exhausted ? Reason::loss_budget : Reason::breaker_open;
    room.cost = spends.room();
    const bool by_balance = spends.narrowest() == signer::SpendWindow::balance;
    room.poor = by_balance ? Reason::gas_balance_low : Reason::spend_budget;
    engine_.limit(room);
    const bool empty = room.cost.is_zero();
    gate(signer::GateReason::balance_low, empty && by_balance);
    gate(signer::GateReason::spend_budget, empty && !by_balance);
    // A trial must get through; nothing but it is decided while it is under way.
    gate(signer::GateReason::loss_breaker, exhausted || breaker_.state() == BreakerState::open);
    tell_breaker();
    tell_room();
}

/// What was decided before waits too.
void Limits::gate(signer::GateReason reason, bool closed) {
    const bool changes = closed ? closed_.insert(reason).second : closed_.erase(reason) != 0;
    if (changes) submission_.on(signer::Gate{reason, closed});
}

void Limits::tell_breaker() {
    const BreakerState now = breaker_.state();
    if (now == told_) return;
    const bool good = now == BreakerState::closed;
    told_ = now;
    const LogLevel level = good ? LogLevel::info : LogLevel::warn;
    const Field fields[] = {{"state", signer::to_string(now)},
                            {"lost_hour_usd", breaker_.lost(signer::SpendLedger::kHour)},
                            {"lost_day_usd", breaker_.lost(signer::SpendLedger::kDay)}};
    log_.write(level, "limit", good ? "the loss breaker closed" : "the loss breaker holds back", fields);
}

void Limits::tell_room() {
    const signer::SpendLedger& spends = submission_.spends();
    const bool empty = spends.room().is_zero();
    if (empty == empty_) return;
    empty_ = empty;
    const std::optional<signer::SpendWindow> window = spends.narrowest();
    const std::string_view what = window ? signer::to_string(*window) : "none";
    const LogLevel level = empty ? LogLevel::warn : LogLevel::info;
    const Field fields[] = {{"limit", what}, {"under_way_wei", spends.open().raw()}};
    log_.write(level, "limit", empty ? "nothing more may be spent now" : "there is something to spend again",
               fields);
}

}  // namespace plimsoll::bot
