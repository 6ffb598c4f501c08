// SPDX-License-Identifier: Apache-2.0
#include "signer/machine.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace plimsoll::signer {

namespace {

constexpr std::size_t kRememberedUndone = 128;
/// Heads at which a used nonce must show none of our hashes, before it counts as used by somebody else: nodes
/// behind a balancer disagree for a second or two.
constexpr unsigned kForeignAfter = 3;

}  // namespace

void Scheduler::Machine::handle(const HeadSeen& event) {
    head_ = event.head;
    std::erase(undone_, event.head.hash);
    signer_down_ = false;
    if (now_) next_question_ = now_->next(options_.query_every);
    if (!started_) {
        try_begin();
        // Nonces read earlier may have been a lagging node's.
        if (!started_ && journal_ && !stopped_) emit<Query>(NonceQuery{});
        return;
    }
    std::vector<Nonce> all;
    for (const auto& entry : slots_)
        all.push_back(entry.first);
    for (const Nonce nonce : all) {
        Slot& slot = slots_.at(nonce);
        if (slot.landed) {
            settle(slot);
        } else if (unanswered(slot)) {
            consider(slot);
        }
    }
    ask_all();
    pump();
    fill_gaps();
}

void Scheduler::Machine::handle(const HeadUndone& event) {
    undone_.push_back(event.hash);
    if (undone_.size() > kRememberedUndone) undone_.pop_front();
    if (std::find(final_.begin(), final_.end(), event.hash) != final_.end()) {
        stop_key("a block that ended one of our nonces left the chain, deeper than " +
                 std::to_string(options_.confirmations) + " blocks; start again to watch what it held");
    }
    for (auto& entry : slots_) {
        Slot& slot = entry.second;
        for (Claim& claim : slot.claims) {
            if (claim.outbid && claim.outbid->block_hash == event.hash) claim.outbid.reset();
        }
        if (slot.landed && slot.landed->receipt.block_hash == event.hash) undo(slot);
    }
}

void Scheduler::Machine::handle(const Tick& event) {
    now_ = event.now;
    if (event.now < next_question_) return;
    next_question_ = event.now.next(options_.query_every);
    if (!started_) {
        if (journal_ && !stopped_) emit<Query>(NonceQuery{});
        return;
    }
    if (unlanded() == 0) return;
    ask_all();
    for (auto& entry : slots_) {
        Slot& slot = entry.second;
        Attempt& newest = slot.newest();
        if (slot.landed || newest.step != Step::durable || !newest.handed_out || !may_send()) continue;
        if (!newest.sent_time) newest.sent_time = now_;
        const bool due = newest.sent_time->next(options_.resend_seconds) <= event.now;
        if (due && slot.nonce >= read_->latest) send(slot, newest);
    }
}

void Scheduler::Machine::ask(Slot& slot) {
    for (Attempt& attempt : slot.attempts) {
        if (!attempt.handed_out) continue;
        if (defects_.forget_replaced && &attempt != &slot.newest()) continue;
        attempt.asked_at = head_->number;
        const bool pool = &attempt == &slot.newest() && attempt.row.status < AttemptStatus::seen;
        emit<Query>(ReceiptQuery{attempt.row.hash, head_->number, pool});
    }
}

void Scheduler::Machine::ask_all() {
    for (auto& entry : slots_)
        ask(entry.second);
    if (unlanded() != 0) emit<Query>(NonceQuery{});
}

void Scheduler::Machine::handle(const ReceiptSeen& event) {
    const auto known = by_hash_.find(event.transaction_hash);
    if (known == by_hash_.end()) return;
    Slot& slot = *slot_of(known->second);
    Attempt& attempt = *slot.find(known->second);
    if (event.receipt) {
        land(slot, attempt, *event.receipt);
        return;
    }
    const BlockNumber asked_at = event.asked_at.value_or(attempt.asked_at);
    attempt.absent_at = std::max(asked_at, attempt.absent_at.value_or(BlockNumber{}));
    if (slot.landed && slot.landed->attempt == attempt.row.id) {
        // A node that is behind may say so about the newest block; later it means the block is gone.
        if (asked_at > slot.landed->receipt.block_number) undo(slot);
        return;
    }
    if (!slot.landed && head_ && slot.absent_at(head_->number)) on_absent(slot);
}

