// SPDX-License-Identifier: Apache-2.0
// What the node, the network, the operator and the others do.
#include "tests/unit/signer/scheduler_world.hpp"
#include "tests/unit/signer/storm.hpp"

#include <algorithm>
#include <array>

namespace plimsoll::signer {

void Storm::answer_send(bool honest) {
    if (sends_.empty()) return;
    const Send send = sends_.front();
    sends_.pop_front();
    const AttemptRow& row = journal_.at(send.attempt);
    const std::uint32_t luck = honest ? 0 : draw(13);
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
        if (answer == SendClass::invalid) unwanted_.insert(row.intent_id);
    } else if (luck == 11) {
        answer = SendClass::nonce_too_high;
    }
    feed(SendResult{send.attempt, answer, "storm"});
}

void Storm::answer_query(bool honest) {
    if (queries_.empty()) return;
    const Query query = queries_.front();
    queries_.pop_front();
    const std::size_t lag = !honest && draw(6) == 0 ? 1 : 0;
    if (const auto* receipt = std::get_if<ReceiptQuery>(&query)) {
        const Hash32& hash = receipt->transaction_hash;
        if (node_.pooled(hash) && draw(4) == 0) feed(PoolSeen{hash});
        feed(ReceiptSeen{hash, node_.receipt(hash, lag), receipt->head});
    } else {
        const Nonce latest = node_.latest(lag);
        feed(NonceRead{latest, lag == 0 ? node_.pending() : latest});
    }
}

void Storm::new_block(std::size_t most) {
    const Head head = node_.mine(most, draw(8));
    feed(HeadSeen{head});
}

void Storm::reorganise() {
    const std::uint32_t depth = 1 + draw(2);
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

void Storm::outbid() {
    const Intent any = World::intent(0, static_cast<std::uint8_t>(1 + draw(8)));
    for (const auto& [id, intent] : intents_) {
        if (intent.key == any.key) unwanted_.insert(id);
    }
    feed(OutbidSeen{any.key, node_.head().hash, node_.head().number});
}

void Storm::gate() {
    constexpr std::array kReasons{GateReason::paused, GateReason::killed, GateReason::balance_low};
    const GateReason reason = kReasons[draw(kReasons.size())];
    const bool close = draw(3) == 0;
    if (close) closed_.insert(reason);
    if (!close) closed_.erase(reason);
    feed(Gate{reason, close});
}

void Storm::trouble() {
    switch (draw(6)) {
        case 0:
            crash();
            break;
        case 1:
            signer_down_ = !signer_down_;
            break;
        case 2:
            node_.set_base_fee(to_wei(Gwei{draw(4) == 0 ? 150 : 5 + draw(60)}));
            break;
        case 3:
            node_.forget_one(draw(8));
            break;
        default:
            if (!queries_.empty()) queries_.pop_front();  // the question is lost
    }
}

void Storm::step(std::uint8_t choice) {
    switch (choice % 20) {
        case 0:
        case 1:
        case 2:
            return submit();
        case 3:
        case 4:
        case 5:
            return flush_journal(1 + draw(4));
        case 6:
        case 7:
            return answer_send(false);
        case 8:
        case 9:
        case 10:
            for (int i = 0; i < 8; ++i)
                answer_query(false);
            return;
        case 11:
        case 12:
            return new_block(draw(4));
        case 13:
            return reorganise();
        case 14:
            now_ += 1 + draw(6);
            return feed(Tick{Timestamp{now_}});
        case 15:
            if (intents_.empty()) return;
            {
                const std::uint64_t id = 1 + draw(static_cast<std::uint32_t>(intents_.size()));
                unwanted_.insert(id);
                return feed(CancelRequested{id});
            }
        case 16:
            return arm();
        case 17:
            return draw(5) == 0 ? disarm() : fire();
        case 18:
            return draw(2) == 0 ? outbid() : gate();
        default:
            return trouble();
    }
}

void Storm::calm() {
    signer_down_ = false;
    node_.set_base_fee(to_wei(Gwei{10}));
    for (const GateReason reason : std::set{closed_}) {
        closed_.erase(reason);
        feed(Gate{reason, false});
    }
    for (const ArmedSlot slot : armed_) {
        Actions actions;
        scheduler_->disarm(slot, actions);
        carry_out_all(actions);
    }
    const auto busy = [this] {
        return scheduler_->in_flight() != 0 || scheduler_->waiting() != 0 || !disk_queue_.empty();
    };
    for (int round = 0; round < 120 && violation_.empty() && (busy() || round < 8); ++round) {
        flush_journal(1000);
        while (!sends_.empty())
            answer_send(true);
        flush_journal(1000);
        while (!queries_.empty())
            answer_query(true);
        now_ += 3;
        feed(Tick{Timestamp{now_}});
        new_block(8);
    }
    flush_journal(1000);
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
        require(is_final(row.status), "every row becomes final");
        require(row.nonce < node_.latest() || row.status == AttemptStatus::dropped, "no nonce stays behind");
    }
    require(spends_.open().is_zero(), "what was charged is given back or settled");
    check_intents(by_intent);
}

void Storm::check_intents(const std::map<std::uint64_t, const AttemptRow*>& landed) {
    for (const auto& [id, intent] : intents_) {
        const auto final = finals_.find(id);
        require(final != finals_.end() || (unowned_.contains(id) && !landed.contains(id)),
                "no intent is forgotten: " + std::to_string(id));
        if (final == finals_.end()) continue;
        const OutcomeKind kind = final->second.kind;
        require(ended_.contains(id) && ended_.at(id).kind == kind, "what is told is what is written down");
        const bool told = kind == OutcomeKind::confirmed || kind == OutcomeKind::reverted;
        require(told == landed.contains(id),
                "what is told is what the chain holds: intent " + std::to_string(id));
        if (!told || !landed.contains(id)) continue;
        const auto receipt = node_.receipt(landed.at(id)->hash);
        require((kind == OutcomeKind::confirmed) == receipt->success, "success is what the receipt says");
        require(final->second.block_hash == receipt->block_hash, "the final block is the chain's");
    }
}

Storm::Count Storm::count() const {
    Count out = count_;
    out.landed = node_.landed().size();
    return out;
}

}  // namespace plimsoll::signer
