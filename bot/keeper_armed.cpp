// SPDX-License-Identifier: Apache-2.0
// What the engine wants held ready, and its way out.
#include "bot/keeper.hpp"

#include <utility>

namespace plimsoll::bot {

/// Not from within what the submission tells: then they wait for the next event.
void Keeper::take_arms() {
    for (strategy::Disarm& one : output_.disarms)
        arms_due_.emplace_back(std::move(one));
    for (strategy::Arm& one : output_.arms)
        arms_due_.emplace_back(std::move(one));
    if (!submission_ || submission_->busy()) return;
    while (!arms_due_.empty()) {
        const auto next = std::move(arms_due_.front());
        arms_due_.pop_front();
        if (const auto* const arm = std::get_if<strategy::Arm>(&next)) {
            hold_ready(arm->decision);
        } else {
            let_go(std::get<strategy::Disarm>(next).key);
        }
    }
}

void Keeper::hold_ready(const strategy::Decision& decision) {
    static_cast<void>(settle_hot());
    if (submission_->scheduler().busy(decision.key)) return;
    signer::Intent intent = intent_of(decision);
    const std::uint64_t id = intent.id;
    armed_.insert_or_assign(decision.key, Armed{submission_->arm(std::move(intent)), id, decision});
}

void Keeper::let_go(const IntentKey& key) {
    static_cast<void>(settle_hot());
    const auto found = armed_.find(key);
    if (found == armed_.end()) return;
    submission_->disarm(found->second.slot);
    armed_.erase(found);
}

/// False if it is not held ready as it was told last: then it goes the way of every intent.
bool Keeper::fire(const strategy::Decision& decision) {
    const auto is_due = [&](const std::variant<strategy::Arm, strategy::Disarm>& one) {
        const auto* const arm = std::get_if<strategy::Arm>(&one);
        return arm != nullptr && arm->decision.key == decision.key;
    };
    const bool never_told = std::erase_if(arms_due_, is_due) != 0;
    const auto found = armed_.find(decision.key);
    if (found == armed_.end() || submission_->busy()) {
        if (found != armed_.end()) arms_due_.emplace_back(strategy::Disarm{decision.key});
        return false;
    }
    if (never_told) {
        let_go(decision.key);
        return false;
    }
    const Armed armed = std::move(found->second);
    armed_.erase(found);
    return launch(decision, armed, 0);
}

/// `left_at`: when its bytes were handed over already, or 0.
bool Keeper::launch(const strategy::Decision& decision, const Armed& armed, std::int64_t left_at) {
    const bool signed_before = submission_->scheduler().ready(armed.slot);
    sent_.emplace(armed.intent, Sent{decision, round_, 0, signed_before, false});
    limits_->sent(armed.intent);
    if (!submission_->fire(armed.slot)) {
        sent_.erase(armed.intent);
        limits_->ended(armed.intent);
        return false;
    }
    const auto sent = sent_.find(armed.intent);
    if (!signed_before || sent == sent_.end()) return true;
    const std::int64_t left = left_at != 0 ? left_at : steady_now().nanoseconds;
    sent->second.microseconds = (left - decision.triggered.nanoseconds) / 1000;
    narrator_->signed_after(sent->second.microseconds, decision.speculative);
    return true;
}

}  // namespace plimsoll::bot
