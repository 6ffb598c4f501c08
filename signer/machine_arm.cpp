// SPDX-License-Identifier: Apache-2.0
// The armed set: every candidate's transaction for the next nonce, signed and durable before it is wanted.
#include "chain/fees/base_fee.hpp"
#include "signer/machine.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace plimsoll::signer {

ArmedSlot Scheduler::Machine::arm(Intent intent, Actions& actions) {
    out_ = &actions;
    auto place = std::find_if(candidates_.begin(), candidates_.end(), [&intent](const Candidate& one) {
        return one.intent && one.intent->key == intent.key;
    });
    if (place == candidates_.end())
        place = std::find_if(candidates_.begin(), candidates_.end(),
                             [](const Candidate& one) { return !one.intent; });
    if (place == candidates_.end()) place = candidates_.emplace(candidates_.end());
    Record dropped;
    drop_armed(*place, dropped);
    if (!dropped.entries.empty()) emit(std::move(dropped));
    next_intent_ = std::max(next_intent_, intent.id + 1);
    data_fee_ = intent.data_fee;
    place->intent = std::move(intent);
    place->refused_at = {};
    ++place->epoch;
    const ArmedSlot out{static_cast<std::uint32_t>(place - candidates_.begin()), place->epoch};
    refresh_armed();
    out_ = nullptr;
    return out;
}

bool Scheduler::Machine::fire(ArmedSlot slot, Actions& actions) {
    Candidate* const one = candidate(slot);
    if (one == nullptr) return false;
    out_ = &actions;
    if (ready(slot)) {
        launch(*one);
    } else {
        Record dropped;
        drop_armed(*one, dropped);
        if (!dropped.entries.empty()) emit(std::move(dropped));
        const IntentSubmitted late{*std::exchange(one->intent, std::nullopt)};
        handle(late);
    }
    refresh_armed();
    announce_wait();
    out_ = nullptr;
    return true;
}

void Scheduler::Machine::disarm(ArmedSlot slot, Actions& actions) {
    Candidate* const one = candidate(slot);
    if (one == nullptr) return;
    out_ = &actions;
    Record dropped;
    drop_armed(*one, dropped);
    if (!dropped.entries.empty()) emit(std::move(dropped));
    one->intent.reset();
    out_ = nullptr;
}

bool Scheduler::Machine::ready(ArmedSlot slot) const noexcept {
    if (slot.slot >= candidates_.size()) return false;
    const Candidate& one = candidates_[slot.slot];
    const bool current = one.intent && one.epoch == slot.epoch && one.attempt;
    const bool durable = current && (one.attempt->step == Step::durable ||
                                     (defects_.fire_before_persist && one.attempt->step == Step::persisting));
    return durable && may_arm() && armed_nonce_ == ledger_.peek() && !useless(one);
}

std::optional<ArmedBytes> Scheduler::Machine::armed_bytes(ArmedSlot slot) const noexcept {
    if (!ready(slot)) return std::nullopt;
    const Candidate& one = candidates_[slot.slot];
    return ArmedBytes{one.attempt->row.id, one.bytes};
}

/// Bytes first; that they are out, and that the rest of the set is void, is written down afterwards. A new
/// process that does not find it written takes the whole set for sent.
void Scheduler::Machine::launch(Candidate& one) {
    const Nonce nonce = ledger_.take();
    Slot& slot = slots_[nonce];
    slot.nonce = nonce;
    slot.claims.push_back(
        Claim{*std::exchange(one.intent, std::nullopt), false, OutcomeKind::expired, {}, {}});
    slot.considered_at = head_->number;
    slot.considered_time = now_;
    slot.attempts.push_back(*std::exchange(one.attempt, std::nullopt));
    Attempt& attempt = slot.newest();
    slot.first_head = head_->number;
    attempt.row.first_head = slot.first_head;
    attempt.row.raw = std::exchange(one.bytes, {});
    keys_[slot.claims.back().intent.key] = slot.claims.back().intent.id;
    by_attempt_[attempt.row.id] = nonce;
    by_hash_[attempt.row.hash] = attempt.row.id;
    send(slot, attempt);
    attempt.row.status = AttemptStatus::maybe_sent;
    Record fired;
    fired.entries.emplace_back(
        UpdateAttempt{attempt.row.id, AttemptStatus::maybe_sent, {}, {}, {}, slot.first_head});
    for (Candidate& rest : candidates_)
        drop_armed(rest, fired);
    armed_nonce_.reset();
    emit(std::move(fired));
}

