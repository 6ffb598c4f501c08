// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/signer/storm.hpp"

#include "signer/signing.hpp"
#include "tests/unit/signer/scheduler_world.hpp"

#include <algorithm>

namespace plimsoll::signer {

namespace {

constexpr std::uint64_t kConfirmations = 3;  // the node loses at most two blocks in a row

SchedulerOptions storm_options() {
    SchedulerOptions out = World::default_options();
    out.confirmations = kConfirmations;
    out.max_in_flight = 4;
    return out;
}

std::string describe(const AttemptRow& row) {
    return "attempt " + std::to_string(row.id) + " (" + std::string{to_string(row.purpose)} + ", nonce " +
           std::to_string(row.nonce.value) + ", " + std::string{to_string(row.status)} + ", " +
           to_decimal(row.fee.max_fee_per_gas.raw()) + ")";
}

bool is_open(const AttemptRow& row) {
    return !is_final(row.status);
}

}  // namespace

Storm::Storm(std::uint32_t seed) : random_{seed} {
    start_process();
}

void Storm::require(bool condition, const std::string& promise) {
    if (!condition && violation_.empty()) violation_ = promise;
}

void Storm::start_process() {
    scheduler_.emplace(storm_options());
    JournalState state;
    for (const auto& [id, row] : journal_) {
        state.next_attempt = std::max(state.next_attempt, id + 1);
        if (is_open(row)) state.open.push_back(row);
        if (row.status != AttemptStatus::dropped) {
            state.highest_nonce = std::max(state.highest_nonce.value_or(Nonce{}), row.nonce);
        }
        if (is_final(row.status) && row.status != AttemptStatus::dropped) {
            state.highest_landed = std::max(state.highest_landed.value_or(Nonce{}), row.nonce);
        }
    }
    std::sort(state.open.begin(), state.open.end(), [](const AttemptRow& a, const AttemptRow& b) {
        return std::pair{a.nonce, a.id} < std::pair{b.nonce, b.id};
    });
    if (!intents_.empty()) state.next_intent = intents_.rbegin()->first + 1;
    feed(Recovered{state});
    feed(Tick{Timestamp{now_}});
    feed(HeadSeen{node_.head()});
}

void Storm::crash() {
    // Whatever was on its way to the node may have arrived.
    for (const Send& send : sends_) {
        if (draw(2) == 0) static_cast<void>(node_.take(journal_.at(send.attempt)));
    }
    sends_.clear();
    queries_.clear();
    for (const std::vector<JournalEntry>& stroke : disk_queue_) {
        // That it was dropped is not on the disk, so it is under way again.
        const auto* update = std::get_if<UpdateAttempt>(&stroke.front());
        if (update != nullptr && update->status == AttemptStatus::dropped)
            finals_.erase(journal_.at(update->id).intent_id);
    }
    disk_queue_.clear();
    for (const auto& [id, intent] : intents_) {
        const auto of_intent = [id = id](const auto& entry) {
            return entry.second.intent_id == id && entry.second.status != AttemptStatus::dropped;
        };
        if (std::none_of(journal_.begin(), journal_.end(), of_intent)) unowned_.insert(id);
    }
    start_process();
}

void Storm::feed(const SignerEvent& event) {
    Actions actions;
    scheduler_->on(event, actions);
    for (const Action& action : actions)
        carry_out(action);
    require(scheduler_->state() != KeyState::stopped, "the key stays in use: " + scheduler_->state_reason());
}

void Storm::carry_out(const Action& action) {
    if (const auto* sign = std::get_if<Sign>(&action)) {
        auto made = approve_and_sign(Policy{World::limits()}, World::key(), sign->purpose, sign->fields);
        require(made.has_value(), "the scheduler stays within the policy");
        if (made) feed(Signed{sign->attempt, *std::move(made)});
    } else if (const auto* persist = std::get_if<Persist>(&action)) {
        disk_queue_.push_back({InsertAttempt{persist->row}});
    } else if (const auto* record = std::get_if<Record>(&action)) {
        disk_queue_.emplace_back(record->updates.begin(), record->updates.end());
    } else if (const auto* send = std::get_if<Send>(&action)) {
        on_send(*send);
    } else if (const auto* query = std::get_if<Query>(&action)) {
        queries_.push_back(*query);
    } else if (const auto* report = std::get_if<Report>(&action)) {
        on_report(*report);
    } else if (const auto* declined = std::get_if<Declined>(&action)) {
        unowned_.insert(declined->intent_id);
    }
}

void Storm::on_send(const Send& send) {
    const auto row = journal_.find(send.attempt);
    require(row != journal_.end(), "a send follows its durable row");
    if (row == journal_.end()) return;
    require(row->second.raw == send.raw && row->second.hash == send.hash,
            "sends are byte for byte what is durable");
    require(row->second.status != AttemptStatus::dropped, "what was dropped is never sent");
    for (const auto& [id, other] : journal_) {
        if (other.nonce != row->second.nonce || !ever_sent_.contains(id)) continue;
        require(other.intent_id == row->second.intent_id,
                "a nonce is never given to two intents that could both land");
    }
    ever_sent_.insert(send.attempt);
    sends_.push_back(send);
}

void Storm::on_report(const Report& report) {
    if (report.stage != ReportStage::final) return;
    const std::uint64_t id = report.outcome.intent_id;
    const auto earlier = finals_.find(id);
    // After a crash the last word may be said again, if the journal had not heard it.
    require(earlier == finals_.end() || earlier->second.kind == report.outcome.kind,
            "the last word on an intent is not changed: " + std::to_string(id) + " was " +
                std::string{earlier == finals_.end() ? "" : to_string(earlier->second.kind)} + ", is " +
                std::string{to_string(report.outcome.kind)} + ": " + report.text);
    finals_[id] = report.outcome;
}

void Storm::submit() {
    Intent intent = World::intent(scheduler_->next_intent_id(), static_cast<std::uint8_t>(1 + draw(6)),
                                  node_.head().number.value + 1 + draw(6), draw(100));
    intents_[intent.id] = intent;
    unowned_.erase(intent.id);
    feed(IntentSubmitted{intent});
}

void Storm::check_row(const AttemptRow& row) {
    require(row.fee.max_fee_per_gas <= to_wei(Gwei{100}), "no fee is above the cap");
    for (const auto& [id, other] : journal_) {
        const bool dropped = other.status == AttemptStatus::dropped;
        if (other.nonce == row.nonce && !dropped) {
            require(other.intent_id == row.intent_id, "a durable nonce has one intent");
            const bool raised =
                row.fee.max_fee_per_gas >= fees::bumped(other.fee.max_fee_per_gas) &&
                row.fee.max_priority_fee_per_gas >= fees::bumped(other.fee.max_priority_fee_per_gas);
            require(raised || !ever_sent_.contains(id), "a replacement raises both fields by the rule: " +
                                                            describe(other) + " and then " + describe(row));
        }
        const bool same_key = other.key == row.key && row.intent_id != 0 && other.intent_id != 0;
        if (same_key && other.intent_id != row.intent_id)
            require(!is_open(other), "a key has one intent that is not final");
        if (other.intent_id == row.intent_id && row.intent_id != 0 && !dropped) {
            require(other.nonce == row.nonce, "an intent has one nonce");
        }
    }
}

void Storm::flush_journal(std::size_t most) {
    for (; most > 0 && !disk_queue_.empty(); --most) {
        const std::vector<JournalEntry> stroke = std::move(disk_queue_.front());
        disk_queue_.pop_front();
        for (const JournalEntry& entry : stroke)
            make_durable(entry);
    }
}

void Storm::make_durable(const JournalEntry& entry) {
    if (const auto* insert = std::get_if<InsertAttempt>(&entry)) {
        check_row(insert->row);
        for (auto& known : journal_) {
            AttemptRow& row = known.second;
            const bool newest = row.status == AttemptStatus::signed_ || row.status == AttemptStatus::sent;
            if (row.nonce == insert->row.nonce && newest) row.status = AttemptStatus::superseded;
        }
        journal_[insert->row.id] = insert->row;
        feed(Persisted{insert->row.id});
    } else if (const auto* update = std::get_if<UpdateAttempt>(&entry)) {
        AttemptRow& row = journal_.at(update->id);
        require(is_open(row), "a final state is final");
        if (update->status == AttemptStatus::dropped)
            require(!ever_sent_.contains(update->id), "only the unsent is dropped");
        row.status = update->status;
    }
}

void Storm::answer_send(bool honest) {
    if (sends_.empty()) return;
    const Send send = sends_.front();
    sends_.pop_front();
    const AttemptRow& row = journal_.at(send.attempt);
    const std::uint32_t luck = honest ? 0 : draw(12);
    SendClass answer = SendClass::unknown;
    if (luck < 6) {
        answer = node_.take(row);
    } else if (luck == 6) {
        static_cast<void>(node_.take(row));  // arrived, but the answer is lost
    } else if (luck == 7) {
        answer = SendClass::accepted;  // told so and forgotten
    } else if (luck == 8) {
        answer = SendClass::unfunded;
    } else if (luck == 9) {
        answer = SendClass::underpriced;
    } else if (luck == 10) {
        answer = row.purpose == Purpose::cancel ? SendClass::unknown : SendClass::invalid;
    }
    feed(SendResult{send.attempt, answer, "storm"});
}

void Storm::answer_query() {
    if (queries_.empty()) return;
    const Query query = queries_.front();
    queries_.pop_front();
    if (const auto* receipt = std::get_if<ReceiptQuery>(&query)) {
        feed(ReceiptSeen{receipt->transaction_hash, node_.receipt(receipt->transaction_hash), receipt->head});
    } else {
        feed(NonceRead{node_.latest(), node_.pending()});
    }
}

void Storm::new_block(std::size_t most) {
    const Head head = node_.mine(most, draw(8));
    feed(HeadSeen{head});
}

void Storm::reorganise() {
    const std::uint32_t depth = 1 + draw(kConfirmations - 1);
    std::vector<Hash32> gone;
    for (std::uint32_t i = 0; i < depth; ++i) {
        const auto hash = node_.undo(draw(3) != 0);
        if (hash) gone.push_back(*hash);
    }
    for (const Hash32& hash : gone)
        feed(HeadUndone{hash});
    // The new branch is longer than what it replaces.
    for (std::size_t i = 0; i <= gone.size(); ++i)
        new_block(draw(3));
}

void Storm::step(std::uint8_t choice) {
    switch (choice % 16) {
        case 0:
        case 1:
        case 2:
            submit();
            break;
        case 3:
        case 4:
            flush_journal(1 + draw(3));
            break;
        case 5:
        case 6:
            answer_send(false);
            break;
        case 7:
        case 8:
        case 9:
            for (int i = 0; i < 6; ++i)
                answer_query();
            break;
        case 10:
        case 11:
            new_block(draw(4));
            break;
        case 12:
            reorganise();
            break;
        case 13:
            now_ += 1 + draw(6);
            feed(Tick{Timestamp{now_}});
            break;
        case 14:
            if (!intents_.empty())
                feed(CancelRequested{1 + draw(static_cast<std::uint32_t>(intents_.size()))});
            break;
        case 15:
            if (draw(3) == 0) {
                crash();
            } else if (!queries_.empty()) {
                queries_.pop_front();  // the question is lost
            }
            break;
    }
}

void Storm::calm() {
    for (int round = 0; round < 120 && violation_.empty(); ++round) {
        flush_journal(1000);
        while (!sends_.empty())
            answer_send(true);
        flush_journal(1000);
        while (!queries_.empty())
            answer_query();
        now_ += 3;
        feed(Tick{Timestamp{now_}});
        new_block(8);
    }
    check_end();
}

void Storm::check_end() {
    require(scheduler_->state() == KeyState::ready, "the key can be used: " + scheduler_->state_reason());
    require(scheduler_->in_flight() == 0 && scheduler_->waiting() == 0, "nothing stays under way for ever");
    std::map<std::uint64_t, const AttemptRow*> by_intent;
    const std::vector<AttemptRow> landed = node_.landed();
    for (const AttemptRow& row : landed) {
        require(journal_.contains(row.id), "only what is durable lands");
        if (row.intent_id == 0 || row.purpose == Purpose::cancel) continue;
        require(by_intent.emplace(row.intent_id, &row).second, "no intent lands twice");
    }
    for (const auto& [id, row] : journal_) {
        require(!is_open(row), "every row becomes final");
        require(row.nonce < node_.latest() || row.status == AttemptStatus::dropped, "no nonce stays behind");
    }
    for (const auto& [id, intent] : intents_) {
        const auto final = finals_.find(id);
        require(final != finals_.end() || unowned_.contains(id),
                "no intent is forgotten: " + std::to_string(id));
        if (final == finals_.end()) continue;
        const bool told =
            final->second.kind == OutcomeKind::confirmed || final->second.kind == OutcomeKind::reverted;
        require(told == by_intent.contains(id),
                "what is told is what the chain holds: intent " + std::to_string(id));
        if (!told) continue;
        const auto receipt = node_.receipt(by_intent.at(id)->hash);
        require((final->second.kind == OutcomeKind::confirmed) == receipt->success,
                "success is what the receipt says");
        require(final->second.block_hash == receipt->block_hash, "the final block is the chain's");
    }
}

}  // namespace plimsoll::signer
