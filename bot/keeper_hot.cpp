// SPDX-License-Identifier: Apache-2.0
// What may leave without the writer thread, and what has.
#include "bot/endpoint_params.hpp"
#include "bot/keeper.hpp"
#include "signer/lanes/size_guard.hpp"
#include "strategy/prices/price_leaves.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace plimsoll::bot {

bool Keeper::wants_hot() const noexcept {
    return mode_ == config::Mode::live && config_.execution.armed != 0 && config_.strategy.speculate &&
           config_.execution.hot_thread != config::HotThread::off;
}

/// Not where a relay should have a transaction before the public does.
std::optional<Ending> Keeper::open_hot(const signer::LanePlan& lanes) {
    if (!wants_hot()) return std::nullopt;
    if (!lanes.public_at_once()) {
        log_.info("mode", "no thread of its own for prices: it would make public what relays come first for",
                  {});
        return std::nullopt;
    }
    HotThread::Params params;
    params.spin = config_.execution.hot_thread == config::HotThread::spin;
    for (const config::Endpoint& endpoint : config_.endpoints) {
        if (!can_follow(endpoint)) continue;
        Result<rpc::EndpointParams> feed = endpoint_params(endpoint, config_.chain.id);
        if (!feed) continue;  // it was opened before
        feed->use = rpc::Use::feed;
        rpc::EndpointParams submit = *feed;
        feed->read_only = true;
        submit.use = rpc::Use::submit;
        params.ways.push_back({*std::move(feed), std::move(submit)});
    }
    log_.info("mode", "answers that send what is armed come to a thread of their own",
              {{"ways", params.ways.size()},
               {"thread", std::string{config::to_string(config_.execution.hot_thread)}}});
    hot_ = std::make_unique<HotThread>(std::move(params), [this] {
        boost::asio::post(io_, [this] {
            static_cast<void>(settle_hot());
            refresh_hot();
        });
    });
    if (config_.execution.hot_core == 0) return std::nullopt;
    const Result<void> kept = hot_->keep_to(config_.execution.hot_core - 1);
    if (kept) return std::nullopt;
    return Ending{ExitCode::config, "execution.hot_core = " + std::to_string(config_.execution.hot_core) +
                                        " cannot be used: " + kept.error().context};
}

bool Keeper::may_leave_alone() const {
    const std::optional<Head> applied = engine_->applied();
    return !held_back() && arms_due_.empty() && !triggers_.triggers.empty() && applied &&
           applied->number.next(1) == triggers_.block && engine_->may_send();
}

/// What is signed and durable for each trigger; 0: nothing.
std::vector<signer::AttemptId> Keeper::armed_attempts() const {
    std::vector<signer::AttemptId> out;
    for (const strategy::Trigger& trigger : triggers_.triggers) {
        const auto found = armed_.find(trigger.key);
        const auto bytes =
            found == armed_.end() ? std::nullopt : submission_->scheduler().armed_bytes(found->second.slot);
        out.push_back(bytes ? bytes->attempt : 0);
    }
    return out;
}

/// Brings what the other thread may send to what it is now; the gate is open afterwards if anything may
/// leave.
void Keeper::refresh_hot() {
    if (!hot_ || !submission_) return;
    for (;;) {
        if (!may_leave_alone()) return static_cast<void>(settle_hot());
        std::vector<signer::AttemptId> now = armed_attempts();
        const bool same = !triggers_new_ && now == published_;
        if (same && hot_->is_open()) return;
        if (settle_hot()) continue;  // and nothing is as it was
        if (!same) return publish_hot(std::move(now));
        return hot_->open();
    }
}

void Keeper::publish_hot(std::vector<signer::AttemptId> attempts) {
    auto table = std::make_shared<ArmedTable>(++hot_epoch_, triggers_.block);
    for (std::size_t i = 0; i < attempts.size(); ++i) {
        const strategy::Trigger& trigger = triggers_.triggers[i];
        if (attempts[i] == 0 || !engine_->may_send(trigger.key)) continue;
        const signer::ArmedSlot slot = armed_.at(trigger.key).slot;
        const auto bytes = submission_->scheduler().armed_bytes(slot);
        if (!bytes || !signer::too_large(bytes->raw).empty()) continue;
        std::vector<rpc::PreparedSend> frames;
        for (std::size_t way = 0; way < hot_->ways(); ++way)
            frames.push_back(rpc::prepare_send(++hot_frames_, bytes->raw));
        if (!table->add(trigger, slot, std::move(frames))) break;
    }
    published_ = std::move(attempts);
    triggers_new_ = false;
    hot_->publish(std::move(table));
}

/// Closes the gate. What has left through it becomes what every armed send is, before anything else happens
/// to the scheduler: its bytes go out once more, over all lanes. True if something had left.
bool Keeper::settle_hot() {
    if (!hot_) return false;
    const std::optional<HotDeparture> left = hot_->close();
    if (!left) return false;
    triggers_new_ = true;
    left_in_ = round_;
    const auto found = armed_.find(left->key);
    if (found == armed_.end()) return true;  // nobody lets go of what may leave
    Armed armed = std::move(found->second);
    armed_.erase(found);
    std::erase_if(arms_due_, [&](const std::variant<strategy::Arm, strategy::Disarm>& one) {
        const auto* const arm = std::get_if<strategy::Arm>(&one);
        return arm != nullptr && arm->decision.key == left->key;
    });
    const auto made = engine_->sent_ahead(left->key, left->block_hash, left->block_number, left->received);
    if (!made) {  // it was decided anew in the same moment, and told
        armed.decision.triggered = left->received;
        static_cast<void>(launch(armed.decision, armed, left->left_at));
        return true;
    }
    tally_.decided(*made);
    missed_->decided(*made);
    static_cast<void>(launch(*made, armed, left->left_at));
    narrator_->decided(*made);
    return true;
}

/// What an event says to what is held ready, besides answers.
void Keeper::note_for_hot(const Event& event) {
    if (!hot_) return;
    const auto* const seen = std::get_if<LogSeen>(&event.body);
    if (seen != nullptr && seen->log.topic0() != strategy::kAnswerUpdated && hot_->table() != nullptr)
        hot_->table()->note(seen->log);
    if (std::holds_alternative<BlockStarted>(event.body)) triggers_new_ = true;  // at another price of gas
    if (!std::holds_alternative<BlockUndone>(event.body)) return;
    static_cast<void>(settle_hot());
    triggers_ = {};
}

}  // namespace plimsoll::bot
