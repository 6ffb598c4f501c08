// SPDX-License-Identifier: Apache-2.0
#include "signer/machine.hpp"

#include <algorithm>
#include <string>

namespace plimsoll::signer {

namespace {

std::string text_of(Nonce nonce) {
    return std::to_string(nonce.value);
}

Intent intent_of(const AttemptRow& row, const Transaction& fields) {
    return Intent{row.intent_id,
                  row.key,
                  fields.to.value_or(Address{}),
                  fields.value,
                  fields.data,
                  fields.gas_limit,
                  row.last_block,
                  row.value_at_stake,
                  Wei{}};
}

}  // namespace

void Scheduler::Machine::handle(const Recovered& event) {
    if (journal_) return;
    journal_ = event.state;
    next_attempt_ = event.state.next_attempt;
    next_intent_ = event.state.next_intent;
    reason_ = "waiting for the chain's nonces and a head";
    for (const AttemptRow& row : event.state.open) {
        if (!stopped_) restore(row);
    }
    if (!stopped_) emit<Query>(NonceQuery{});
}

/// Puts a row of an earlier run back under way. Whether it was sent is not known, so it counts as sent.
void Scheduler::Machine::restore(const AttemptRow& row) {
    const auto decoded = decode_transaction(row.raw);
    if (!decoded || decoded->hash != row.hash || decoded->fields.nonce != row.nonce) {
        stop_key("attempt " + std::to_string(row.id) + " in the journal does not hold its own transaction");
        return;
    }
    Slot& slot = slots_[row.nonce];
    slot.nonce = row.nonce;
    Attempt attempt;
    attempt.row = row;
    attempt.fields = decoded->fields;
    attempt.step = Step::durable;
    attempt.handed_out = true;
    slot.cancelling = row.purpose == Purpose::cancel;
    if (row.intent_id != 0 && (!slot.intent || row.purpose == Purpose::execute)) {
        slot.intent = intent_of(row, decoded->fields);
        keys_[row.key] = row.intent_id;
    }
    by_attempt_[row.id] = row.nonce;
    by_hash_[row.hash] = row.id;
    slot.attempts.push_back(std::move(attempt));
}

void Scheduler::Machine::handle(const NonceRead& event) {
    read_ = event;
    ++readings_;
    if (!started_) {
        try_begin();
        return;
    }
    if (event.latest > ledger_.next()) {
        stop_key("the chain's nonce is " + text_of(event.latest) + ", ours only " + text_of(ledger_.next()) +
                 ": something else uses this key");
    }
}

/// The journal is the truth about what we sent; the chain may only confirm it.
bool Scheduler::Machine::nonces_agree(const NonceRead& read) {
    const auto& highest = journal_->highest_nonce;
    const auto& landed = journal_->highest_landed;
    if (highest && read.latest > highest->next()) {
        stop_key("the chain's nonce is " + text_of(read.latest) + ", the journal ends with " +
                 text_of(*highest) + ": something else used this key, or the journal is an old copy");
        return false;
    }
    Notice::Kind kind{};
    if (landed && read.latest <= *landed) {
        kind = Notice::Kind::journal_ahead;
        reason_ = "the journal holds final transactions up to nonce " + text_of(*landed) +
                  ", the chain's nonce is " + text_of(read.latest) +
                  ": the node lags, or the journal is of another chain";
    } else if (read.pending > std::max(read.latest, highest ? highest->next() : Nonce{})) {
        kind = Notice::Kind::pending_elsewhere;
        reason_ = "the node holds pending transactions of this key up to nonce " + text_of(read.pending) +
                  " that the journal does not know";
    } else {
        return true;
    }
    if (!warned_) notice(kind, reason_);
    warned_ = true;
    return false;
}

void Scheduler::Machine::try_begin() {
    if (!journal_ || !read_ || !head_ || stopped_ || stopping_) return;
    if (!nonces_agree(*read_)) return;
    ledger_.start(read_->latest);
    for (const auto& entry : slots_)
        ledger_.occupy(entry.first);
    started_ = true;
    reason_.clear();
    if (!slots_.empty()) {
        notice(Notice::Kind::recovered,
               std::to_string(slots_.size()) + " transactions of an earlier run, nonces " +
                   text_of(slots_.begin()->first) + " to " + text_of(slots_.rbegin()->first));
    }
    for (auto& [nonce, slot] : slots_) {
        slot.considered_at = head_->number;
        slot.fresh_at = head_->number;
        ask(slot);
        if (nonce < read_->latest) continue;  // used: a receipt tells by which hash
        if (!slot.cancelling && slot.past_deadline(head_->number)) {
            cancel(slot, OutcomeKind::expired, "the deadline passed while the keeper was down");
        } else {
            send(slot, slot.newest());
        }
    }
    pump();
    fill_gaps();
}

void Scheduler::Machine::stop_key(const std::string& why) {
    if (stopped_) return;
    stopped_ = true;
    reason_ = why;
    notice(Notice::Kind::key_stopped, why);
    for (const Intent& intent : waiting_) {
        keys_.erase(intent.key);
        decline(intent, DeclineReason::key_stopped);
    }
    waiting_.clear();
}

}  // namespace plimsoll::signer
