// SPDX-License-Identifier: Apache-2.0
// What is held ready, and the thread that receives prices for it.
#include "bot/endpoint_params.hpp"
#include "bot/keeper.hpp"

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
    for (std::size_t i = 0; i < config_.endpoints.size(); ++i) {
        const config::Endpoint& endpoint = config_.endpoints[i];
        if (!can_follow(endpoint)) continue;
        Result<rpc::EndpointParams> feed = endpoint_params(endpoint, config_.chain.id);
        if (!feed) continue;  // it was opened before
        feed->use = rpc::Use::feed;
        rpc::EndpointParams submit = *feed;
        feed->read_only = true;
        submit.use = rpc::Use::submit;
        params.ways.push_back({*std::move(feed), std::move(submit)});
        hot_sources_.push_back(static_cast<SourceId>(i));
    }
    log_.info("mode", "answers that send what is armed come to a thread of their own",
              {{"ways", params.ways.size()},
               {"thread", std::string{config::to_string(config_.execution.hot_thread)}}});
    hot_ = std::make_unique<HotThread>(std::move(params), [this] {
        boost::asio::post(io_, [this] {
            static_cast<void>(desk_->settle());
            refresh_armed();
        });
    });
    if (config_.execution.hot_core == 0) return std::nullopt;
    const Result<void> kept = hot_->keep_to(config_.execution.hot_core - 1);
    if (kept) return std::nullopt;
    return Ending{ExitCode::config, "execution.hot_core = " + std::to_string(config_.execution.hot_core) +
                                        " cannot be used: " + kept.error().context};
}

void Keeper::open_desk() {
    const auto fire = [this](const strategy::Decision& decision, const ArmedDesk::Armed& armed) {
        return launch(decision, armed, 0);
    };
    const auto left = [this](const strategy::Decision& decision, const ArmedDesk::Armed& armed,
                             std::int64_t at, bool decided) { launch_left(decision, armed, at, decided); };
    desk_ = std::make_unique<ArmedDesk>(
        ArmedDesk::Parts{*engine_, *submission_, hot_ ? &hot_->handover() : nullptr,
                         [this](const strategy::Decision& decision) { return intent_of(decision); }, fire,
                         left, [this] { return held_back(); }});
}

/// Not what an endpoint tells that lags, lied or stands on another chain, as far as its connections of the
/// writer thread let know.
void Keeper::refresh_armed() {
    if (!desk_) return;
    for (std::size_t way = 0; hot_ && way < hot_sources_.size(); ++way)
        hot_->handover().believe(way, feed_ && feed_->believes(hot_sources_[way]));
    desk_->refresh();
}

/// `left_at`: when its bytes were handed over already, or 0.
bool Keeper::launch(const strategy::Decision& decision, const ArmedDesk::Armed& armed, std::int64_t left_at) {
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

void Keeper::launch_left(const strategy::Decision& decision, const ArmedDesk::Armed& armed,
                         std::int64_t left_at, bool decided) {
    if (decided) tally_.decided(decision);
    if (decided) missed_->decided(decision);
    static_cast<void>(launch(decision, armed, left_at));
    if (decided) narrator_->decided(decision);
}

}  // namespace plimsoll::bot
