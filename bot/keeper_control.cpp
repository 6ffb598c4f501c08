// SPDX-License-Identifier: Apache-2.0
// Orders from this machine: the control socket, the pause mark, the kill switch.
#include "bot/commands/version.hpp"
#include "bot/control/control_server.hpp"
#include "bot/keeper.hpp"
#include "chain/async/deadline.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <unistd.h>

#include <utility>

namespace plimsoll::bot {
namespace {

namespace json = boost::json;

std::string said(bool good, const std::string& text) {
    return json::serialize(json::object{{"ok", good}, {"text", text}});
}

}  // namespace

void Keeper::open_control() {
    control_ = std::make_unique<ControlServer>(
        io_.get_executor(), [this](const ControlRequest& request) { return obey(request); });
    const Result<void> listening = control_->listen(data_folder());
    if (!listening) {
        log_.warn("hold", "no orders are taken: " + listening.error().context, {});
        control_.reset();
    }
    look_at_switches();
}

async::Task<void> Keeper::watch_switches() {
    constexpr std::chrono::milliseconds kLook{250};
    for (;;) {
        look_at_switches();
        co_await async::sleep_for(kLook);
    }
}

void Keeper::look_at_switches() {
    const bool paused = switches_.paused();
    const bool killed = switches_.killed();
    if (submission_) submission_->sign_cancels_only(killed);
    if (paused == paused_ && killed == killed_) return;
    if (submission_ && paused != paused_) submission_->on(signer::Gate{signer::GateReason::paused, paused});
    if (submission_ && killed != killed_) submission_->on(signer::Gate{signer::GateReason::killed, killed});
    if (killed != killed_) {
        const std::string file = switches_.kill_file().string();
        if (killed) log_.error("hold", "killed: nothing is signed but cancellations", {{"file", file}});
        if (!killed) log_.warn("hold", "no longer killed", {{"file", file}});
    }
    if (paused != paused_)
        log_.warn("hold", paused ? "paused: nothing new is signed" : "resumed",
                  {{"file", switches_.pause_file().string()}});
    paused_ = paused;
    killed_ = killed;
    engine_->hold(strategy::Reason::paused, held_back());
    if (held_back()) withdraw_unsigned();
    refresh_armed();
}

/// What waits for a nonce is let go: it would be signed on old prices later.
void Keeper::withdraw_unsigned() {
    if (!submission_) return;
    std::vector<std::uint64_t> waiting;
    for (const auto& [id, sent] : sent_) {
        if (!sent.signed_once) waiting.push_back(id);
    }
    for (const std::uint64_t id : waiting)
        submission_->on(signer::CancelRequested{id});
}

std::string Keeper::obey(const ControlRequest& request) {
    if (request.order == "status") return status();
    if (request.order == "pause" || request.order == "resume") {
        const bool wanted = request.order == "pause";
        const Result<void> done = wanted ? switches_.pause() : switches_.resume();
        if (!done) return said(false, done.error().context);
        look_at_switches();
        return said(true, wanted ? "paused" : "resumed");
    }
    if (request.order == "cancel") return cancel_intent(request.intent.value_or(0));
    return said(false, "no such order");
}

std::string Keeper::cancel_intent(std::uint64_t id) {
    if (!submission_) return said(false, "this keeper sends nothing");
    if (!sent_.contains(id) && !adopted_.contains(id))
        return said(false, "intent " + std::to_string(id) + " is not under way");
    log_.warn("withdraw", "asked to", {{"intent", id}});
    submission_->on(signer::CancelRequested{id});
    const bool gone = !sent_.contains(id) && !adopted_.contains(id);
    const std::string what = "intent " + std::to_string(id);
    return said(true, gone ? what + " is cancelled; nothing of it was sent"
                           : what + " is being cancelled at its nonce, unless it has landed; see tx show");
}

std::string Keeper::status() const {
    const Readiness readiness = engine_->readiness();
    json::array unready;
    for (unsigned i = 0; i <= static_cast<unsigned>(NotReady::stopping); ++i) {
        const auto reason = static_cast<NotReady>(i);
        if (readiness.has(reason)) unready.emplace_back(to_string(reason));
    }
    json::object out{{"schema", "plimsoll.status.v1"},
                     {"ok", true},
                     {"pid", static_cast<std::int64_t>(::getpid())},
                     {"version", version()},
                     {"mode", config::to_string(mode_)},
                     {"chain", config_.chain.id.value},
                     {"block", head_.number.value},
                     {"block_time", head_.timestamp.value},
                     {"ready", readiness.ready()},
                     {"not_ready", std::move(unready)},
                     {"paused", paused_},
                     {"killed", killed_},
                     {"found", tally_.found()},
                     {"sent", tally_.sent()},
                     {"won", tally_.won()},
                     {"reverted", tally_.reverted()}};
    if (submission_) {
        const signer::Scheduler& scheduler = submission_->scheduler();
        out["key"] = to_string(submission_->sender());
        out["key_state"] = signer::to_string(scheduler.state());
        out["key_reason"] = scheduler.state_reason();
        out["in_flight"] = scheduler.in_flight();
        out["waiting"] = scheduler.waiting();
    }
    return json::serialize(out);
}

}  // namespace plimsoll::bot