void Scheduler::Machine::land(Slot& slot, Attempt& attempt, const Receipt& receipt) {
    if (std::find(undone_.begin(), undone_.end(), receipt.block_hash) != undone_.end()) return;
    if (slot.landed) {
        const bool same =
            slot.landed->attempt == attempt.row.id && slot.landed->receipt.block_hash == receipt.block_hash;
        if (same) return;
        leave_block(slot);
    }
    slot.landed = Landing{attempt.row.id, receipt};
    ++landed_;
    slot.foreign_strikes = 0;
    attempt.row.block_hash = receipt.block_hash;
    attempt.row.block_number = receipt.block_number;
    record(attempt, AttemptStatus::mined);
    if (auto report = landed_report(slot, ReportStage::included)) emit(*std::move(report));
    settle(slot);
    pump();
}

/// The block is gone: what had landed is watched again and sent again, byte for byte.
void Scheduler::Machine::undo(Slot& slot) {
    if (defects_.drop_reorged) return;
    Attempt& attempt = leave_block(slot);
    if (head_) {
        slot.fresh_at = head_->number;
        slot.considered_at = head_->number;
    }
    attempt.absent_at.reset();
    if (may_send()) send(slot, attempt);
}

/// What had landed is under way again.
Attempt& Scheduler::Machine::leave_block(Slot& slot) {
    if (auto report = landed_report(slot, ReportStage::undone)) emit(*std::move(report));
    Attempt& attempt = *slot.find(slot.landed->attempt);
    slot.landed.reset();
    --landed_;
    attempt.row.block_hash = {};
    attempt.row.block_number = {};
    record(attempt, AttemptStatus::reorged);
    return attempt;
}

/// Whether answers about the last heads did not come in time; then it is thought over without them.
bool Scheduler::Machine::unanswered(const Slot& slot) const {
    if (slot.considered_at.next(2) > head_->number) return false;
    // Blocks may come faster than answers.
    return !now_ || !slot.considered_time || slot.considered_time->next(2 * options_.query_every) <= *now_;
}

/// No hash of the slot is in a block up to the head.
void Scheduler::Machine::on_absent(Slot& slot) {
    if (!read_ || slot.nonce >= read_->latest) {
        slot.foreign_strikes = 0;
        consider(slot);
        return;
    }
    // Each strike needs a new head and a new reading of the nonce: the last one may be of a block that was
    // undone.
    if (slot.foreign_strikes != 0 && (slot.struck_at == head_->number || slot.struck_reading == readings_))
        return;
    slot.struck_at = head_->number;
    slot.struck_reading = readings_;
    if (++slot.foreign_strikes >= kForeignAfter) lose(slot);
}

/// What a slot needs once it is known that it has not landed; at most once a head.
void Scheduler::Machine::consider(Slot& slot) {
    if (!may_send() || slot.considered_at == head_->number) return;
    if (slot.nonce < read_->latest) return;  // used: the receipts tell by what
    slot.considered_at = head_->number;
    slot.considered_time = now_;
    if (slot.newest().step != Step::durable) return;
    if (slot.past_deadline(head_->number)) {
        withdraw(slot, OutcomeKind::expired, "the deadline passed");
        if (slot.newest().step != Step::durable) return;
    }
    const bool consuming = slot.wanted() == nullptr;
    const bool stuck = is_lowest(slot) && slot.fresh_at.next(options_.replace_after) <= head_->number;
    const bool changed = consuming && slot.newest().row.purpose == Purpose::execute;
    if (slot.bump_wanted || stuck || changed) {
        if (consuming ? consume(slot) : replace(slot, Purpose::execute)) return;
    }
    Attempt& newest = slot.newest();
    const bool gap = newest.answer == SendClass::nonce_too_high;
    const bool due = gap || !newest.handed_out || newest.sent_at.next(options_.resend_after) <= head_->number;
    if (due) send(slot, newest);
}

}  // namespace plimsoll::signer
