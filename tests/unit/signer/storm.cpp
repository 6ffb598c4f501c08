// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/signer/storm.hpp"

#include "signer/signing.hpp"
#include "tests/unit/signer/scheduler_world.hpp"

#include <algorithm>

namespace plimsoll::signer {

namespace {

SchedulerOptions storm_options() {
    SchedulerOptions out = World::default_options();
    out.confirmations = 3;  // the node loses at most two blocks in a row
    out.max_in_flight = 4;
    out.reserve_block = 6;
    return out;
}

}  // namespace

Storm::Count& Storm::Count::operator+=(const Count& other) {
    landed += other.landed;
    crashes += other.crashes;
    undone += other.undone;
    fired += other.fired;
    reused += other.reused;
    replaced += other.replaced;
    cancelled += other.cancelled;
    outbid += other.outbid;
    requeued += other.requeued;
    return *this;
}

Storm::Storm(std::uint32_t seed, const SchedulerDefects& defects) : random_{seed}, defects_{defects} {
    start_process();
}

void Storm::require(bool condition, const std::string& promise) {
    if (!condition && violation_.empty()) violation_ = promise;
}

void Storm::start_process() {
    scheduler_.emplace(storm_options(), defects_);
    spends_ = SpendLedger{SpendLimits{}};
    spends_.restore(load());
    feed(Recovered{load()});
    feed(Tick{Timestamp{now_}});
    feed(HeadSeen{node_.head()});
    for (const GateReason reason : closed_)
        feed(Gate{reason, true});
}

void Storm::crash() {
    ++count_.crashes;
    // Whatever was on its way to the node may have arrived.
    for (const Send& send : sends_) {
        if (draw(2) == 0) static_cast<void>(node_.take(journal_.at(send.attempt)));
    }
    sends_.clear();
    queries_.clear();
    armed_.clear();
    armed_intents_.clear();
    disk_queue_.clear();
    signer_down_ = false;
    for (const auto& entry : journal_) {
        if (entry.second.status == AttemptStatus::armed) unwanted_.insert(entry.second.intent_id);
    }
    for (const auto& [id, intent] : intents_) {
        if (ended_.contains(id)) continue;
        finals_.erase(id);  // the last word was not written down: it is said again, or nothing was durable
        const bool made = std::any_of(journal_.begin(), journal_.end(), [intent = id](const auto& known) {
            return known.second.intent_id == intent && known.second.status != AttemptStatus::dropped;
        });
        if (!made) unowned_.insert(id);
    }
    start_process();
}

void Storm::feed(const SignerEvent& event) {
    Actions actions;
    scheduler_->on(event, actions);
    carry_out_all(actions);
}

void Storm::carry_out_all(const Actions& actions) {
    for (const Action& action : actions)
        carry_out(action);
    require(scheduler_->state() != KeyState::stopped, "the key stays in use: " + scheduler_->state_reason());
}

void Storm::carry_out(const Action& action) {
    if (const auto* reserve = std::get_if<Reserve>(&action)) {
        disk_queue_.push_back({ReserveNonces{reserve->through}});
    } else if (const auto* sign = std::get_if<Sign>(&action)) {
        on_sign(*sign);
    } else if (const auto* persist = std::get_if<Persist>(&action)) {
        disk_queue_.push_back({InsertAttempt{persist->row}});
    } else if (const auto* record = std::get_if<Record>(&action)) {
        for (const JournalEntry& entry : record->entries) {
            if (const auto* update = std::get_if<UpdateAttempt>(&entry)) spends_.note(*update);
        }
        disk_queue_.push_back(record->entries);
    } else if (const auto* discarded = std::get_if<Discarded>(&action)) {
        spends_.release(discarded->attempt);
    } else if (const auto* send = std::get_if<Send>(&action)) {
        on_send(*send);
    } else if (const auto* query = std::get_if<Query>(&action)) {
        queries_.push_back(*query);
    } else if (const auto* report = std::get_if<Report>(&action)) {
        on_report(*report);
    } else if (const auto* declined = std::get_if<Declined>(&action)) {
        unowned_.insert(declined->intent_id);
    } else if (const auto* notice = std::get_if<Notice>(&action)) {
        on_notice(*notice);
    }
}

void Storm::on_sign(const Sign& sign) {
    if (signer_down_) {
        feed(SignRefused{sign.attempt, Refusal{RefusalReason::key_failed, "storm"}});
        return;
    }
    const bool again = journal_.contains(sign.attempt);
    const bool execute = sign.purpose == Purpose::execute && !again;
    require(!execute || !closed_.contains(GateReason::killed),
            "after the kill switch only cancels are signed");
    require(!execute || closed_.empty() || has_open(sign.intent_id),
            "while a gate is closed nothing new is signed");
    require(!sign.armed || closed_.empty(), "while a gate is closed nothing is armed");
    auto made = approve_and_sign(Policy{World::limits()}, spends_, World::key(), sign.attempt, sign.purpose,
                                 sign.fields, sign.data_fee);
    require(made.has_value(), "the scheduler stays within the policy");
    if (made) feed(Signed{sign.attempt, *std::move(made)});
}

void Storm::on_send(const Send& send) {
    const auto found = journal_.find(send.attempt);
    require(found != journal_.end(),
            "a send follows its durable row: attempt " + std::to_string(send.attempt));
    if (found == journal_.end()) return;
    const AttemptRow& row = found->second;
    const auto decoded = decode_transaction(send.raw);
    require(decoded && decoded->hash == row.hash && send.hash == row.hash,
            "sends are byte for byte what is durable");
    require(row.status != AttemptStatus::dropped, "what was dropped is never sent");
    for (const auto& [id, other] : journal_) {
        const bool open_elsewhere = other.nonce != row.nonce && !is_final(other.status);
        if (other.intent_id != row.intent_id || row.intent_id == 0 || !ever_sent_.contains(id)) continue;
        require(!open_elsewhere, "an intent is under way at one nonce only");
    }
    ever_sent_.insert(send.attempt);
    sends_.push_back(send);
}

void Storm::on_report(const Report& report) {
    const OutcomeKind kind = report.outcome.kind;
    if (report.stage == ReportStage::undone) ++count_.undone;
    if (report.stage != ReportStage::final) return;
    const std::uint64_t id = report.outcome.intent_id;
    const auto earlier = finals_.find(id);
    require(earlier == finals_.end(), "the last word on an intent is said once: " + std::to_string(id));
    require(!report.outcome.block_hash.is_zero(), "a final state names its block");
    if (kind == OutcomeKind::cancelled) ++count_.cancelled;
    if (kind == OutcomeKind::outbid) ++count_.outbid;
    finals_[id] = report.outcome;
}

void Storm::on_notice(const Notice& notice) {
    if (notice.kind == Notice::Kind::reused) ++count_.reused;
    if (notice.kind == Notice::Kind::replaced) ++count_.replaced;
}

void Storm::submit() {
    Intent intent = World::intent(scheduler_->next_intent_id(), static_cast<std::uint8_t>(1 + draw(8)),
                                  node_.head().number.value + 1 + draw(6), draw(100));
    intents_[intent.id] = intent;
    feed(IntentSubmitted{intent});
}

void Storm::arm() {
    const Intent intent = World::intent(scheduler_->next_intent_id(), static_cast<std::uint8_t>(1 + draw(8)),
                                        node_.head().number.value + 3 + draw(12), draw(100));
    intents_[intent.id] = intent;
    unowned_.insert(intent.id);
    Actions actions;
    const ArmedSlot slot = scheduler_->arm(intent, actions);
    armed_.push_back(slot);
    armed_intents_[slot.slot] = intent.id;
    carry_out_all(actions);
    if (draw(2) == 0) flush_journal(1000);
}

void Storm::fire() {
    if (armed_.empty()) return;
    ArmedSlot slot = armed_[draw(static_cast<std::uint32_t>(armed_.size()))];
    for (const ArmedSlot& other : armed_) {
        if (draw(2) == 0 && scheduler_->ready(other)) slot = other;
    }
    const bool ready = scheduler_->ready(slot);
    Actions actions;
    if (!scheduler_->fire(slot, actions)) return;
    unowned_.erase(armed_intents_.at(slot.slot));
    const bool sent = !actions.empty() && std::holds_alternative<Send>(actions.front());
    require(ready == sent, "what is ready leaves at once, and nothing else does");
    if (sent) ++count_.fired;
    carry_out_all(actions);
}

void Storm::disarm() {
    if (armed_.empty()) return;
    Actions actions;
    scheduler_->disarm(armed_[draw(static_cast<std::uint32_t>(armed_.size()))], actions);
    carry_out_all(actions);
}

}  // namespace plimsoll::signer
