// SPDX-License-Identifier: Apache-2.0
#include "signer/scheduler.hpp"

#include "signer/machine.hpp"

#include <utility>

namespace plimsoll::signer {

Scheduler::Scheduler(const SchedulerOptions& options) : Scheduler{options, SchedulerDefects{}} {}
Scheduler::Scheduler(const SchedulerOptions& options, const SchedulerDefects& defects)
    : machine_{std::make_unique<Machine>(options, defects)} {}
Scheduler::~Scheduler() = default;

void Scheduler::on(const SignerEvent& event, Actions& actions) {
    machine_->on(event, actions);
}

ArmedSlot Scheduler::arm(Intent intent, Actions& actions) {
    return machine_->arm(std::move(intent), actions);
}

bool Scheduler::fire(ArmedSlot slot, Actions& actions) {
    return machine_->fire(slot, actions);
}

void Scheduler::disarm(ArmedSlot slot, Actions& actions) {
    machine_->disarm(slot, actions);
}

bool Scheduler::ready(ArmedSlot slot) const noexcept {
    return machine_->ready(slot);
}

std::optional<ArmedBytes> Scheduler::armed_bytes(ArmedSlot slot) const noexcept {
    return machine_->armed_bytes(slot);
}

KeyState Scheduler::state() const noexcept {
    return machine_->state();
}
const std::string& Scheduler::state_reason() const noexcept {
    return machine_->reason();
}
bool Scheduler::busy(const IntentKey& key) const noexcept {
    return machine_->busy(key);
}
std::size_t Scheduler::in_flight() const noexcept {
    return machine_->unlanded();
}
std::size_t Scheduler::waiting() const noexcept {
    return machine_->waiting();
}
std::uint64_t Scheduler::next_intent_id() noexcept {
    return machine_->next_intent();
}

}  // namespace plimsoll::signer
