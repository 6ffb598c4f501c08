// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/chain_facts.hpp"
#include "bot/commands/run.hpp"
#include "bot/control/control_server.hpp"
#include "bot/control/switches.hpp"
#include "bot/dry_run.hpp"
#include "bot/endpoint_network.hpp"
#include "bot/endpoints.hpp"
#include "bot/fork/outlet.hpp"
#include "bot/hot/armed_desk.hpp"
#include "bot/hot/hot_thread.hpp"
#include "bot/journal/journal_thread.hpp"
#include "bot/limits.hpp"
#include "bot/missed.hpp"
#include "bot/narrator.hpp"
#include "bot/snapshots/snapshot_thread.hpp"
#include "bot/submission.hpp"
#include "bot/tally.hpp"
#include "chain/async/shutdown.hpp"
#include "chain/async/task_group.hpp"
#include "chain/feed/feed.hpp"
#include "signer/rehearsal.hpp"
#include "strategy/engine.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace plimsoll::bot {

/// Why the keeper could not start or had to end, with the exit code that says so.
struct Ending {
    ExitCode code{};
    std::string text;
};

/// The live shell: wires the feed, the engine and the submission together on one thread and moves values
/// between them. Construction order is the order of the data: endpoints, facts, engine, submission, feed.
class Keeper {
  public:
    Keeper(boost::asio::io_context& io, const config::Config& config, RunOptions options, Logger& log);
    ~Keeper();
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    /// From connecting to the end. Never throws for what the world did.
    async::Task<ExitCode> run();

  private:
    struct Sent {
        strategy::Decision decision;
        std::uint64_t round{};        // of processing in which it was handed over
        std::int64_t microseconds{};  // from the frame that led to it to the signed bytes
        bool signed_once = false;
        bool queued = false;  // signed in a later round: it waited for a nonce
    };

    async::Task<void> live();
    async::Task<void> follow();

    // Start (keeper_start.cpp)
    async::Task<std::optional<Ending>> start();
    async::Task<std::optional<Ending>> connect(std::vector<rpc::Endpoint*> endpoints);
    async::Task<std::optional<Ending>> read_facts();
    [[nodiscard]] std::optional<Ending> open_endpoints();
    [[nodiscard]] std::optional<Ending> look_for_mark();
    void make_feed();
    [[nodiscard]] std::optional<Ending> arm();
    [[nodiscard]] std::optional<Ending> make_folder();
    async::Task<Result<KeyHolder>> load_key();
    async::Task<std::optional<Ending>> meet_checklist();
    async::Task<void> look_for_delegation(Address sender);
    async::Task<void> watch_delegation();
    [[nodiscard]] std::optional<Ending> prepare_live(KeyHolder key);
    [[nodiscard]] std::optional<Ending> open_network(signer::SchedulerOptions& options);
    [[nodiscard]] std::optional<Ending> prepare_dry_run();
    void make_engine();
    [[nodiscard]] std::filesystem::path data_folder() const;
    [[nodiscard]] std::uint64_t block_seconds() const;

    // The fork (keeper_fork.cpp)
    [[nodiscard]] std::optional<Ending> open_fork();
    async::Task<std::optional<Ending>> prepare_fork();
    async::Task<void> watch_fork();
    async::Task<void> end_fork();
    void played(const ForkedBatch& batch, const Result<void>& result);
    void landed_on_fork(const ForkedSend& one, std::vector<TokenProfit>& total);
    void failed_on_fork(const ForkedSend& one);
    [[nodiscard]] std::string fork_report(const std::string& base) const;

    // The flow (keeper.cpp)
    void on_event(Event event);
    void process(const Event& event);
    void tell_submission(const Event& event);
    void take_output();
    void take_reads();
    void follow_logs(Watch watch);
    void take_decision(const strategy::Decision& decision);
    void submit(const strategy::Decision& decision);
    [[nodiscard]] bool may_submit(const strategy::Decision& decision) const;
    [[nodiscard]] signer::Intent intent_of(const strategy::Decision& decision) const;
    void withdraw(const IntentKey& key);

    // What is held ready, and the thread that receives prices (keeper_armed.cpp)
    [[nodiscard]] bool wants_hot() const noexcept;
    [[nodiscard]] std::optional<Ending> open_hot(const signer::LanePlan& lanes);
    void open_desk();
    void refresh_armed();
    [[nodiscard]] bool launch(const strategy::Decision& decision, const ArmedDesk::Armed& armed,
                              std::int64_t left_at);
    void launch_left(const strategy::Decision& decision, const ArmedDesk::Armed& armed, std::int64_t left_at,
                     bool decided);
    [[nodiscard]] std::vector<Missed> judge_liquidations();
    async::Task<void> read(ReadRequest request);
    async::Task<void> estimate(strategy::Opportunity opportunity, Bytes calldata);
    async::Task<void> summarise();
    async::Task<void> watch_endpoints();
    async::Task<void> rehearse_regularly();
    void rehearse();
    void look_at_finality(const Readiness& readiness);
    async::Task<void> stop_when_asked();
    void finish();
    void write_report();

