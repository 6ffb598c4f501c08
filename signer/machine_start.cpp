// SPDX-License-Identifier: Apache-2.0
#include "signer/machine.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace plimsoll::signer {

namespace {

std::string text_of(Nonce nonce) {
    return std::to_string(nonce.value);
}

/// More nonces than this were never under way at once: a journal that says so is damaged.
constexpr std::uint64_t kWidestSpan = 4'096;

/// What its ceiling holds beside the gas. A row of before ceilings were kept may hold less; a damaged one
/// tells nothing.
Wei data_fee_of(const AttemptRow& row, const Transaction& fields) {
    constexpr unsigned kWidest = 160;
    try {
        const Wei beside = row.ceiling - std::min(row.ceiling, ceiling_of(fields));
        return beside.raw().bit_width() <= kWidest ? beside : Wei{};
    } catch (const ArithmeticError&) {
        return Wei{};
    }
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
                  Wei{},
                  data_fee_of(row, fields)};
}

/// The fields of a durable attempt. Of an armed one only what was to be signed is kept, of any other its
/// bytes.
std::optional<Transaction> fields_of(const AttemptRow& row, bool bytes_missing) {
    if (bytes_missing) {
        auto fields = decode_unsigned(row.raw);
        if (!fields || fields->nonce != row.nonce) return std::nullopt;
        return *std::move(fields);
    }
    auto decoded = decode_transaction(row.raw);
    if (!decoded || decoded->hash != row.hash || decoded->fields.nonce != row.nonce) return std::nullopt;
    return std::move(decoded->fields);
}

}  // namespace

void Scheduler::Machine::handle(const Recovered& event) {
    if (journal_) return;
    journal_ = event.state;
    next_attempt_ = event.state.next_attempt;
    next_intent_ = event.state.next_intent;
    reason_ = "waiting for the chain's nonces and a head";
    for (const LooseIntent& loose : event.state.loose)
        keys_[loose.key] = loose.id;  // until its last word, so that this is not taken for another's
    for (const AttemptRow& row : event.state.open) {
        if (!stopped_) restore(row);
    }
    if (!stopped_) emit<Query>(NonceQuery{});
}

/// Puts a row of an earlier run back under way. Whether it was sent is not known, so it counts as sent.
void Scheduler::Machine::restore(const AttemptRow& row) {
    // Whether an armed one was fired, and so superseded later, does not change what is kept of it.
    const bool bytes_missing = decode_unsigned(row.raw).has_value();
    const auto fields = fields_of(row, bytes_missing);
    if (!fields) {
        stop_key("attempt " + std::to_string(row.id) + " in the journal does not hold its own transaction");
        return;
    }
    if (!journal_->reserved || row.nonce > *journal_->reserved) {
        stop_key("attempt " + std::to_string(row.id) + " in the journal has nonce " + text_of(row.nonce) +
                 ", which was never reserved");
        return;
    }
    Slot& slot = slots_[row.nonce];
    slot.nonce = row.nonce;
    Attempt attempt;
    attempt.row = row;
    attempt.fields = *fields;
    attempt.data_fee = data_fee_of(row, *fields);
    attempt.step = Step::durable;
    attempt.handed_out = true;
    attempt.bytes_missing = bytes_missing;
    if (slot.first_head.value == 0) slot.first_head = row.first_head;
    restore_claim(slot, row, *fields);
    by_attempt_[row.id] = row.nonce;
    by_hash_[row.hash] = row.id;
    slot.attempts.push_back(std::move(attempt));
}

/// Rows come in the order they were made, so the last one tells what is wanted. Of an armed set nothing is:
/// whether any of it was decided upon is not known, and a transfer to ourselves costs less than a call nobody
/// asked for.
void Scheduler::Machine::restore_claim(Slot& slot, const AttemptRow& row, const Transaction& fields) {
    for (Claim& claim : slot.claims) {
        if (claim.intent.id == row.intent_id) continue;
        claim.withdrawn = true;
    }
    if (row.intent_id == 0) return;
    const bool wanted = row.purpose == Purpose::execute && row.status != AttemptStatus::armed;
    Claim* claim = slot.claim_of(row.intent_id);
    if (claim == nullptr) {
        slot.claims.push_back(Claim{intent_of(row, fields), true, OutcomeKind::cancelled, {}, {}});
        claim = &slot.claims.back();
        keys_[row.key] = row.intent_id;
    }
    claim->withdrawn = !wanted;
    claim->end = OutcomeKind::cancelled;
    claim->end_text = "not wanted any more when the keeper started again";
}

