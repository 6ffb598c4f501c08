// SPDX-License-Identifier: Apache-2.0
#include "bot/hot/armed_desk.hpp"

#include "signer/lanes/size_guard.hpp"
#include "strategy/prices/price_leaves.hpp"

#include <span>
#include <utility>

namespace plimsoll::bot {

void ArmedDesk::begin(const Event& event) {
    has_left_ = false;
    if (parts_.handover == nullptr) return;
    if (const auto* const seen = std::get_if<LogSeen>(&event.body)) note(seen->log);
    if (std::holds_alternative<BlockStarted>(event.body)) {
        told_.clear();
        triggers_new_ = true;  // at another price of gas
    }
    if (!std::holds_alternative<BlockUndone>(event.body)) return;
    static_cast<void>(settle());
    triggers_ = {};
}

/// Counts for this table and for those that follow within the block.
void ArmedDesk::note(const Log& log) {
    if (log.topic_count < 2 || log.topic0() == strategy::kAnswerUpdated) return;
    const std::span<const Hash32> topics = std::span{log.topics}.subspan(1, log.topic_count - 1U);
    told_.insert(told_.end(), topics.begin(), topics.end());
    if (ArmedTable* const table = parts_.handover->table()) table->note(topics);
}

void ArmedDesk::take(strategy::Output& output) {
    for (strategy::Disarm& one : output.disarms)
        due_.emplace_back(std::move(one));
    for (strategy::Arm& one : output.arms)
        due_.emplace_back(std::move(one));
    if (!parts_.submission.busy()) carry_out();
    if (output.triggers.empty()) return;
    triggers_ = std::move(output.triggers.back());
    triggers_new_ = true;
}

void ArmedDesk::carry_out() {
    while (!due_.empty()) {
        const auto next = std::move(due_.front());
        due_.pop_front();
        if (const auto* const arm = std::get_if<strategy::Arm>(&next)) {
            hold_ready(arm->decision);
        } else {
            let_go(std::get<strategy::Disarm>(next).key);
        }
    }
}

void ArmedDesk::hold_ready(const strategy::Decision& decision) {
    static_cast<void>(settle());
    if (parts_.submission.scheduler().busy(decision.key)) return;
    signer::Intent intent = parts_.intent_of(decision);
    const std::uint64_t id = intent.id;
    armed_.insert_or_assign(decision.key, Armed{parts_.submission.arm(std::move(intent)), id, decision});
}

void ArmedDesk::let_go(const IntentKey& key) {
    static_cast<void>(settle());
    const auto found = armed_.find(key);
    if (found == armed_.end()) return;
    parts_.submission.disarm(found->second.slot);
    armed_.erase(found);
}

/// What is to be held ready for the key and is not yet; true if there was something.
bool ArmedDesk::forget_due(const IntentKey& key) {
    const auto is_due = [&](const std::variant<strategy::Arm, strategy::Disarm>& one) {
        const auto* const arm = std::get_if<strategy::Arm>(&one);
        return arm != nullptr && arm->decision.key == key;
    };
    return std::erase_if(due_, is_due) != 0;
}

bool ArmedDesk::fire(const strategy::Decision& decision) {
    const bool never_told = forget_due(decision.key);
    const auto found = armed_.find(decision.key);
    if (found == armed_.end()) return false;
    if (parts_.submission.busy()) {
        let_go_later(decision.key);
        return false;
    }
    if (never_told) {
        let_go(decision.key);
        return false;
    }
    const Armed armed = std::move(found->second);
    armed_.erase(found);
    return parts_.launch(decision, armed);
}

bool ArmedDesk::may_leave_alone() const {
    const std::optional<Head> applied = parts_.engine.applied();
    return !parts_.held_back() && due_.empty() && !triggers_.triggers.empty() && applied &&
           applied->number.next(1) == triggers_.block && parts_.engine.may_send();
}

/// What is signed and durable for each trigger; 0: nothing.
std::vector<signer::AttemptId> ArmedDesk::attempts() const {
    std::vector<signer::AttemptId> out;
    for (const strategy::Trigger& trigger : triggers_.triggers) {
        const auto found = armed_.find(trigger.key);
        const auto bytes = found == armed_.end()
                               ? std::nullopt
                               : parts_.submission.scheduler().armed_bytes(found->second.slot);
        out.push_back(bytes ? bytes->attempt : 0);
    }
    return out;
}

void ArmedDesk::refresh() {
    if (parts_.handover == nullptr) return;
    for (;;) {
        if (!may_leave_alone()) return static_cast<void>(settle());
        std::vector<signer::AttemptId> now = attempts();
        const bool same = !triggers_new_ && now == published_;
        if (same && parts_.handover->is_open()) return;
        if (settle()) continue;  // and nothing is as it was
        if (!same) return publish(std::move(now));
        return parts_.handover->open();
    }
}

void ArmedDesk::publish(std::vector<signer::AttemptId> attempts) {
    auto table = std::make_shared<ArmedTable>(++epoch_, triggers_.block);
    for (std::size_t i = 0; i < attempts.size(); ++i) {
        const strategy::Trigger& trigger = triggers_.triggers[i];
        if (attempts[i] == 0 || !parts_.engine.may_send(trigger.key)) continue;
        const signer::ArmedSlot slot = armed_.at(trigger.key).slot;
        const auto bytes = parts_.submission.scheduler().armed_bytes(slot);
        if (!bytes || !signer::too_large(bytes->raw).empty()) continue;
        std::vector<rpc::PreparedSend> frames;
        for (std::size_t way = 0; way < parts_.handover->ways(); ++way)
            frames.push_back(rpc::prepare_send(++frames_, bytes->raw));
        if (!table->add(trigger, slot, std::move(frames))) break;
    }
    table->note(told_);
    published_ = std::move(attempts);
    triggers_new_ = false;
    parts_.handover->publish(std::move(table));
}

bool ArmedDesk::settle() {
    if (parts_.handover == nullptr) return false;
    const std::optional<HotDeparture> left = parts_.handover->close();
    if (!left) return false;
    triggers_new_ = true;
    has_left_ = true;
    const auto found = armed_.find(left->key);
    if (found == armed_.end()) return true;  // nobody lets go of what may leave
    Armed armed = std::move(found->second);
    armed_.erase(found);
    forget_due(left->key);
    const auto made =
        parts_.engine.sent_ahead(left->key, left->block_hash, left->block_number, left->received);
    armed.decision.triggered = left->received;
    parts_.launch_left(made.value_or(armed.decision), armed, left->left_at, made.has_value());
    return true;
}

bool ArmedDesk::has_left(const IntentKey& key) {
    static_cast<void>(settle());
    return has_left_ && parts_.submission.scheduler().busy(key);
}

void ArmedDesk::end() {
    static_cast<void>(settle());
    parts_.handover = nullptr;
}

}  // namespace plimsoll::bot
