// SPDX-License-Identifier: Apache-2.0
#include "signer/machine.hpp"

#include <string>
#include <utility>

namespace plimsoll::signer {

namespace {

std::string label(const Slot& slot) {
    return "nonce " + std::to_string(slot.nonce.value);
}

}  // namespace

void Scheduler::Machine::begin_attempt(Slot& slot, Purpose purpose, const fees::FeeQuote& fee) {
    Attempt attempt;
    attempt.row.id = next_attempt_++;
    attempt.row.key = IntentKey{options_.chain, 0, {}};
    attempt.row.purpose = purpose;
    attempt.row.nonce = slot.nonce;
    attempt.row.fee = fee;
    attempt.fields.chain_id = options_.chain;
    attempt.fields.nonce = slot.nonce;
    attempt.fields.max_fee_per_gas = fee.max_fee_per_gas;
    attempt.fields.max_priority_fee_per_gas = fee.max_priority_fee_per_gas;
    attempt.fields.to = options_.sender;
    attempt.fields.gas_limit = options_.cancel_gas;
    if (slot.intent) {
        attempt.row.intent_id = slot.intent->id;
        attempt.row.key = slot.intent->key;
        attempt.row.last_block = slot.intent->last_block;
        attempt.row.value_at_stake = slot.intent->value_at_stake;
    }
    if (slot.intent && purpose == Purpose::execute) {
        attempt.fields.to = slot.intent->to;
        attempt.fields.value = slot.intent->value;
        attempt.fields.data = slot.intent->calldata;
        attempt.fields.gas_limit = slot.intent->gas_limit;
    }
    attempt.row.ceiling = ceiling_of(attempt.fields);
    by_attempt_[attempt.row.id] = slot.nonce;
    emit(Sign{attempt.row.id, attempt.row.intent_id, purpose, attempt.fields});
    slot.attempts.push_back(std::move(attempt));
}

void Scheduler::Machine::handle(const Signed& event) {
    Slot* const slot = slot_of(event.attempt);
    if (slot == nullptr || slot->newest().row.id != event.attempt || slot->newest().step != Step::signing)
        return;
    if (stopping_ || stopped_) {
        discard_newest(*slot, OutcomeKind::cancelled, "stopped before it was durable");
        return;
    }
    if (slot->landed) {
        discard_newest(*slot, OutcomeKind::cancelled, "an earlier attempt landed");
        return;
    }
    Attempt& attempt = slot->newest();
    if (event.transaction.fields != attempt.fields) {
        stop_key("the signer returned another transaction than it was asked for, " + label(*slot));
        discard_newest(*slot, OutcomeKind::refused, "the signer returned another transaction");
        return;
    }
    attempt.row.raw = event.transaction.raw;
    attempt.row.hash = event.transaction.hash;
    attempt.step = Step::persisting;
    by_hash_[attempt.row.hash] = attempt.row.id;
    emit(Persist{attempt.row});
}

void Scheduler::Machine::handle(const SignRefused& event) {
    Slot* const slot = slot_of(event.attempt);
    if (slot == nullptr || slot->newest().row.id != event.attempt || slot->newest().step != Step::signing)
        return;
    const std::string text = std::string{to_string(event.refusal.reason)} + ": " + event.refusal.text;
    if (slot->possibly_sent() && !slot->capped) {
        slot->capped = true;
        notice(Notice::Kind::cap_reached, label(*slot) + " stays as it is: " + text);
    }
    discard_newest(*slot, OutcomeKind::refused, text);
}

/// Takes back an attempt that never left this process. If it was the only one, the nonce is free again.
void Scheduler::Machine::discard_newest(Slot& slot, OutcomeKind kind, const std::string& text) {
    by_attempt_.erase(slot.newest().row.id);
    by_hash_.erase(slot.newest().row.hash);
    slot.attempts.pop_back();
    if (!slot.attempts.empty()) return;
    const std::optional<Intent> intent = std::move(slot.intent);
    const Nonce nonce = slot.nonce;
    slots_.erase(nonce);
    ledger_.give_back(nonce);
    if (!intent) return;
    keys_.erase(intent->key);
    report_unlanded(*intent, kind, text);
}

void Scheduler::Machine::handle(const Persisted& event) {
    Slot* const slot = slot_of(event.attempt);
    Attempt* const attempt = slot == nullptr ? nullptr : slot->find(event.attempt);
    if (attempt == nullptr || attempt->step != Step::persisting) return;
    attempt->step = Step::durable;
    if (!may_send() || slot->landed) return;
    const bool useless =
        attempt->row.purpose == Purpose::execute && (slot->cancelling || slot->past_deadline(head_->number));
    if (!useless) {
        send(*slot, *attempt);
        return;
    }
    const OutcomeKind kind = slot->cancelling ? slot->end : OutcomeKind::expired;
    const std::string text = slot->cancelling ? slot->end_text : "the deadline passed before it was sent";
    record(*attempt, AttemptStatus::dropped);
    if (slot->possibly_sent()) {
        discard_newest(*slot, kind, text);
        cancel(*slot, kind, text);
        return;
    }
    discard_newest(*slot, kind, text);
    pump();
}

void Scheduler::Machine::handle(const PersistFailed& event) {
    // Perhaps the row is on the disk all the same. Only a restart can tell, so the intent stays open.
    stop_key("the journal failed, attempt " + std::to_string(event.attempt) + ": " + event.text);
}

void Scheduler::Machine::send(Slot& slot, Attempt& attempt) {
    if (attempt.sends == 0 && attempt.row.id == slot.newest().row.id) slot.fresh_at = head_->number;
    attempt.handed_out = true;
    attempt.answer.reset();
    attempt.sent_at = head_->number;
    attempt.sent_time = now_;
    emit(Send{attempt.row.id, attempt.row.nonce, attempt.row.hash, attempt.row.raw, attempt.sends});
    ++attempt.sends;
}

void Scheduler::Machine::handle(const SendResult& event) {
    Slot* const slot = slot_of(event.attempt);
    Attempt* const attempt = slot == nullptr ? nullptr : slot->find(event.attempt);
    if (attempt == nullptr || !attempt->handed_out) return;
    attempt->answer = event.result;
    const bool taken = event.result == SendClass::accepted || event.result == SendClass::already_known;
    if (taken && attempt->row.status == AttemptStatus::signed_ && attempt->row.id == slot->newest().row.id) {
        attempt->row.status = AttemptStatus::sent;
        record(*attempt, AttemptStatus::sent);
    }
    if (taken) {
        unfunded_ = false;
        pump();
        return;
    }
    if (slot->landed || !may_send()) return;
    on_refused_bytes(*slot, *attempt, event);
}

void Scheduler::Machine::on_refused_bytes(Slot& slot, Attempt& attempt, const SendResult& event) {
    const bool newest = attempt.row.id == slot.newest().row.id;
    switch (event.result) {
        case SendClass::accepted:
        case SendClass::already_known:
        case SendClass::unknown:         // maybe sent: the same bytes again, in time
        case SendClass::nonce_too_high:  // the lower nonce is under way
            return;
        case SendClass::nonce_too_low:
            // Ours or foreign, the receipts tell. Never a reason for another nonce.
            ask(slot);
            emit<Query>(NonceQuery{});
            return;
        case SendClass::replacement_underpriced:
            slot.bump_wanted = slot.bump_wanted || newest;
            return;
        case SendClass::underpriced:
            if (!newest) return;
            if (!slot.repriced && replace(slot, attempt.row.purpose)) {
                slot.repriced = true;
            } else {
                slot.bump_wanted = true;
            }
            return;
        case SendClass::unfunded:
            if (!unfunded_) notice(Notice::Kind::unfunded, label(slot) + ": " + event.text);
            unfunded_ = true;
            return;
        case SendClass::invalid:
            notice(Notice::Kind::send_rejected, label(slot) + ": " + event.text);
            if (attempt.row.purpose == Purpose::cancel) {
                stop_key("a plain transfer to ourselves is refused, " + label(slot) + ": " + event.text);
            } else if (!slot.cancelling) {
                cancel(slot, OutcomeKind::cancelled, "refused by the node: " + event.text);
            }
            return;
    }
}

/// A new attempt at the same nonce, both fee fields raised. False if the cap forbids it or one is being made
/// already.
bool Scheduler::Machine::replace(Slot& slot, Purpose purpose) {
    if (slot.newest().step != Step::durable) return false;
    if (slot.capped && purpose == Purpose::execute) return false;
    const auto fee = fees_.replace(slot.newest().row.fee, *head_);
    if (!fee) {
        if (!slot.capped) notice(Notice::Kind::cap_reached, label(slot) + ": " + fee.error().context);
        slot.capped = true;
        return false;
    }
    slot.bump_wanted = false;
    if (purpose == slot.newest().row.purpose) {
        notice(Notice::Kind::replaced, label(slot) + " now offers " + to_decimal(fee->max_fee_per_gas.raw()) +
                                           " wei per gas, tip " +
                                           to_decimal(fee->max_priority_fee_per_gas.raw()));
    } else {
        notice(Notice::Kind::cancelling, label(slot) + ": " + slot.end_text);
    }
    begin_attempt(slot, purpose, *fee);
    return true;
}

/// Consumes the nonce by a transfer to ourselves. What cannot start now (a signature or commit under way, the
/// cap) starts when that ends or at the next head.
void Scheduler::Machine::cancel(Slot& slot, OutcomeKind kind, const std::string& text) {
    slot.cancelling = true;
    slot.end = kind;
    slot.end_text = text;
    static_cast<void>(replace(slot, Purpose::cancel));
}

}  // namespace plimsoll::signer