void Scheduler::Machine::handle(const Reserved& event) {
    if (!reserved_ || *reserved_ < event.through) reserved_ = event.through;
    if (reserving_ && *reserving_ <= event.through) reserving_.reset();
    if (!started_) return;
    pump();
    fill_gaps();
}

/// Asks for more nonces long before the last one is needed, so that nobody waits for the disk.
void Scheduler::Machine::reserve_ahead() {
    if (stopping_ || stopped_ || reserving_) return;
    const std::uint64_t next = ledger_.next().value;
    if (reserved_ && next + options_.reserve_block / 2 <= reserved_->value) return;
    reserving_ = Nonce{next + options_.reserve_block - 1};
    emit(Reserve{*reserving_});
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
    const auto& adopted = journal_->adopted;
    const Nonce known = std::max(highest ? highest->next() : Nonce{}, adopted.value_or(Nonce{}));
    const bool any = highest || adopted;
    const bool beyond = journal_->reserved && read.latest > std::max(known, journal_->reserved->next());
    if (beyond || (any && read.latest > known)) {
        const std::string why = "the chain's nonce is " + text_of(read.latest) + ", the journal knows of " +
                                text_of(known) +
                                ": something else used this key, or the journal is an old copy";
        notice(Notice::Kind::unaccounted, why);
        stop_key(why);
        return false;
    }
    Notice::Kind kind{};
    if (adopted && (!highest || *highest < *adopted) &&
        (read.latest != *adopted || read.pending != *adopted)) {
        kind = Notice::Kind::pending_elsewhere;
        reason_ =
            "nonce " + text_of(*adopted) + " was adopted, the chain's is " + text_of(read.latest) + " and " +
            text_of(read.pending) +
            " with what is pending: nothing is sent until both are that; if they come to rest below it, "
            "start once more with --adopt-nonce and where they rest";
    } else if (landed && read.latest <= *landed) {
        kind = Notice::Kind::journal_ahead;
        reason_ = "the journal holds final transactions up to nonce " + text_of(*landed) +
                  ", the chain's nonce is " + text_of(read.latest) +
                  ": the node lags, or the journal is of another chain";
    } else if (read.pending > std::max(read.latest, known)) {
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
    if (!slots_.empty() && slots_.rbegin()->first.value > read_->latest.next(kWidestSpan).value) {
        return stop_key("the journal holds an open transaction with nonce " +
                        text_of(slots_.rbegin()->first) + ", the chain's nonce is " + text_of(read_->latest) +
                        ": it is damaged");
    }
    ledger_.start(read_->latest);
    for (const auto& entry : slots_)
        ledger_.occupy(entry.first);
    reserved_ = journal_->reserved;
    started_ = true;
    reserve_ahead();  // before any attempt: the journal takes none beyond it
    reason_.clear();
    if (!slots_.empty()) {
        notice(Notice::Kind::recovered,
               std::to_string(slots_.size()) + " transactions of an earlier run, nonces " +
                   text_of(slots_.begin()->first) + " to " + text_of(slots_.rbegin()->first));
    }
    end_loose();
    for (auto& entry : slots_)
        resume(entry.second);
    pump();
    fill_gaps();
}

/// Intents that waited again when the process ended: nothing of them can land, and whether they are wanted
/// still is decided anew. Their last word is where their nonce was consumed.
void Scheduler::Machine::end_loose() {
    for (const LooseIntent& loose : journal_->loose) {
        if (defects_.forget_waiting) continue;
        Claim claim;
        claim.intent.id = loose.id;
        claim.intent.key = loose.key;
        claim.intent.last_block = loose.last_block;
        const auto busy = keys_.find(loose.key);
        if (busy != keys_.end() && busy->second == loose.id) keys_.erase(busy);
        end_waited(claim, loose.block_hash, loose.block_number);
    }
    journal_->loose.clear();
}

void Scheduler::Machine::resume(Slot& slot) {
    if (slot.first_head.value == 0) slot.first_head = head_->number;
    slot.considered_at = head_->number;
    slot.fresh_at = head_->number;
    for (Attempt& attempt : slot.attempts) {
        // Its block may have left the chain meanwhile; this process has not seen it in one.
        if (attempt.row.status != AttemptStatus::mined) continue;
        attempt.row.block_hash = {};
        attempt.row.block_number = {};
        record(attempt, AttemptStatus::reorged);
    }
    ask(slot);
    if (slot.nonce < read_->latest) return;  // used: a receipt tells by which hash
    if (slot.past_deadline(head_->number)) {
        withdraw(slot, OutcomeKind::expired, "the deadline passed while the keeper was down");
    } else if (slot.wanted() == nullptr && slot.newest().row.purpose == Purpose::execute) {
        static_cast<void>(consume(slot));
    } else {
        send(slot, slot.newest());
    }
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
