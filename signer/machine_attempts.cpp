// SPDX-License-Identifier: Apache-2.0
// From fields to a signature, durable bytes, a send and its answer.
#include "signer/machine.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace plimsoll::signer {

namespace {

std::string nonce_label(const Slot& slot) {
    return "nonce " + std::to_string(slot.nonce.value);
}

}  // namespace

/// A call for `intent`, or a transfer of nothing to ourselves that ends it or fills a gap.
Attempt Scheduler::Machine::make_attempt(Nonce nonce, const Intent* intent, Purpose purpose,
                                         const fees::FeeQuote& fee) {
    Attempt attempt;
    attempt.row.id = next_attempt_++;
    attempt.row.key = IntentKey{options_.chain, 0, {}};
    attempt.row.purpose = purpose;
    attempt.row.nonce = nonce;
    attempt.row.fee = fee;
    attempt.fields.chain_id = options_.chain;
    attempt.fields.nonce = nonce;
    attempt.fields.max_fee_per_gas = fee.max_fee_per_gas;
    attempt.fields.max_priority_fee_per_gas = fee.max_priority_fee_per_gas;
    attempt.fields.to = options_.sender;
    attempt.fields.gas_limit = options_.cancel_gas;
    if (intent != nullptr) {
        attempt.row.intent_id = intent->id;
        attempt.row.key = intent->key;
        attempt.row.last_block = intent->last_block;
        attempt.row.value_at_stake = intent->value_at_stake;
    }
    if (intent != nullptr && purpose == Purpose::execute) {
        attempt.fields.to = intent->to;
        attempt.fields.value = intent->value;
        attempt.fields.data = intent->calldata;
        attempt.fields.gas_limit = intent->gas_limit;
    }
    // A transfer of nothing is never longer than a call.
    attempt.data_fee = intent == nullptr ? data_fee_ : intent->data_fee;
    attempt.row.ceiling = ceiling_of(attempt.fields) + attempt.data_fee;
    return attempt;
}

void Scheduler::Machine::begin_attempt(Slot& slot, Purpose purpose, const fees::FeeQuote& fee) {
    const Intent* const intent = slot.claims.empty() ? nullptr : &slot.claims.back().intent;
    slot.attempts.push_back(make_attempt(slot.nonce, intent, purpose, fee));
    Attempt& attempt = slot.newest();
    if (slot.first_head.value == 0) slot.first_head = head_->number;
    attempt.row.first_head = slot.first_head;
    by_attempt_[attempt.row.id] = slot.nonce;
    ask_signature(attempt);
}

void Scheduler::Machine::ask_signature(const Attempt& attempt, bool armed) {
    emit(Sign{attempt.row.id, attempt.row.intent_id, attempt.row.purpose, attempt.fields, armed,
              attempt.data_fee});
}

void Scheduler::Machine::handle(const Signed& event) {
    if (Candidate* const one = candidate_of(event.attempt)) return armed_signed(*one, event.transaction);
    Slot* const slot = slot_of(event.attempt);
    Attempt* const attempt = slot == nullptr ? nullptr : slot->find(event.attempt);
    if (attempt == nullptr) return;
    if (attempt->step == Step::durable) return signed_again(*slot, *attempt, event.transaction);
    if (attempt->step != Step::signing) return;
    if (stopping_ || stopped_) {
        return end_unsent(discard_newest(*slot), OutcomeKind::cancelled, "stopped before it was durable");
    }
    if (slot->landed) {
        std::optional<Claim> claim = discard_newest(*slot);
        if (claim) requeue(*std::move(claim));
        return;
    }
    if (event.transaction.fields != attempt->fields) {
        stop_key("the signer returned another transaction than it was asked for, " + nonce_label(*slot));
        return end_unsent(discard_newest(*slot), OutcomeKind::refused,
                          "the signer returned another transaction");
    }
    for (Attempt& earlier : slot->attempts) {
        if (&earlier != attempt && earlier.row.status != AttemptStatus::mined)
            earlier.row.status = AttemptStatus::superseded;
    }
    attempt->row.status = AttemptStatus::signed_;
    attempt->row.raw = event.transaction.raw;
    attempt->row.hash = event.transaction.hash;
    attempt->step = Step::persisting;
    by_hash_[attempt->row.hash] = attempt->row.id;
    if (defects_.send_before_persist) send(*slot, *attempt);
    emit(Persist{attempt->row});
}

