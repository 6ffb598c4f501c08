// SPDX-License-Identifier: Apache-2.0
#include "signer/machine.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::signer {

Scheduler::Machine::Machine(const SchedulerOptions& options) : options_{options}, fees_{options.fees} {}

void Scheduler::Machine::on(const SignerEvent& event, Actions& actions) {
    out_ = &actions;
    std::visit([this](const auto& body) { handle(body); }, event);
    announce_wait();
    out_ = nullptr;
}

KeyState Scheduler::Machine::state() const noexcept {
    if (stopped_) return KeyState::stopped;
    if (stopping_) return KeyState::stopping;
    return started_ ? KeyState::ready : KeyState::starting;
}

std::size_t Scheduler::Machine::unlanded() const noexcept {
    return static_cast<std::size_t>(
        std::count_if(slots_.begin(), slots_.end(), [](const auto& entry) { return !entry.second.landed; }));
}

Slot* Scheduler::Machine::slot_of(AttemptId attempt) {
    const auto nonce = by_attempt_.find(attempt);
    if (nonce == by_attempt_.end()) return nullptr;
    return &slots_.at(nonce->second);
}

bool Scheduler::Machine::is_lowest(const Slot& slot) const {
    const auto lowest =
        std::find_if(slots_.begin(), slots_.end(), [](const auto& entry) { return !entry.second.landed; });
    return lowest != slots_.end() && lowest->first == slot.nonce;
}

namespace {

UpdateAttempt update_of(const Attempt& attempt, AttemptStatus status) {
    return UpdateAttempt{attempt.row.id, status, attempt.row.block_hash, attempt.row.block_number};
}

}  // namespace

void Scheduler::Machine::record(const Attempt& attempt, AttemptStatus status) {
    emit(Record{{update_of(attempt, status)}});
}

/// Ends a nonce in one stroke: `landed` got `status`, all others are replaced. A new process that found only
/// some of them ended would not know what it once offered for the nonce, nor which hashes to watch.
void Scheduler::Machine::record_all(Slot& slot, const Attempt* landed, AttemptStatus status) {
    Record out;
    for (const Attempt& attempt : slot.attempts) {
        const bool is_landed = &attempt == landed;
        if (!is_landed && attempt.step == Step::signing) continue;
        out.updates.push_back(update_of(attempt, is_landed ? status : AttemptStatus::replaced));
    }
    emit(std::move(out));
}

/// Takes a nonce that is done with out of every index; `slot` is gone afterwards.
void Scheduler::Machine::forget(Slot& slot) {
    for (const Attempt& attempt : slot.attempts) {
        by_attempt_.erase(attempt.row.id);
        by_hash_.erase(attempt.row.hash);
    }
    if (slot.intent) keys_.erase(slot.intent->key);
    slots_.erase(slot.nonce);
    // Whatever was refused for want of money is out of the way now.
    if (unlanded() == 0) unfunded_ = false;
}

void Scheduler::Machine::notice(Notice::Kind kind, std::string text) {
    emit(Notice{kind, std::move(text)});
}

void Scheduler::Machine::announce_wait() {
    const bool idle = slots_.empty() && started_;
    if (!now_ || idle || stopped_ || announced_ > *now_) return;
    announced_ = now_->next(options_.query_every);
    emit(Wait{announced_});
}

}  // namespace plimsoll::signer