    // Orders (keeper_control.cpp)
    void open_control();
    async::Task<void> watch_switches();
    void look_at_switches();
    void withdraw_unsigned();
    [[nodiscard]] bool held_back() const noexcept { return paused_ || killed_; }
    [[nodiscard]] std::string obey(const ControlRequest& request);
    [[nodiscard]] std::string cancel_intent(std::uint64_t id);
    [[nodiscard]] std::string status() const;

    // Limits (keeper_limits.cpp)
    [[nodiscard]] signer::PolicyLimits policy_limits(const Address& sender, ChainId chain) const;
    [[nodiscard]] signer::FeeLimits fee_limits() const;
    [[nodiscard]] signer::SpendLimits spend_limits() const;
    [[nodiscard]] fees::Elasticity elasticity() const;
    [[nodiscard]] fees::DataFeeModel data_fee_model() const;
    void watch_limits(const signer::JournalState& state);
    async::Task<void> watch_fee_terms();
    async::Task<void> watch_balance();
    async::Task<void> watch_tips();
    void count_result(const signer::Report& report);

    // Snapshots (keeper_snapshots.cpp)
    [[nodiscard]] SnapshotStore snapshot_store() const;
    void open_snapshots();
    [[nodiscard]] SnapshotStore search_store() const;
    void resume_search();
    void keep_search();
    void forget_search();
    async::Task<void> restore();
    async::Task<bool> restore_from(SnapshotFile file);
    void distrust_snapshots();
    async::Task<void> save_regularly();
    void save_snapshot();

    // What the submission tells (keeper_outcomes.cpp)
    [[nodiscard]] SubmissionListener listener();
    void on_report(const signer::Report& report);
    void landed(const signer::Report& report);
    void free_key(const Outcome& outcome);

    boost::asio::io_context& io_;
    const config::Config& config_;
    RunOptions options_;
    Logger& log_;
    async::Shutdown shutdown_;
    async::TaskGroup tasks_;
    std::unique_ptr<Endpoints> endpoints_;
    ChainFacts facts_;
    Address executor_;               // the configured one, or ours on the fork
    strategy::RouterKind router_{};  // of config_.uniswap_v3.router, as its code tells
    config::Mode mode_{};
    std::unique_ptr<strategy::Engine> engine_;
    std::unique_ptr<Narrator> narrator_;
    Tally tally_;
    std::unique_ptr<MissedLedger> missed_;
    std::unique_ptr<JournalThread> journal_;  // live only
    std::unique_ptr<Network> network_;        // live only
    std::unique_ptr<Submission> submission_;  // live only
    std::unique_ptr<Limits> limits_;          // live only
    std::unique_ptr<DryRun> dry_run_;         // dry-run only
    std::unique_ptr<ForkStage> stage_;        // fork only
    std::unique_ptr<ForkOutlet> fork_;        // fork only
    std::vector<ForkedBatch> batches_;
    std::uint64_t fork_heads_ = 0;  // of the origin, since everything is known
    std::uint64_t unplayed_ = 0;    // decisions that never came true on the fork
    std::unique_ptr<feed::Feed> feed_;
    std::unique_ptr<SnapshotThread> snapshots_;  // unless none are kept
    std::unique_ptr<SnapshotThread> searches_;   // of a reading under way; likewise
    std::set<Hash32> tried_snapshots_;           // by the block they hold
    Hash32 saved_;                               // block of the newest one written
    bool restoring_ = false;
    strategy::Output output_;
    std::deque<Event> inbox_;
    bool draining_ = false;
    std::uint64_t round_ = 0;  // events processed
    Head head_;
    std::map<std::uint64_t, Sent> sent_;          // by intent id
    std::unique_ptr<HotThread> hot_;              // unless the writer thread sends alone
    std::vector<SourceId> hot_sources_;           // whose connections its ways are
    std::unique_ptr<ArmedDesk> desk_;             // live only
    std::optional<signer::Rehearsal> rehearsal_;  // live only, with a key of this process
    std::uint64_t rehearsed_ = 0;
    std::set<std::uint64_t> adopted_;  // intents of an earlier run that are not final
    Switches switches_;
    std::unique_ptr<ControlServer> control_;
    bool beyond_ = false;     // live beyond this machine
    bool delegated_ = false;  // the key's account runs a contract's code (EIP-7702)
    bool paused_ = false;
    bool killed_ = false;
    std::optional<Ending> ending_;
    bool estimating_ = false;
};

}  // namespace plimsoll::bot
