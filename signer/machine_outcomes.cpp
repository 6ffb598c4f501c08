// SPDX-License-Identifier: Apache-2.0
// How intents and nonces end.
#include "signer/machine.hpp"

#include <string>
#include <utility>

namespace plimsoll::signer {

namespace {

constexpr std::size_t kRememberedFinal = 256;

UpdateAttempt update_of(const Attempt& attempt, AttemptStatus status) {
    UpdateAttempt out;
    out.id = attempt.row.id;
    out.status = status;
    out.block_hash = attempt.row.block_hash;
    out.block_number = attempt.row.block_number;
    return out;
}

UpdateAttempt landed_update(const Attempt& attempt, const Receipt& receipt) {
    UpdateAttempt out =
        update_of(attempt, receipt.success ? AttemptStatus::confirmed : AttemptStatus::reverted);
    out.cost = cost(receipt.gas_used, receipt.effective_gas_price) + receipt.data_fee;
    return out;
}

EndIntent end_of(const Report& report) {
    return EndIntent{report.outcome.intent_id, report.outcome.kind, report.outcome.block_hash,
                     report.outcome.block_number, report.text};
}

/// What a claim came to that did not land itself while something else of ours consumed the nonce in `block`.
/// From the chain alone but for `outbid`, so that a restart says the same.
OutcomeKind kind_of(const Claim& claim, BlockNumber block) {
    if (claim.outbid) return OutcomeKind::outbid;
    return claim.intent.last_block <= block ? OutcomeKind::expired : OutcomeKind::cancelled;
}

Report report_of(const Claim& claim, const Receipt& receipt, ReportStage stage) {
    Report out;
    out.stage = stage;
    out.outcome.key = claim.intent.key;
    out.outcome.intent_id = claim.intent.id;
    out.outcome.kind = kind_of(claim, receipt.block_number);
    out.outcome.block_hash = claim.outbid ? claim.outbid->block_hash : receipt.block_hash;
    out.outcome.block_number = claim.outbid ? claim.outbid->block_number : receipt.block_number;
    out.text = claim.end_text;
    return out;
}

}  // namespace

/// The report on the claim whose attempt landed; a gap that was filled has none.
std::optional<Report> Scheduler::Machine::landed_report(Slot& slot, ReportStage stage) {
    const Landing& landing = *slot.landed;
    const Attempt& attempt = *slot.find(landing.attempt);
    const Claim* const claim = slot.claim_of(attempt.row.intent_id);
    if (claim == nullptr) return std::nullopt;
    const bool executed = attempt.row.purpose == Purpose::execute;
    if (!executed && !claim->withdrawn) return std::nullopt;
    Report out = report_of(*claim, landing.receipt, stage);
    out.attempt = landing.attempt;
    out.purpose = attempt.row.purpose;
    if (executed) {
        out.outcome.kind = landing.receipt.success ? OutcomeKind::confirmed : OutcomeKind::reverted;
        out.outcome.block_hash = landing.receipt.block_hash;
        out.outcome.block_number = landing.receipt.block_number;
        out.text.clear();
    }
    out.outcome.transaction_hash = landing.receipt.transaction_hash;
    out.outcome.gas_used = landing.receipt.gas_used;
    out.outcome.effective_gas_price = landing.receipt.effective_gas_price;
    out.data_fee = landing.receipt.data_fee;
    out.outcome.logs = landing.receipt.logs;
    return out;
}

void Scheduler::Machine::record(Attempt& attempt, AttemptStatus status) {
    attempt.row.status = status;
    emit(Record{{update_of(attempt, status)}});
}

/// The last word on an intent that no transaction of ours speaks for: it ends at the head, or where it was
/// outbid.
Report Scheduler::Machine::unlanded_report(const Claim& claim, OutcomeKind kind,
                                           const std::string& text) const {
    Report report;
    report.stage = ReportStage::final;
    report.outcome.key = claim.intent.key;
    report.outcome.intent_id = claim.intent.id;
    report.outcome.kind = claim.outbid ? OutcomeKind::outbid : kind;
    report.text = text;
    if (claim.outbid) {
        report.outcome.block_hash = claim.outbid->block_hash;
        report.outcome.block_number = claim.outbid->block_number;
    } else if (head_) {
        report.outcome.block_hash = head_->hash;
        report.outcome.block_number = head_->number;
    }
    return report;
}

/// Ends an intent without any attempt left, in one stroke with what `stroke` holds already. No claim: only
/// that.
void Scheduler::Machine::end_unsent(const std::optional<Claim>& claim, OutcomeKind kind,
                                    const std::string& text, Record stroke) {
    if (!claim) {
        if (!stroke.entries.empty()) emit(std::move(stroke));
        return;
    }
    Report report = unlanded_report(*claim, kind, text);
    keys_.erase(claim->intent.key);
    if (head_) stroke.entries.emplace_back(end_of(report));  // without a block nothing is proven
    if (!stroke.entries.empty()) emit(std::move(stroke));
    emit(std::move(report));
}

/// The last word on an intent of an earlier run whose nonce went to something else, in this block or, if it
/// is zero, somewhere before the head.
void Scheduler::Machine::end_waited(const Claim& claim, const Hash32& block_hash, BlockNumber block_number) {
    const bool known = !block_hash.is_zero();
    const BlockNumber block = known ? block_number : head_->number;
    Report report = unlanded_report(claim, kind_of(claim, block),
                                    "its nonce went to something else before the keeper started again");
    if (known) {
        report.outcome.block_hash = block_hash;
        report.outcome.block_number = block_number;
    }
    emit(Record{{end_of(report)}});
    emit(std::move(report));
}

/// The nonce went to something else, so the intent is free to take another one.
void Scheduler::Machine::requeue(Claim claim) {
    if (claim.withdrawn || stopping_ || stopped_) {
        end_unsent(claim, claim.withdrawn ? claim.end : OutcomeKind::cancelled, claim.end_text);
    } else {
        waiting_.push_back(std::move(claim.intent));
    }
}

void Scheduler::Machine::settle(Slot& slot) {
    const BlockNumber block = slot.landed->receipt.block_number;
    if (head_ && block.next(options_.confirmations) <= head_->number.next()) finish(slot);
}

/// Ends a nonce in one stroke: every attempt, and every intent that is not wanted any more. A new process
/// that found only some of it ended would not know what was once offered for the nonce, nor which hashes to
/// watch.
void Scheduler::Machine::finish(Slot& slot) {
    Record stroke;
    for (const Attempt& attempt : slot.attempts) {
        const bool landed = attempt.row.id == slot.landed->attempt;
        if (!landed && attempt.step == Step::signing) continue;
        stroke.entries.emplace_back(landed ? landed_update(attempt, slot.landed->receipt)
                                           : update_of(attempt, AttemptStatus::replaced));
    }
    const std::optional<Report> main = landed_report(slot, ReportStage::final);
    std::vector<Report> reports;
    std::vector<Claim> free;
    for (Claim& claim : slot.claims) {
        if (main && main->outcome.intent_id == claim.intent.id) {
            reports.push_back(*main);
        } else if (claim.withdrawn) {
            reports.push_back(report_of(claim, slot.landed->receipt, ReportStage::final));
        } else {
            free.push_back(std::move(claim));
            continue;
        }
        keys_.erase(claim.intent.key);
        stroke.entries.emplace_back(end_of(reports.back()));
    }
    final_.push_back(slot.landed->receipt.block_hash);
    if (final_.size() > kRememberedFinal) final_.pop_front();
    emit(std::move(stroke));
    for (Report& report : reports)
        emit(std::move(report));
    forget(slot);
    for (Claim& claim : free)
        requeue(std::move(claim));
    pump();
}

/// Somebody else's transaction has our nonce: ours can never land, and the key is not ours alone, unless the
/// operator vouched for what came before.
void Scheduler::Machine::lose(Slot& slot) {
    Record stroke;
    for (const Attempt& attempt : slot.attempts) {
        if (attempt.step == Step::signing) {
            emit(Discarded{attempt.row.id});
            continue;
        }
        stroke.entries.emplace_back(update_of(attempt, AttemptStatus::replaced));
    }
    const std::string why =
        "nonce " + std::to_string(slot.nonce.value) + " was used by a transaction that is not ours";
    std::vector<Report> reports;
    for (const Claim& claim : slot.claims) {
        reports.push_back(unlanded_report(claim, OutcomeKind::expired, why));
        stroke.entries.emplace_back(end_of(reports.back()));
        keys_.erase(claim.intent.key);
    }
    emit(std::move(stroke));
    for (Report& report : reports)
        emit(std::move(report));
    const bool vouched = journal_->adopted && slot.nonce < *journal_->adopted;
    forget(slot);
    if (!vouched) stop_key(why);
}

/// Takes a nonce that is done with out of every index; `slot` is gone afterwards.
void Scheduler::Machine::forget(Slot& slot) {
    for (const Attempt& attempt : slot.attempts) {
        by_attempt_.erase(attempt.row.id);
        by_hash_.erase(attempt.row.hash);
    }
    ledger_.finish(slot.nonce);
    if (slot.landed) --landed_;
    slots_.erase(slot.nonce);
    // Whatever was refused for want of money is out of the way now.
    if (unlanded() == 0) unfunded_ = false;
}

void Scheduler::Machine::decline(const Intent& intent, DeclineReason reason) {
    emit(Declined{intent.id, intent.key, reason});
}

}  // namespace plimsoll::signer
