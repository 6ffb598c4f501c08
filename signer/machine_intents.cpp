// SPDX-License-Identifier: Apache-2.0
#include "signer/machine.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace plimsoll::signer {

void Scheduler::Machine::handle(const IntentSubmitted& event) {
    const Intent& intent = event.intent;
    if (stopped_) return decline(intent, DeclineReason::key_stopped);
    if (stopping_) return decline(intent, DeclineReason::stopping);
    if (busy(intent.key)) return decline(intent, DeclineReason::already_pending);
    next_intent_ = std::max(next_intent_, intent.id + 1);
    data_fee_ = intent.data_fee;
    keys_[intent.key] = intent.id;
    waiting_.push_back(intent);
    pump();
    if (waiting_.size() <= options_.max_waiting) return;
    const auto least = std::max_element(waiting_.begin(), waiting_.end(), goes_before);
    keys_.erase(least->key);
    decline(*least, DeclineReason::queue_full);
    waiting_.erase(least);
}

void Scheduler::Machine::handle(const CancelRequested& event) {
    const auto by_id = [&event](const Intent& intent) { return intent.id == event.intent_id; };
    const auto queued = std::find_if(waiting_.begin(), waiting_.end(), by_id);
    if (queued != waiting_.end()) {
        const Claim claim{std::move(*queued), true, {}, {}, {}};
        waiting_.erase(queued);
        end_unsent(claim, OutcomeKind::cancelled, "cancelled before it was signed");
        return;
    }
    for (auto& entry : slots_) {
        Slot& slot = entry.second;
        const Claim* const claim = slot.wanted();
        if (slot.landed || claim == nullptr || !by_id(claim->intent)) continue;
        if (may_send()) withdraw(slot, OutcomeKind::cancelled, "cancelled on request");
        return;
    }
}

/// The account is another's now: what waits for it ends, what is out for it is not wanted any more.
void Scheduler::Machine::handle(const OutbidSeen& event) {
    const std::string text = "another liquidation of the account came first";
    const auto by_key = [&event](const Intent& intent) { return intent.key == event.key; };
    const auto queued = std::find_if(waiting_.begin(), waiting_.end(), by_key);
    if (queued != waiting_.end()) {
        const Claim claim{std::move(*queued), true, OutcomeKind::outbid, text, event};
        waiting_.erase(queued);
        end_unsent(claim, OutcomeKind::outbid, text);
        return;
    }
    for (auto& entry : slots_) {
        Slot& slot = entry.second;
        Claim* const claim = slot.wanted();
        if (slot.landed || claim == nullptr || !by_key(claim->intent) || !may_send()) continue;
        claim->outbid = event;
        withdraw(slot, OutcomeKind::outbid, text);
        return;
    }
}

void Scheduler::Machine::handle(const Gate& event) {
    if (event.closed) {
        closed_.insert(event.reason);
    } else {
        closed_.erase(event.reason);
    }
    pump();
}

void Scheduler::Machine::handle(const Delegated& event) {
    delegated_ = event.delegated;
    pump();
}

void Scheduler::Machine::handle(const Stop& /*event*/) {
    stopping_ = true;
    for (const Intent& intent : waiting_) {
        keys_.erase(intent.key);
        decline(intent, DeclineReason::stopping);
    }
    waiting_.clear();
}

/// Whether another nonce may be given out.
bool Scheduler::Machine::may_begin() const {
    if (!may_send() || unfunded_ || signer_down_ || !closed_.empty()) return false;
    return unlanded() < limit() && reserved_ && ledger_.peek() <= *reserved_;
}

/// The nonce that peek() told; what was armed for it is void.
Nonce Scheduler::Machine::take_nonce() {
    if (defects_.nonce_from_node) {
        ledger_.occupy(read_->pending);
        return read_->pending;
    }
    if (armed_nonce_ == ledger_.peek()) void_armed();
    return ledger_.take();
}

std::optional<Intent> Scheduler::Machine::take_best() {
    expire_waiting();
    if (waiting_.empty()) return std::nullopt;
    const auto best = std::min_element(waiting_.begin(), waiting_.end(), goes_before);
    Intent out = std::move(*best);
    waiting_.erase(best);
    return out;
}

/// Gives nonces to the most valuable intents while there is room.
void Scheduler::Machine::pump() {
    if (!may_send()) return;
    expire_waiting();
    while (may_begin()) {
        std::optional<Intent> intent = take_best();
        if (!intent) break;
        const auto fee = fees_.price(*head_, bid_of(*intent, head_->number));
        if (!fee) {
            const Claim claim{*std::move(intent), true, {}, {}, {}};
            end_unsent(claim, OutcomeKind::refused, fee.error().context);
            continue;
        }
        const Nonce nonce = take_nonce();
        Slot& slot = slots_[nonce];
        slot.nonce = nonce;
        slot.claims.push_back(Claim{*std::move(intent), false, OutcomeKind::expired, {}, {}});
        slot.considered_at = head_->number;
        slot.considered_time = now_;
        begin_attempt(slot, Purpose::execute, *fee);
    }
    reserve_ahead();
}

void Scheduler::Machine::expire_waiting() {
    const auto expired = [this](const Intent& intent) { return intent.last_block <= head_->number; };
    for (const Intent& intent : waiting_) {
        if (!expired(intent)) continue;
        end_unsent(Claim{intent, true, {}, {}, {}}, OutcomeKind::expired,
                   "block " + std::to_string(intent.last_block.value) + " passed before it was signed");
    }
    std::erase_if(waiting_, expired);
}

/// Nothing above a gap can land. Called after pump(), so no intent wanted these nonces.
void Scheduler::Machine::fill_gaps() {
    if (!may_send()) return;
    for (const Nonce nonce : ledger_.gaps()) {
        const auto fee = fees_.price(*head_);
        if (!fee || signer_down_ || !reserved_ || nonce > *reserved_) return;  // a later head will do
        static_cast<void>(take_nonce());
        Slot& slot = slots_[nonce];
        slot.nonce = nonce;
        slot.considered_at = head_->number;
        slot.considered_time = now_;
        notice(Notice::Kind::cancelling, "nonce " + std::to_string(nonce.value) + ": " + slot.why_consumed());
        begin_attempt(slot, Purpose::cancel, *fee);
    }
}

}  // namespace plimsoll::signer
