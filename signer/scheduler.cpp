// SPDX-License-Identifier: Apache-2.0
#include "signer/scheduler.hpp"

#include "signer/machine.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::signer {

Scheduler::Scheduler(const SchedulerOptions& options) : machine_{std::make_unique<Machine>(options)} {}
Scheduler::~Scheduler() = default;

void Scheduler::on(const SignerEvent& event, Actions& actions) {
    machine_->on(event, actions);
}

ArmedSlot Scheduler::arm(Intent intent) {
    auto place = std::find_if(armed_.begin(), armed_.end(), [&intent](const Armed& armed) {
        return armed.intent && armed.intent->key == intent.key;
    });
    if (place == armed_.end()) {
        place = std::find_if(armed_.begin(), armed_.end(), [](const Armed& armed) { return !armed.intent; });
    }
    if (place == armed_.end()) place = armed_.emplace(armed_.end());
    place->intent = std::move(intent);
    ++place->epoch;
    return ArmedSlot{static_cast<std::uint32_t>(place - armed_.begin()), place->epoch};
}

bool Scheduler::fire(ArmedSlot slot, Actions& actions) {
    Armed* const armed = find(slot);
    if (armed == nullptr) return false;
    const IntentSubmitted submitted{*std::exchange(armed->intent, std::nullopt)};
    machine_->on(submitted, actions);
    return true;
}

void Scheduler::disarm(ArmedSlot slot) {
    if (Armed* const armed = find(slot)) armed->intent.reset();
}

Scheduler::Armed* Scheduler::find(ArmedSlot slot) noexcept {
    if (slot.slot >= armed_.size()) return nullptr;
    Armed& armed = armed_[slot.slot];
    return armed.intent && armed.epoch == slot.epoch ? &armed : nullptr;
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
