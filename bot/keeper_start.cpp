// SPDX-License-Identifier: Apache-2.0
#include "bot/arming.hpp"
#include "bot/commands/version.hpp"
#include "bot/connecting.hpp"
#include "bot/contract_checks.hpp"
#include "bot/finality_mark.hpp"
#include "bot/journal/key_lock.hpp"
#include "bot/journal/sqlite_journal.hpp"
#include "bot/journal/standing.hpp"
#include "bot/keeper.hpp"
#include "bot/signing_key.hpp"
#include "chain/codec/selector.hpp"
#include "strategy/plan.hpp"
#include "strategy/venues/aave_v3/venue.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace plimsoll::bot {

namespace {

Ending ending(const Error& error) {
    return Ending{exit_code(error.code), error.context};
}

}  // namespace

async::Task<std::optional<Ending>> Keeper::start() {
    log_.info("start", {{"version", version()},
                        {"commit", commit()},
                        {"config", options_.config_path},
                        {"chain", config_.chain.id}});
    if (!endpoints_) {
        if (std::optional<Ending> end = open_endpoints()) co_return end;
    }
    if (std::optional<Ending> end = co_await connect(endpoints_->readers())) co_return end;
    if (std::optional<Ending> end = co_await read_facts()) co_return end;
    if (std::optional<Ending> end = arm()) co_return end;
    if (std::optional<Ending> end = co_await meet_checklist()) co_return end;
    if (std::optional<Ending> end = make_folder()) co_return end;
    if (std::optional<Ending> end = look_for_mark()) co_return end;
    if (options_.fork) {
        if (std::optional<Ending> end = co_await prepare_fork()) co_return end;
    }
    if (mode_ == config::Mode::live) {
        std::vector<rpc::Endpoint*> submitters;
        for (const auto& endpoint : endpoints_->submitters())
            submitters.push_back(endpoint.get());
        if (std::optional<Ending> end = co_await connect(std::move(submitters))) co_return end;
    }
    make_engine();
    if (mode_ == config::Mode::live) {
        Result<KeyHolder> key = co_await load_key();
        if (!key) co_return ending(key.error());
        co_await look_for_delegation(address_of(*key));
        if (std::optional<Ending> end = prepare_live(*std::move(key))) co_return end;
    } else if (!options_.fork) {
        if (std::optional<Ending> end = prepare_dry_run()) co_return end;
    }
    if (config_.chain.data_fee == config::DataFee::op_stack) tasks_.spawn(watch_fee_terms());
    make_feed();
    open_snapshots();
    co_await restore();
    resume_search();
    open_control();
    co_return std::nullopt;
}

std::optional<Ending> Keeper::open_endpoints() {
    Result<std::unique_ptr<Endpoints>> opened = Endpoints::open(io_.get_executor(), config_);
    if (!opened) return ending(opened.error());
    endpoints_ = *std::move(opened);
    if (config_.endpoints.size() == 1)
        log_.warn("endpoint", "it is the only one: nobody notices if it is wrong",
                  {{"name", config_.endpoints.front().name}});
    return std::nullopt;
}

async::Task<std::optional<Ending>> Keeper::connect(std::vector<rpc::Endpoint*> endpoints) {
    std::function<void(std::size_t, const Error&)> tell = [this](std::size_t index, const Error& error) {
        log_.warn("endpoint", error.context, {{"name", config_.endpoints[index].name}});
    };
    const std::vector<FirstContact> contacts =
        co_await connect_all(std::move(endpoints), config_.endpoints, tell);
    if (const std::optional<Error> why = cannot_begin(contacts)) co_return ending(*why);
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        if (contacts[i] && *contacts[i]) continue;
        const std::string why = contacts[i] ? contacts[i]->error().context : "has not answered yet";
        log_.warn("endpoint", why + "; the others go on without it", {{"name", config_.endpoints[i].name}});
    }
    co_return std::nullopt;
}

