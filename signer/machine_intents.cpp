// SPDX-License-Identifier: Apache-2.0
#include "signer/machine.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace plimsoll::signer {

namespace {

/// By value at stake, and the earlier one of equals.
bool less_wanted(const Intent& a, const Intent& b) {
    if (a.value_at_stake != b.value_at_stake) return a.value_at_stake < b.value_at_stake;
    return a.id > b.id;
}

}  // namespace

void Scheduler::Machine::handle(const IntentSubmitted& event) {
    const Intent& intent = event.intent;
    if (stopped_) return decline(intent, DeclineReason::key_stopped);
    if (stopping_) return decline(intent, DeclineReason::stopping);
    if (busy(intent.key)) return decline(intent, DeclineReason::already_pending);
    next_intent_ = std::max(next_intent_, intent.id + 1);
    keys_[intent.key] = intent.id;
    waiting_.push_back(intent);
    pump();
    if (waiting_.size() <= options_.max_waiting) return;
    const auto least = std::min_element(waiting_.begin(), waiting_.end(), less_wanted);
    keys_.erase(least->key);
    decline(*least, DeclineReason::queue_full);
    waiting_.erase(least);
}

void Scheduler::Machine::handle(const CancelRequested& event) {
    const auto by_id = [&event](const Intent& intent) { return intent.id == event.intent_id; };
    const auto queued = std::find_if(waiting_.begin(), waiting_.end(), by_id);
    if (queued != waiting_.end()) {
        const Intent intent = std::move(*queued);
        waiting_.erase(queued);
        keys_.erase(intent.key);
        report_unlanded(intent, OutcomeKind::cancelled, "cancelled before it was signed");
        return;
    }
    for (auto& entry : slots_) {
        Slot& slot = entry.second;
        if (slot.landed || slot.cancelling || !slot.intent || !by_id(*slot.intent)) continue;
        if (may_send()) cancel(slot, OutcomeKind::cancelled, "cancelled on request");
        return;
    }
}

void Scheduler::Machine::handle(const Stop& /*event*/) {
    stopping_ = true;
    for (const Intent& intent : waiting_) {
        keys_.erase(intent.key);
        decline(intent, DeclineReason::stopping);
    }
    waiting_.clear();
}

/// Gives nonces to the most valuable intents while there is room.
void Scheduler::Machine::pump() {
    if (!may_send()) return;
    expire_waiting();
    while (!waiting_.empty() && !unfunded_ && unlanded() < options_.max_in_flight) {
        const auto best = std::max_element(waiting_.begin(), waiting_.end(), less_wanted);
        Intent intent = std::move(*best);
        waiting_.erase(best);
        const auto fee = fees_.price(*head_);
        if (!fee) {
            keys_.erase(intent.key);
            report_unlanded(intent, OutcomeKind::refused, fee.error().context);
            continue;
        }
        const Nonce nonce = ledger_.take();
        Slot& slot = slots_[nonce];
        slot.nonce = nonce;
        slot.intent = std::move(intent);
        slot.considered_at = head_->number;
        slot.considered_time = now_;
        begin_attempt(slot, Purpose::execute, *fee);
    }
}

void Scheduler::Machine::expire_waiting() {
    const auto expired = [this](const Intent& intent) { return intent.last_block <= head_->number; };
    for (const Intent& intent : waiting_) {
        if (!expired(intent)) continue;
        keys_.erase(intent.key);
        report_unlanded(intent, OutcomeKind::expired,
                        "block " + std::to_string(intent.last_block.value) + " passed before it was signed");
    }
    std::erase_if(waiting_, expired);
}

/// Nothing above a gap can land. Called after pump(), so no intent wanted these nonces.
void Scheduler::Machine::fill_gaps() {
    if (!may_send()) return;
    for (const Nonce nonce : ledger_.gaps()) {
        const auto fee = fees_.price(*head_);
        if (!fee) return;  // the base fee is above the cap: a later head will do
        static_cast<void>(ledger_.take());
        Slot& slot = slots_[nonce];
        slot.nonce = nonce;
        slot.cancelling = true;
        slot.considered_at = head_->number;
        slot.considered_time = now_;
        notice(Notice::Kind::cancelling,
               "nonce " + std::to_string(nonce.value) + " would stay behind as a gap");
        begin_attempt(slot, Purpose::cancel, *fee);
    }
}

void Scheduler::Machine::decline(const Intent& intent, DeclineReason reason) {
    emit(Declined{intent.id, intent.key, reason});
}

void Scheduler::Machine::report_unlanded(const Intent& intent, OutcomeKind kind, const std::string& text) {
    Report report;
    report.stage = ReportStage::final;
    report.outcome.key = intent.key;
    report.outcome.intent_id = intent.id;
    report.outcome.kind = kind;
    if (kind != OutcomeKind::refused && head_) {
        report.outcome.block_hash = head_->hash;
        report.outcome.block_number = head_->number;
    }
    report.text = text;
    emit(std::move(report));
}

}  // namespace plimsoll::signer
