// SPDX-License-Identifier: Apache-2.0
#include "signer/machine.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::signer {

Scheduler::Machine::Machine(const SchedulerOptions& options, const SchedulerDefects& defects)
    : options_{options}, defects_{defects}, fees_{options.fees} {}

void Scheduler::Machine::on(const SignerEvent& event, Actions& actions) {
    out_ = &actions;
    std::visit([this](const auto& body) { handle(body); }, event);
    refresh_armed();
    announce_wait();
    out_ = nullptr;
}

KeyState Scheduler::Machine::state() const noexcept {
    if (stopped_) return KeyState::stopped;
    if (stopping_) return KeyState::stopping;
    return started_ ? KeyState::ready : KeyState::starting;
}

std::size_t Scheduler::Machine::unlanded() const noexcept {
    return slots_.size() - landed_;
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

/// No signature came, and the fields are not to blame: nothing is asked of the key until the next head.
void Scheduler::Machine::signer_failed(const std::string& text) {
    if (!signer_down_) notice(Notice::Kind::signer_failed, text);
    signer_down_ = true;
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