async::Task<std::optional<Ending>> Keeper::read_facts() {
    rpc::Endpoint& reader = endpoints_->reader();
    const OwnExecutor own =
        options_.fork || config_.executor.address.is_zero() ? OwnExecutor::none : OwnExecutor::configured;
    Result<ChainFacts> facts = co_await read_chain_facts(reader, config_, own);
    if (!facts) co_return ending(facts.error());
    facts_ = *std::move(facts);
    executor_ = config_.executor.address;
    const Result<void> fitting = co_await require_contracts(reader, config_, facts_.head.hash);
    if (!fitting) co_return ending(fitting.error());
    const Result<strategy::RouterKind> router =
        co_await read_router_kind(reader, config_.uniswap_v3.router, facts_.head.hash);
    if (!router) co_return ending(router.error());
    router_ = *router;
    head_ = facts_.head;
    log_.info("endpoint", "ready",
              {{"name", config_.endpoints[reader.params().source].name},
               {"url", reader.name()},
               {"client", facts_.client},
               {"head", facts_.head.number}});
    co_return std::nullopt;
}

void Keeper::make_feed() {
    constexpr std::chrono::milliseconds kLeastStale{30'000};
    constexpr std::chrono::milliseconds kLeastSilence{20'000};
    constexpr std::chrono::milliseconds kLeastPause{200};
    constexpr std::chrono::hours kBackAfter{
        1};  // a keeper that was down for so long fills the gap block by block
    constexpr std::size_t kMostGap = 16'384;
    feed::FeedParams params;
    const auto hour = static_cast<std::size_t>(kBackAfter / config_.chain.block_time);
    params.max_gap = std::clamp(hour, params.max_gap, kMostGap);
    params.max_reorg_depth = config_.chain.undo_blocks.value;
    params.stale_after = std::max(kLeastStale, 4 * config_.chain.block_time);
    params.replace_after = std::max(kLeastSilence, 4 * config_.chain.block_time);
    params.poll_every = std::max(kLeastPause, config_.chain.block_time / 2);
    params.max_clock_skew = config_.chain.max_clock_skew;
    feed_ = std::make_unique<feed::Feed>(endpoints_->sources(), std::move(params),
                                         [this](Event&& event) { on_event(std::move(event)); });
    feed_->on_trouble([this](const Error& error, std::chrono::milliseconds retry_in) {
        log_.warn("endpoint", error.context, {{"retry_ms", retry_in.count()}});
    });
    follow_logs(engine_->watch());
}

std::optional<Ending> Keeper::look_for_mark() {
    const FinalityMark mark{data_folder()};
    const std::optional<std::string> what = mark.seen();
    if (!what) return std::nullopt;
    if (options_.accept_finality) {
        log_.warn("reorg", "accepted by the operator: " + *what, {});
        mark.accept();
        return std::nullopt;
    }
    return Ending{ExitCode::refused, "a finalized block of this chain changed (" + *what +
                                         "); find out why, then start with --accept-finality"};
}

std::optional<Ending> Keeper::arm() {
    std::vector<EndpointFacts> endpoints;
    for (const config::Endpoint& one : config_.endpoints)
        endpoints.push_back(EndpointFacts{stays_here(one), config_.chain.id});
    const Result<Arming> decided = arming(config_, options_.live, endpoints);
    if (!decided) return ending(decided.error());
    mode_ = decided->mode;
    beyond_ = decided->beyond;
    if (options_.fork) return std::nullopt;  // told once it stands
    const bool none = config_.executor.address.is_zero();
    if (none && mode_ == config::Mode::live)
        return Ending{ExitCode::config, "executor.address is not set; plimsoll contract deploy makes one"};
    const std::optional<Address>& named = config_.executor.operator_address;
    if (!none && named && *named != facts_.operator_address) {
        return Ending{ExitCode::refused,
                      "executor.operator is " + to_string(*named) + ", but the Executor takes orders from " +
                          to_string(facts_.operator_address) +
                          "; correct the file, or let the Executor's owner call setOperator"};
    }
    log_.info("mode", decided->note,
              {{"mode", config::to_string(mode_)},
               {"executor", config_.executor.address},
               {"operator", facts_.operator_address},
               {"receiver", facts_.receiver}});
    return std::nullopt;
}

std::optional<Ending> Keeper::make_folder() {
    std::error_code failed;
    std::filesystem::create_directories(data_folder(), failed);
    if (!failed) return std::nullopt;
    return Ending{ExitCode::cannot_create,
                  "keeper.data_dir " + data_folder().string() + " cannot be made: " + failed.message()};
}

async::Task<Result<KeyHolder>> Keeper::load_key() {
    co_return co_await load_key_holder(config_);
}

std::optional<Ending> Keeper::prepare_live(KeyHolder key) {
    const Address sender = address_of(key);
    if (sender != facts_.operator_address) {
        return Ending{ExitCode::refused, "the Executor takes orders from " +
                                             to_string(facts_.operator_address) + ", the key is " +
                                             to_string(sender) +
                                             "; its owner can change that with setOperator"};
    }
    JournalOptions places;
    places.witness = config_.keeper.witness;
    places.lock_folder = key_lock_folder();
    places.adopt = options_.adopt_nonce;
    auto journal =
        SqliteJournal::open(data_folder(), JournalOwner{config_.chain.id, sender}, std::move(places));
    if (!journal) return Ending{static_cast<ExitCode>(exit_code(journal.error().kind)), journal.error().text};
    Result<signer::JournalState> state = (*journal)->load();
    if (!state) return ending(state.error());
    for (const signer::AttemptRow& row : state->open)
        engine_->adopt(row.key);
    for (const signer::AttemptRow& row : state->open)
        adopted_.insert(row.intent_id);

    journal_ = std::make_unique<JournalThread>(
        *std::move(journal), [this](std::function<void()> task) { boost::asio::post(io_, std::move(task)); });
    signer::SchedulerOptions options;
    options.chain = config_.chain.id;
    options.sender = sender;
    options.fees = fee_limits();
    options.max_in_flight = config_.execution.max_pending;
    // As many at once as there may be never wait for a reservation.
    options.reserve_block = std::max<std::uint64_t>(options.reserve_block, 2 * options.max_in_flight);
    options.replace_after = config_.execution.replace_after.value;
    options.confirmations = config_.execution.confirmations.value;
    const signer::Policy policy{policy_limits(sender, config_.chain.id)};
    if (std::holds_alternative<signer::Key>(key)) {
        Result<signer::Rehearsal> rehearsal = signer::Rehearsal::of(policy.limits(), options.fees);
        if (!rehearsal) return ending(rehearsal.error());
        rehearsal_ = *std::move(rehearsal);
    }
    if (std::optional<Ending> end = open_network(options)) return end;
    submission_ = std::make_unique<Submission>(
        options, policy, std::move(key),
        Submission::Parts{*network_, *journal_, tasks_, nullptr, spend_limits(),
                          [this](std::function<void()> task) { boost::asio::post(io_, std::move(task)); },
                          [this] { static_cast<void>(desk_->settle()); },
                          [this] {
                              if (!draining_) refresh_armed();
                          }},
        listener());
    open_desk();
    for (const auto& submitter : endpoints_->submitters())
        tasks_.spawn(submitter->keep_connected());
    submission_->sign_cancels_only(switches_.killed());
    submission_->spends().at(Timestamp{wall_clock_ms() / 1000});
    submission_->on(signer::Recovered{*state});
    watch_limits(*state);
    look_at_switches();
    if (delegated_) submission_->on(signer::Delegated{true});
    tasks_.spawn(watch_delegation());
    return std::nullopt;
}

/// Relays forget what they are told and offer for few blocks: with them, the same bytes go out at each head.
std::optional<Ending> Keeper::open_network(signer::SchedulerOptions& options) {
    Result<Lanes> lanes = open_lanes(io_.get_executor(), config_.lanes);
    if (!lanes) return ending(lanes.error());
    for (const std::unique_ptr<Relay>& relay : lanes->relays) {
        if (!relay) continue;
        options.resend_after = 1;
        tasks_.spawn(relay->endpoint().keep_connected());
    }
    if (std::optional<Ending> end = open_hot(lanes->plan)) return end;
    auto network = std::make_unique<EndpointNetwork>(
        EndpointNetwork::Parts{io_.get_executor(), *endpoints_, tasks_}, *std::move(lanes));
    network->on_answer([this](const LaneAnswer& answer) {
        log_.debug("lane", std::string{answer.text},
                   {{"name", std::string{answer.lane}},
                    {"peer", std::string{answer.peer}},
                    {"tx", answer.transaction},
                    {"answer", rpc::to_string(answer.meaning)}});
    });
    network_ = std::move(network);
    return std::nullopt;
}

std::optional<Ending> Keeper::prepare_dry_run() {
    endpoints_->never_send();
    Result<signer::Key> key = signer::throwaway_key();
    if (!key) return ending(key.error());
    const signer::Policy policy{policy_limits(key->address(), config_.chain.id)};
    dry_run_ =
        std::make_unique<DryRun>(policy, spend_limits(), signer::FeePolicy{fee_limits()}, *std::move(key),
                                 facts_.operator_address, DryRun::Parts{*endpoints_, tasks_, log_});
    return std::nullopt;
}

void Keeper::make_engine() {
    strategy::EngineParams params;
    params.chain = config_.chain.id;
    params.block_seconds = block_seconds();
    params.executor = executor_;
    params.operator_address = facts_.operator_address;
    params.uniswap = {
        config_.uniswap_v3.factory, config_.uniswap_v3.quoter, {config_.uniswap_v3.router, router_}};
    params.intermediates = config_.routes.intermediates;
    params.flash = {config_.flash.balancer_vault.value_or(Address{}),
                    config_.flash.morpho.value_or(Address{}), config_.flash.pools, config_.flash.venue};
    params.native_asset = facts_.native_asset;
    params.min_profit = config_.strategy.min_profit;
    params.tip = config_.execution.priority_fee;
    params.max_fee_per_gas = config_.execution.max_fee_per_gas;
    params.max_spend = fee_limits().max_spend;
    for (const config::Lane& lane : config_.lanes)
        params.builder_share = std::max(params.builder_share, lane.builder_share);
    params.deadline_blocks = config_.execution.deadline.value;
    params.elasticity = elasticity();
    params.data_fee = data_fee_model();
    params.sequencer_feed = config_.chain.sequencer_feed;
    params.sequencer_grace = static_cast<std::uint64_t>(config_.chain.sequencer_grace.count()) / 1000;
    params.speculate = config_.strategy.speculate;
    params.health_watch = config_.strategy.health_watch;
    params.audit_health = config_.strategy.audit_health;
    params.audit_sample = config_.strategy.audit_sample;
    params.undo_depth = static_cast<std::uint32_t>(config_.chain.undo_blocks.value);
    params.armed = mode_ == config::Mode::live ? config_.execution.armed : 0;
    params.triggers = wants_hot();
    params.dry_run = mode_ == config::Mode::dry_run;
    params.max_deviation = config_.prices.max_deviation;
    for (const config::PriceGuard& guard : config_.price_guards)
        params.second_sources.push_back({guard.asset, guard.source});
    params.permissions = {{config_.risk.allow_assets, config_.risk.deny_assets},
                          {config_.risk.allow_accounts, config_.risk.deny_accounts}};

    std::vector<std::unique_ptr<strategy::Venue>> venues;
    for (const config::Venue& venue : config_.venues) {
        strategy::AaveV3Params aave;
        aave.id = static_cast<VenueId>(venues.size());
        aave.name = venue.name;
        aave.pool = venue.pool;
        aave.start_block = venue.start_block;
        aave.undo_blocks = config_.chain.undo_blocks.value;
        venues.push_back(std::make_unique<strategy::AaveV3Venue>(std::move(aave)));
    }
    // A pretended price is beyond every second opinion.
    if (options_.fork && !options_.fork->shocks.empty()) params.second_sources.clear();
    engine_ = std::make_unique<strategy::Engine>(params, std::move(venues));
    narrator_ = std::make_unique<Narrator>(log_, *engine_);
    missed_ = std::make_unique<MissedLedger>(params.dry_run);
}

std::uint64_t Keeper::block_seconds() const {
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(config_.chain.block_time.count()) / 1000);
}

std::filesystem::path Keeper::data_folder() const {
    const std::filesystem::path base{config_.keeper.data_dir};
    if (mode_ == config::Mode::live) return base;
    return base / (options_.fork ? "fork" : "dry-run");
}

}  // namespace plimsoll::bot