/// The bytes of a recovered armed attempt, made once more. Only a signer that is not deterministic gives
/// others, and those must never leave: their hash is not durable.
void Scheduler::Machine::signed_again(Slot& slot, Attempt& attempt, const SignedTransaction& transaction) {
    if (!attempt.bytes_missing || transaction.hash != attempt.row.hash) return;
    attempt.row.raw = transaction.raw;
    attempt.bytes_missing = false;
    if (may_send() && !slot.landed) send(slot, attempt);
}

void Scheduler::Machine::handle(const SignRefused& event) {
    if (Candidate* const one = candidate_of(event.attempt)) return armed_refused(*one, event.refusal);
    Slot* const slot = slot_of(event.attempt);
    if (slot == nullptr || slot->newest().row.id != event.attempt || slot->newest().step != Step::signing)
        return;
    const std::string text = std::string{to_string(event.refusal.reason)} + ": " + event.refusal.text;
    const bool ours = event.refusal.reason != RefusalReason::key_failed;
    if (!ours) signer_failed(text);
    const std::string label = nonce_label(*slot);
    const bool stays = slot->possibly_sent();
    std::optional<Claim> claim = discard_newest(*slot);
    if (claim && !ours) return requeue(*std::move(claim));
    if (stays && !claim && ours && !slot->capped) {
        slot->capped = true;
        notice(Notice::Kind::cap_reached, label + " stays as it is: " + text);
    }
    end_unsent(claim, OutcomeKind::refused, text);
}

/// Takes back an attempt that never left this process. Gives the intent that has no attempt left, if any. If
/// it was the only attempt, the nonce is free again and `slot` is gone.
std::optional<Claim> Scheduler::Machine::discard_newest(Slot& slot) {
    const std::uint64_t intent = slot.newest().row.intent_id;
    if (slot.newest().step == Step::signing) emit(Discarded{slot.newest().row.id});
    by_attempt_.erase(slot.newest().row.id);
    by_hash_.erase(slot.newest().row.hash);
    slot.attempts.pop_back();
    std::optional<Claim> out;
    const bool others = std::any_of(slot.attempts.begin(), slot.attempts.end(),
                                    [intent](const Attempt& one) { return one.row.intent_id == intent; });
    if (Claim* const claim = slot.claim_of(intent); claim != nullptr && !others) {
        out = std::move(*claim);
        slot.claims.erase(slot.claims.begin() + (claim - slot.claims.data()));
    }
    if (slot.attempts.empty()) {
        const Nonce nonce = slot.nonce;
        slots_.erase(nonce);
        ledger_.give_back(nonce);
    }
    return out;
}

void Scheduler::Machine::handle(const Persisted& event) {
    if (Candidate* const one = candidate_of(event.attempt)) {
        one->attempt->step = Step::durable;
        return;
    }
    Slot* const slot = slot_of(event.attempt);
    Attempt* const attempt = slot == nullptr ? nullptr : slot->find(event.attempt);
    if (attempt == nullptr || attempt->step != Step::persisting) return;
    attempt->step = Step::durable;
    if (!may_send() || slot->landed || attempt->handed_out) return;
    const bool unwanted = attempt->row.purpose == Purpose::execute &&
                          (slot->wanted() == nullptr || killed() || slot->past_deadline(head_->number));
    if (unwanted) {
        drop_useless(*slot, *attempt);
    } else {
        send(*slot, *attempt);
    }
}