Scheduler::Machine::Candidate* Scheduler::Machine::candidate(ArmedSlot slot) noexcept {
    if (slot.slot >= candidates_.size()) return nullptr;
    Candidate& one = candidates_[slot.slot];
    return one.intent && one.epoch == slot.epoch ? &one : nullptr;
}

Scheduler::Machine::Candidate* Scheduler::Machine::candidate_of(AttemptId attempt) noexcept {
    const auto found = std::find_if(candidates_.begin(), candidates_.end(), [attempt](const Candidate& one) {
        return one.attempt && one.attempt->row.id == attempt;
    });
    return found == candidates_.end() ? nullptr : &*found;
}

/// Whether something fired now could go out at once.
bool Scheduler::Machine::may_arm() const {
    return may_begin() && waiting_.empty();
}

/// Whether this intent cannot be sent as it stands: its key is busy, its deadline passed, or its price does
/// not reach the next base fee any more.
bool Scheduler::Machine::useless(const Candidate& one) const {
    if (busy(one.intent->key) || one.intent->last_block <= head_->number) return true;
    if (!one.attempt) return false;
    const fees::FeeQuote& fee = one.attempt->row.fee;
    const Wei wanted = fees::next_base_fee(*head_, options_.fees.elasticity) + fee.max_priority_fee_per_gas;
    return wanted > fee.max_fee_per_gas;
}

/// Brings the set to the next nonce and today's price, after every event.
void Scheduler::Machine::refresh_armed() {
    const bool any = std::any_of(candidates_.begin(), candidates_.end(),
                                 [](const Candidate& one) { return one.intent.has_value(); });
    if (!any) return;
    const bool open = may_arm();
    if (!open || armed_nonce_ != ledger_.peek()) void_armed();
    if (!open) return;
    armed_nonce_ = ledger_.peek();
    for (Candidate& one : candidates_) {
        if (!one.intent) continue;
        const bool bad = useless(one);
        if (one.attempt && bad) {
            Record dropped;
            drop_armed(one, dropped);
            if (!dropped.entries.empty()) emit(std::move(dropped));
        }
        if (!one.attempt && !useless(one)) prepare(one);
    }
}

void Scheduler::Machine::prepare(Candidate& one) {
    if (one.refused_at == head_->number) return;
    const auto fee = fees_.price(*head_, bid_of(*one.intent, head_->number));
    // What was armed may have to be cancelled by a process that cannot tell whether it was sent.
    if (!fee || !fees_.replace(*fee, *head_)) return;
    one.attempt = make_attempt(*armed_nonce_, &*one.intent, Purpose::execute, *fee);
    ask_signature(*one.attempt, true);
}

void Scheduler::Machine::armed_signed(Candidate& one, const SignedTransaction& transaction) {
    Attempt& attempt = *one.attempt;
    if (attempt.step != Step::signing) return;
    if (transaction.fields != attempt.fields) {
        emit(Discarded{attempt.row.id});
        one.attempt.reset();
        stop_key("the signer returned another transaction than it was asked for, armed");
        return;
    }
    attempt.row.status = AttemptStatus::armed;
    attempt.row.hash = transaction.hash;
    attempt.row.raw = unsigned_bytes(attempt.fields);
    attempt.step = Step::persisting;
    one.bytes = transaction.raw;
    emit(Persist{attempt.row});
}

void Scheduler::Machine::armed_refused(Candidate& one, const Refusal& refusal) {
    if (one.attempt->step != Step::signing) return;
    one.attempt.reset();
    one.refused_at = head_->number;
    if (refusal.reason == RefusalReason::key_failed) signer_failed(refusal.text);
}

void Scheduler::Machine::void_armed() {
    Record dropped;
    for (Candidate& one : candidates_)
        drop_armed(one, dropped);
    armed_nonce_.reset();
    if (!dropped.entries.empty()) emit(std::move(dropped));
}

/// Takes one back that was never fired. After a failure of the journal there is nothing to write to.
void Scheduler::Machine::drop_armed(Candidate& one, Record& out) {
    if (one.attempt && one.attempt->step == Step::signing) {
        emit(Discarded{one.attempt->row.id});
    } else if (one.attempt && !stopped_) {
        out.entries.emplace_back(UpdateAttempt{one.attempt->row.id, AttemptStatus::dropped, {}, {}, {}});
    }
    one.attempt.reset();
    one.bytes.clear();
}

}  // namespace plimsoll::signer
