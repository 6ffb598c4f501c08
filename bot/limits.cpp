// SPDX-License-Identifier: Apache-2.0
#include "bot/limits.hpp"

#include "bot/token_value.hpp"

#include <string>

namespace plimsoll::bot {

using signer::BreakerState;
using strategy::Reason;

void Limits::recover(const signer::JournalState& state) {
    caught_up_ = !bounded_;
    if (caught_up_) return;
    for (const signer::PastLanding& one : state.landings)
        past_.push_back(Landed{one.intent_id, one.sent, one.ended, one.cost, {{one.token, one.profit}}});
    for (const signer::AttemptRow& row : state.open) {
        if (row.intent_id != 0) under_way_.push_back(row.intent_id);
    }
    refresh();
}

void Limits::tick(Timestamp now) {
    if (!caught_up_ && engine_.state() == strategy::EngineState::ready) catch_up(now);
    if (caught_up_) breaker_.at(now);
    refresh();
}

/// At the prices of now: those of then are nowhere.
signer::PastResult Limits::valued(const Landed& one) const {
    signer::PastResult out{one.intent_id, one.sent, one.ended, {}, {}};
    for (const TokenProfit& gain : one.gains)
        out.gained += token_value(engine_, gain.token, gain.amount, Rounding::down);
    out.lost = token_value(engine_, native_asset_, TokenAmount{one.cost.raw()}, Rounding::up);
    return out;
}

void Limits::catch_up(Timestamp now) {
    std::vector<signer::PastResult> past;
    for (const Landed& one : past_)
        past.push_back(valued(one));
    breaker_.replay(past);
    breaker_.at(now);
    // Whichever of them is the trial of a breaker that was half open: nothing goes beside it.
    for (const std::uint64_t intent : under_way_)
        breaker_.sent(intent);
    caught_up_ = true;
    past_.clear();
    under_way_.clear();
}

void Limits::balance(const Wei& amount) {
    submission_.spends().balance(amount);
    refresh();
}

void Limits::sent(std::uint64_t intent_id) {
    breaker_.sent(intent_id);
    refresh();
}

void Limits::landed(const Landed& one) {
    std::erase(under_way_, one.intent_id);
    if (caught_up_) {
        const signer::PastResult result = valued(one);
        breaker_.landed(result.intent_id, result.gained, result.lost);
    } else {
        past_.push_back(one);
    }
    refresh();
}

void Limits::ended(std::uint64_t intent_id) {
    std::erase(under_way_, intent_id);
    breaker_.ended(intent_id);
    refresh();
}

void Limits::refresh() {
    const std::optional<std::uint32_t> allowed = breaker_.allows();
    const bool exhausted = breaker_.state() == BreakerState::exhausted;
    engine_.hold(Reason::loss_budget, exhausted);
    const bool unknown = !caught_up_ && !past_.empty();
    engine_.hold(Reason::breaker_open, unknown || (allowed == 0U && !exhausted));
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