/// Durable too late: it is never sent. What else the nonce holds must still be consumed.
void Scheduler::Machine::drop_useless(Slot& slot, Attempt& attempt) {
    const Claim* const claim = slot.claim_of(attempt.row.intent_id);
    const bool withdrawn = claim != nullptr && claim->withdrawn;
    const bool late = slot.past_deadline(head_->number);
    const OutcomeKind kind = withdrawn ? claim->end : late ? OutcomeKind::expired : OutcomeKind::cancelled;
    const std::string text = withdrawn ? claim->end_text
                             : late    ? "the deadline passed before it was sent"
                                       : "the kill switch came before it was sent";
    Record stroke;
    stroke.entries.emplace_back(UpdateAttempt{attempt.row.id, AttemptStatus::dropped, {}, {}, {}});
    const Nonce nonce = slot.nonce;
    end_unsent(discard_newest(slot), kind, text, std::move(stroke));
    const auto left = slots_.find(nonce);
    if (left == slots_.end()) return pump();
    if (withdrawn || late) withdraw(left->second, kind, text);
}

void Scheduler::Machine::handle(const PersistFailed& event) {
    // Perhaps the row is on the disk all the same. Only a restart can tell, so the intent stays open.
    stop_key("the journal failed, attempt " + std::to_string(event.attempt) + ": " + event.text);
}

void Scheduler::Machine::send(Slot& slot, Attempt& attempt) {
    if (attempt.sends == 0 && attempt.row.id == slot.newest().row.id) slot.fresh_at = head_->number;
    attempt.sent_at = head_->number;
    attempt.sent_time = now_;
    if (attempt.bytes_missing) {
        ask_signature(attempt);
        return;
    }
    attempt.handed_out = true;
    attempt.answer.reset();
    emit(Send{attempt.row.id, attempt.row.nonce, attempt.row.hash, attempt.row.raw, attempt.sends,
              attempt.row.purpose, attempt.row.last_block, head_->number, slot.first_head});
    ++attempt.sends;
}

/// Forward only, but for a reorganised one that is out again; what is superseded stays so.
void Scheduler::Machine::progress(const Slot& slot, Attempt& attempt, AttemptStatus status) {
    const AttemptStatus now = attempt.row.status;
    const bool newest = attempt.row.id == slot.attempts.back().row.id;
    const bool forward = now < status && now != AttemptStatus::armed;
    const bool again = now == AttemptStatus::reorged && status != AttemptStatus::maybe_sent;
    if (!slot.landed && newest && (forward || again)) record(attempt, status);
}

void Scheduler::Machine::handle(const SendResult& event) {
    Slot* const slot = slot_of(event.attempt);
    Attempt* const attempt = slot == nullptr ? nullptr : slot->find(event.attempt);
    if (attempt == nullptr || !attempt->handed_out) return;
    attempt->answer = event.result;
    switch (event.result) {
        case SendClass::accepted:
            progress(*slot, *attempt, AttemptStatus::sent);
            break;
        case SendClass::already_known:
            progress(*slot, *attempt, AttemptStatus::seen);
            break;
        default:
            if (event.result == SendClass::unknown) progress(*slot, *attempt, AttemptStatus::maybe_sent);
            if (!slot->landed && may_send()) on_refused_bytes(*slot, *attempt, event);
            return;
    }
    unfunded_ = false;
    pump();
}

void Scheduler::Machine::handle(const FeeRuleSeen& event) {
    options_.fees.elasticity = event.elasticity;
    fees_.follow(event.elasticity);
}

void Scheduler::Machine::handle(const PoolSeen& event) {
    const auto known = by_hash_.find(event.transaction_hash);
    Slot* const slot = known == by_hash_.end() ? nullptr : slot_of(known->second);
    if (slot == nullptr) return;
    Attempt& attempt = *slot->find(known->second);
    if (attempt.step == Step::durable) progress(*slot, attempt, AttemptStatus::seen);
}

}  // namespace plimsoll::signer
