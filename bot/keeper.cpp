// SPDX-License-Identifier: Apache-2.0
#include "bot/keeper.hpp"

#include "bot/finality_mark.hpp"
#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "strategy/prices/price_leaves.hpp"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <type_traits>
#include <utility>

namespace plimsoll::bot {

namespace {

/// The second signal: whoever sends it does not want to wait for anything.
void give_up() {
    std::_Exit(static_cast<int>(ExitCode::failed));
}

}  // namespace

Keeper::Keeper(boost::asio::io_context& io, const config::Config& config, RunOptions options, Logger& log)
    : io_{io},
      config_{config},
      options_{std::move(options)},
      log_{log},
      shutdown_{io.get_executor()},
      tasks_{io.get_executor()},
      switches_{config.keeper.data_dir, config.keeper.kill_switch} {}

Keeper::~Keeper() = default;

async::Task<ExitCode> Keeper::run() {
    try {
        co_await async::all_of(live(), stop_when_asked(), async::watch_signals(shutdown_, &give_up));
    } catch (const std::exception& failure) {
        ending_ = Ending{ExitCode::failed, failure.what()};
    }
    finish();
    if (ending_) co_return ending_->code;
    co_return ExitCode::ok;
}

async::Task<void> Keeper::live() {
    if (!options_.fork) {
        co_await follow();
        co_return;
    }
    ending_ = open_fork();
    if (ending_) co_return;
    co_await async::all_of(follow(), stage_->serve());
}

async::Task<void> Keeper::follow() {
    ending_ = co_await start();
    if (ending_) co_return;
    std::vector<async::Task<void>> family;
    family.push_back(feed_->run());
    family.push_back(endpoints_->pool().run());
    family.push_back(tasks_.run());
    family.push_back(summarise());
    family.push_back(watch_endpoints());
    family.push_back(watch_switches());
    family.push_back(rehearse_regularly());
    if (control_) family.push_back(control_->run());
    if (snapshots_) family.push_back(save_regularly());
    if (fork_) {
        family.push_back(fork_->run());
        family.push_back(watch_fork());
        family.push_back(end_fork());
    }
    co_await async::all_of(std::move(family));
}

void Keeper::on_event(Event event) {
    inbox_.push_back(std::move(event));
    if (draining_) return;
    draining_ = true;
    while (!inbox_.empty()) {
        const Event next = std::move(inbox_.front());
        inbox_.pop_front();
        process(next);
    }
    draining_ = false;
}

void Keeper::process(const Event& event) {
    ++round_;
    if (desk_) desk_->begin(event);
    tell_submission(event);
    output_.clear();
    engine_->on(event, output_);
    take_output();
    while (engine_->unfinished()) {
        output_.clear();
        engine_->proceed(output_);
        take_output();
    }
    if (const auto* started = std::get_if<BlockStarted>(&event.body)) narrator_->block(started->head);
    if (const auto* undone = std::get_if<BlockUndone>(&event.body)) narrator_->undone(undone->hash);
    if (const auto* readiness = std::get_if<Readiness>(&event.body)) look_at_finality(*readiness);
    narrator_->readiness(engine_->readiness());
    refresh_armed();
    if (engine_->state() != strategy::EngineState::stopped || ending_) return;
    const Error error = engine_->error().value_or(Error{Errc::malformed_reply, "the engine stopped"});
    ending_ = Ending{exit_code(error.code), error.context};
    shutdown_.request();
}

void Keeper::tell_submission(const Event& event) {
    if (const auto* started = std::get_if<BlockStarted>(&event.body)) {
        head_ = started->head;
        if (fork_) fork_->head(head_);
    }
    if (std::holds_alternative<BlockSealed>(event.body) && engine_->state() == strategy::EngineState::ready)
        ++fork_heads_;
    if (!submission_) return;
    if (std::holds_alternative<BlockStarted>(event.body)) submission_->on(signer::HeadSeen{head_});
    if (const auto* undone = std::get_if<BlockUndone>(&event.body))
        submission_->on(signer::HeadUndone{undone->hash});
    const auto* const tick = std::get_if<Tick>(&event.body);
    if (tick == nullptr) return;
    submission_->on(signer::Tick{tick->now});
    limits_->tick(tick->now);
}

void Keeper::take_output() {
    // Before the winner's own block leads to new decisions about the account.
    const std::vector<Missed> missed = judge_liquidations();
    for (const strategy::Withdraw& withdrawal : output_.withdrawals)
        withdraw(withdrawal.key);
    for (const strategy::Decision& decision : output_.decisions)
        take_decision(decision);
    if (desk_) desk_->take(output_);
    take_reads();
    for (Watch& watch : output_.watches)
        follow_logs(std::move(watch));
    for (const Missed& one : missed)
        narrator_->lost(one);
    for (const strategy::Notice& notice : output_.notices) {
        narrator_->noticed(notice);
        if (notice.kind == strategy::Notice::Kind::parity_broken) distrust_snapshots();
        if (notice.kind == strategy::Notice::Kind::ready) {
            forget_search();
            malloc_trim(0);  // what the start needed for a while goes back to the system
        }
        if (notice.kind == strategy::Notice::Kind::resync) tasks_.spawn(restore());
    }
    for (const strategy::Decision& decision : output_.decisions)
        narrator_->decided(decision);
}

void Keeper::follow_logs(Watch watch) {
    if (hot_) hot_->watch(Watch{watch.addresses, {strategy::kAnswerUpdated}});
    feed_->watch(std::move(watch));
}

void Keeper::take_reads() {
    for (ReadRequest& request : output_.reads)
        tasks_.spawn(read(std::move(request)));
}

void Keeper::take_decision(const strategy::Decision& decision) {
    tally_.decided(decision);
    missed_->decided(decision);
    if (!decision.send()) return;
    if (submission_) {
        submit(decision);
        return;
    }
    const Result<std::int64_t> microseconds =
        fork_ ? fork_->decided(decision) : dry_run_->decided(decision, head_);
    if (microseconds) {
        narrator_->signed_after(*microseconds, decision.speculative);
    } else {
        log_.warn("refused", microseconds.error().context, {{"account", decision.key.account}});
    }
}

signer::Intent Keeper::intent_of(const strategy::Decision& decision) const {
    signer::Intent intent;
    intent.id = submission_->scheduler().next_intent_id();
    intent.key = decision.key;
    intent.to = config_.executor.address;
    intent.calldata = decision.calldata;
    intent.gas_limit = decision.gas_limit;
    intent.last_block = decision.last_block;
    if (!decision.opportunity.net.negative) intent.value_at_stake = decision.opportunity.net.magnitude;
    intent.worth = decision.worth;
    intent.data_fee = decision.data_fee;
    return intent;
}

/// The engine decides nothing while not ready; nothing else may get past this point either.
bool Keeper::may_submit(const strategy::Decision& decision) const {
    if (!engine_->readiness().ready()) {
        log_.error("error", "a decision to send while not ready was held back",
                   {{"account", decision.key.account}});
        return false;
    }
    if (!held_back()) return true;
    log_.info("refused", killed_ ? "the kill switch is set" : "paused", {{"account", decision.key.account}});
    return false;
}

void Keeper::submit(const strategy::Decision& decision) {
    if (desk_->has_left(decision.key)) return;
    if (!may_submit(decision)) {
        if (decision.armed) desk_->let_go_later(decision.key);
        Outcome outcome;
        outcome.key = decision.key;
        outcome.kind = OutcomeKind::refused;
        free_key(outcome);
        return;
    }
    if (!decision.armed || !desk_->fire(decision)) {
        signer::Intent intent = intent_of(decision);
        sent_.emplace(intent.id, Sent{decision, round_, 0, false, false});
        limits_->sent(intent.id);
        submission_->on(signer::IntentSubmitted{std::move(intent)});
    }
    if (!estimating_) tasks_.spawn(estimate(decision.opportunity, decision.calldata));
}

void Keeper::withdraw(const IntentKey& key) {
    if (!submission_) return;
    const auto found =
        std::ranges::find_if(sent_, [&](const auto& entry) { return entry.second.decision.key == key; });
    if (found == sent_.end()) return;
    log_.warn("withdraw", "the block it was decided on was undone, and the account is healthy",
              {{"account", key.account}});
    submission_->on(signer::CancelRequested{found->first});
}

std::vector<Missed> Keeper::judge_liquidations() {
    std::vector<Missed> out;
    for (const strategy::LiquidationSeen& seen : output_.liquidations) {
        if (seen.liquidator == executor_) continue;  // told by the receipt
        const IntentKey key{config_.chain.id, seen.venue, seen.account};
        if (submission_) submission_->on(signer::OutbidSeen{key, seen.block_hash, seen.block_number});
        std::optional<Missed> missed = missed_->judge(key, seen);
        if (!missed) continue;
        tally_.missed(key, *missed);
        out.push_back(*std::move(missed));
    }
    return out;
}

async::Task<void> Keeper::read(ReadRequest request) {
    Event event;
    ReadResult result = co_await endpoints_->pool().execute(std::move(request));
    event.body = std::move(result);
    event.received = steady_now();
    on_event(std::move(event));
}

async::Task<void> Keeper::estimate(strategy::Opportunity opportunity, Bytes calldata) {
    estimating_ = true;
    rpc::CallFrom call{facts_.operator_address, config_.executor.address, std::move(calldata)};
    const Result<Gas> gas = co_await endpoints_->reader().estimate_gas(call);
    if (gas) engine_->learn_gas(opportunity, *gas);  // an error means that it has landed, or that it cannot
    estimating_ = false;
}

async::Task<void> Keeper::summarise() {
    const auto every = config_.log.summary_every;
    std::uint64_t requests = 0;
    while (true) {
        co_await async::sleep_for(every);
        const std::uint64_t now = endpoints_->total_requests();
        narrator_->summary(std::chrono::duration_cast<std::chrono::seconds>(every).count(), tally_,
                           {now - requests, hot_ ? hot_->counts().sent : 0, rehearsed_});
        requests = now;
    }
}

/// One line whenever the state of an endpoint changes.
async::Task<void> Keeper::watch_endpoints() {
    std::vector<rpc::EndpointState> told(config_.endpoints.size(), rpc::EndpointState::undialed);
    for (;;) {
        for (std::size_t i = 0; i < told.size(); ++i) {
            const rpc::EndpointHealth& health = endpoints_->pool().health(static_cast<SourceId>(i));
            if (health.state() == told[i]) continue;
            const bool good = health.state() == rpc::EndpointState::alive;
            const LogLevel level = good ? LogLevel::info : LogLevel::warn;
            told[i] = health.state();
            const Field fields[] = {{"name", config_.endpoints[i].name}, {"state", to_string(told[i])}};
            log_.write(level, "endpoint", health.why(), fields);
        }
        refresh_armed();
        constexpr std::chrono::milliseconds kLook{250};
        co_await async::sleep_for(kLook);
    }
}

/// A person has to find out why what was final is no more; until then no keeper starts on this folder.
void Keeper::look_at_finality(const Readiness& readiness) {
    if (!readiness.has(NotReady::finality_violated)) return;
    const FinalityMark mark{data_folder()};
    if (mark.seen()) return;
    const std::string what = feed_->finality_violation();
    log_.error("reorg", "a finalized block changed: " + what, {{"file", mark.file().string()}});
    const Result<void> kept = mark.set(what);
    if (!kept) log_.error("error", kept.error().context, {});
    distrust_snapshots();
}

async::Task<void> Keeper::stop_when_asked() {
    co_await shutdown_.wait();
    if (submission_) submission_->on(signer::Stop{});
}

void Keeper::finish() {
    control_.reset();
    if (desk_) desk_->end();
    hot_.reset();
    if (journal_) journal_->close();
    if (snapshots_ && engine_) save_snapshot();
    if (searches_ && engine_) keep_search();
    for (SnapshotThread* const thread : {snapshots_.get(), searches_.get()}) {
        if (thread != nullptr) thread->close();
    }
    if (engine_) write_report();
    const std::size_t open = submission_ ? submission_->scheduler().in_flight() : 0;
    if (ending_) {
        log_.error("stop", ending_->text,
                   {{"exit_code", static_cast<int>(ending_->code)}, {"in_flight", open}});
    } else {
        log_.info("stop", "asked to",
                  {{"won", tally_.won()}, {"reverted", tally_.reverted()}, {"in_flight", open}});
    }
}

void Keeper::write_report() {
    const std::filesystem::path path = data_folder() / "report.json";
    const bool any = engine_->venue_count() > 0;
    std::ofstream file{path, std::ios::trunc};
    const std::string report =
        tally_.to_json(any ? engine_->venue(0).assets() : std::span<const strategy::Asset>{});
    file << (fork_ ? fork_report(report) : report) << '\n';
    if (!file.flush()) log_.error("error", "the report could not be written", {{"path", path.string()}});
}

}  // namespace plimsoll::bot
