// SPDX-License-Identifier: Apache-2.0
// A nonce that does not get on: other prices, cancellation, another use.
#include "signer/machine.hpp"

#include <string>
#include <utility>

namespace plimsoll::signer {

namespace {

std::string slot_label(const Slot& slot) {
    return "nonce " + std::to_string(slot.nonce.value);
}

}  // namespace

void Scheduler::Machine::on_refused_bytes(Slot& slot, Attempt& attempt, const SendResult& event) {
    const bool newest = attempt.row.id == slot.newest().row.id;
    if (newest && event.needed != NeededFee{}) slot.needed = event.needed;
    switch (event.result) {
        case SendClass::accepted:
        case SendClass::already_known:
        case SendClass::nonce_too_high:  // the lower nonce is under way
            return;
        case SendClass::unknown:  // maybe sent: the same bytes again, in time
            return on_ambiguous(slot);
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
            if (!unfunded_) notice(Notice::Kind::unfunded, slot_label(slot) + ": " + event.text);
            unfunded_ = true;
            return;
        case SendClass::node_capped:  // the price that was taken before stays
            if (!slot.capped) notice(Notice::Kind::cap_reached, slot_label(slot) + ": " + event.text);
            slot.capped = true;
            return;
        case SendClass::foreign:
            stop_key("something else uses the key, " + slot_label(slot) + ": " + event.text);
            return;
        case SendClass::invalid:
            notice(Notice::Kind::send_rejected, slot_label(slot) + ": " + event.text);
            if (attempt.row.purpose == Purpose::cancel) {
                stop_key("a plain transfer to ourselves is refused, " + slot_label(slot) + ": " + event.text);
            } else if (newest && slot.wanted() != nullptr) {
                withdraw(slot, OutcomeKind::cancelled, "refused by the node: " + event.text);
            }
            return;
    }
}

void Scheduler::Machine::on_ambiguous(Slot& slot) {
    if (!defects_.reuse_after_ambiguous || slot.attempts.size() != 1) return;
    std::optional<Claim> claim = discard_newest(slot);
    if (claim) requeue(*std::move(claim));
    pump();
}

/// A new attempt at the same nonce, both fee fields raised. False if the cap forbids it or one is being made
/// already.
bool Scheduler::Machine::replace(Slot& slot, Purpose purpose) {
    if (slot.newest().step != Step::durable || signer_down_) return false;
    if (purpose == Purpose::execute && (slot.capped || killed())) return false;
    const Bid bid = purpose == Purpose::execute && slot.wanted() != nullptr
                        ? bid_of(slot.wanted()->intent, head_->number)
                        : Bid{};
    auto fee = fees_.replace(slot.offered(), *head_, bid, slot.needed);
    if (!fee) {
        if (!slot.capped) notice(Notice::Kind::cap_reached, slot_label(slot) + ": " + fee.error().context);
        slot.capped = true;
        return false;
    }
    if (defects_.bump_one_field)
        fee->max_priority_fee_per_gas = slot.newest().row.fee.max_priority_fee_per_gas;
    slot.bump_wanted = false;
    slot.needed = {};
    if (defects_.second_nonce_fallback && slot.wanted() != nullptr) {
        const Nonce nonce = take_nonce();
        Slot& second = slots_[nonce];
        second.nonce = nonce;
        second.claims = slot.claims;
        begin_attempt(second, purpose, *fee);
        return true;
    }
    const std::uint64_t intent = slot.claims.empty() ? 0 : slot.claims.back().intent.id;
    if (intent != slot.newest().row.intent_id) {
        notice(Notice::Kind::reused, slot_label(slot) + " goes to intent " + std::to_string(intent));
    } else if (purpose == slot.newest().row.purpose) {
        notice(Notice::Kind::replaced, slot_label(slot) + " now offers " +
                                           to_decimal(fee->max_fee_per_gas.raw()) + " wei per gas, tip " +
                                           to_decimal(fee->max_priority_fee_per_gas.raw()));
    } else {
        notice(Notice::Kind::cancelling, slot_label(slot) + ": " + slot.why_consumed());
    }
    begin_attempt(slot, purpose, *fee);
    return true;
}

/// Gives a nonce that only has to be consumed to the best waiting intent: that costs no more than a transfer
/// to ourselves would, and may earn.
bool Scheduler::Machine::reuse(Slot& slot) {
    if (slot.newest().step != Step::durable || slot.capped || unfunded_ || signer_down_ || !closed_.empty())
        return false;
    std::optional<Intent> best = take_best();
    if (!best) return false;
    slot.claims.push_back(Claim{*best, false, OutcomeKind::expired, {}, {}});
    if (replace(slot, Purpose::execute)) return true;
    slot.claims.pop_back();
    waiting_.push_back(*std::move(best));
    return false;
}

bool Scheduler::Machine::consume(Slot& slot) {
    return reuse(slot) || replace(slot, Purpose::cancel);
}

/// The intent is not wanted any more, and its nonce is to be consumed by something else. What cannot start
/// now (a signature or commit under way, the cap) starts when that ends or at the next head.
void Scheduler::Machine::withdraw(Slot& slot, OutcomeKind kind, const std::string& text) {
    if (Claim* const claim = slot.wanted()) {
        claim->withdrawn = true;
        claim->end = kind;
        claim->end_text = text;
    }
    static_cast<void>(consume(slot));
}

}  // namespace plimsoll::signer
