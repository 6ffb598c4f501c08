// SPDX-License-Identifier: Apache-2.0
#include "bot/arming.hpp"
#include "bot/commands/version.hpp"
#include "bot/connecting.hpp"
#include "bot/contract_checks.hpp"
#include "bot/endpoint_params.hpp"
#include "bot/journal/sqlite_journal.hpp"
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

/// Only the submitter's own connection may carry a transaction.
constexpr SourceId kSubmitter = 2;

rpc::EndpointParams for_source(rpc::EndpointParams params, SourceId source) {
    params.source = source;
    params.read_only = source != kSubmitter;
    return params;
}

}  // namespace

async::Task<std::optional<Ending>> Keeper::start() {
    log_.info("start", {{"version", version()},
                        {"commit", commit()},
                        {"config", options_.config_path},
                        {"chain", config_.chain.id}});
    if (!feed_endpoint_) {
        if (std::optional<Ending> end = open_endpoints()) co_return end;
    }
    const Result<void> connected = co_await connect(*reader_);
    if (!connected) co_return ending(connected.error());
    const OwnExecutor own =
        options_.fork || config_.executor.address.is_zero() ? OwnExecutor::none : OwnExecutor::configured;
    Result<ChainFacts> facts = co_await read_chain_facts(*reader_, config_, own);
    if (!facts) co_return ending(facts.error());
    facts_ = *std::move(facts);
    executor_ = config_.executor.address;
    const Result<void> fitting = co_await require_contracts(*reader_, config_, facts_.head.hash);
    if (!fitting) co_return ending(fitting.error());
    const Result<strategy::RouterKind> router =
        co_await read_router_kind(*reader_, config_.uniswap_v3.router, facts_.head.hash);
    if (!router) co_return ending(router.error());
    router_ = *router;
    head_ = facts_.head;
    log_.info("endpoint", "ready",
              {{"name", config_.endpoints.front().name},
               {"url", reader_->name()},
               {"client", facts_.client},
               {"head", facts_.head.number}});
    if (std::optional<Ending> end = arm()) co_return end;
    if (std::optional<Ending> end = make_folder()) co_return end;
    if (options_.fork) {
        if (std::optional<Ending> end = co_await prepare_fork()) co_return end;
    }
    if (mode_ == config::Mode::live) {
        const Result<void> submitter = co_await connect(*submitter_);
        if (!submitter) co_return ending(submitter.error());
    }
    make_engine();
    if (mode_ == config::Mode::live) {
        Result<signer::Key> key = co_await load_key();
        if (!key) co_return ending(key.error());
        if (std::optional<Ending> end = prepare_live(*std::move(key))) co_return end;
    } else if (!options_.fork) {
        if (std::optional<Ending> end = prepare_dry_run()) co_return end;
    }
    feed_ = std::make_unique<feed::Feed>(*feed_endpoint_, feed::FeedParams{},
                                         [this](Event&& event) { on_event(std::move(event)); });
    feed_->on_trouble([this](const Error& error, std::chrono::milliseconds retry_in) {
        log_.warn("endpoint", error.context,
                  {{"name", config_.endpoints.front().name}, {"retry_ms", retry_in.count()}});
    });
    feed_->watch(engine_->watch());
    co_return std::nullopt;
}

std::optional<Ending> Keeper::open_endpoints() {
    const config::Endpoint& chosen = config_.endpoints.front();
    if (config_.endpoints.size() > 1)
        log_.warn("endpoint", "only the first endpoint is used",
                  {{"name", chosen.name}, {"unused", config_.endpoints.size() - 1}});
    const auto params = endpoint_params(chosen, config_.chain.id, EndpointUse::follow);
    if (!params) return ending(params.error());
    feed_endpoint_ = std::make_unique<rpc::Endpoint>(io_.get_executor(), for_source(*params, 0));
    reader_ = std::make_unique<rpc::Endpoint>(io_.get_executor(), for_source(*params, 1));
    submitter_ = std::make_unique<rpc::Endpoint>(io_.get_executor(), for_source(*params, kSubmitter));
    return std::nullopt;
}

async::Task<Result<void>> Keeper::connect(rpc::Endpoint& endpoint) {
    Logger& log = log_;
    const std::string name = endpoint.name();
    std::function<void(const Error&)> tell = [&log, name](const Error& error) {
        log.warn("endpoint", error.context, {{"name", name}});
    };
    co_return co_await connect_in_time(endpoint, config_.endpoints.front(), std::move(tell));
}

std::optional<Ending> Keeper::arm() {
    std::vector<EndpointFacts> endpoints;
    for (const config::Endpoint& one : config_.endpoints)
        endpoints.push_back(EndpointFacts{stays_here(one), config_.chain.id});
    const Result<Arming> decided = arming(config_, options_.live, endpoints);
    if (!decided) return ending(decided.error());
    mode_ = decided->mode;
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

async::Task<Result<signer::Key>> Keeper::load_key() {
    co_return co_await load_configured_key(config_);
}

std::optional<Ending> Keeper::prepare_live(signer::Key key) {
    if (key.address() != facts_.operator_address) {
        return Ending{ExitCode::refused, "the Executor takes orders from " +
                                             to_string(facts_.operator_address) + ", the key is " +
                                             to_string(key.address()) +
                                             "; its owner can change that with setOperator"};
    }
    const Address sender = key.address();
    auto journal = SqliteJournal::open(data_folder(), JournalOwner{config_.chain.id, sender});
    if (!journal) return Ending{static_cast<ExitCode>(exit_code(journal.error().kind)), journal.error().text};
    Result<signer::JournalState> state = (*journal)->load();
    if (!state) return ending(state.error());
    for (const signer::AttemptRow& row : state->open)
        engine_->adopt(row.key);

    journal_ = std::make_unique<JournalThread>(
        *std::move(journal), [this](std::function<void()> task) { boost::asio::post(io_, std::move(task)); });
    signer::SchedulerOptions options;
    options.chain = config_.chain.id;
    options.sender = sender;
    options.fees = fee_limits();
    options.max_in_flight = config_.execution.max_pending;
    options.replace_after = config_.execution.replace_after.value;
    const signer::Policy policy{policy_limits(sender, config_.chain.id)};
    submission_ = std::make_unique<Submission>(options, policy, std::move(key),
                                               Submission::Parts{*submitter_, *journal_, tasks_}, listener());
    tasks_.spawn(submitter_->keep_connected());
    submission_->on(signer::Recovered{*std::move(state)});
    return std::nullopt;
}

std::optional<Ending> Keeper::prepare_dry_run() {
    submitter_.reset();
    Result<signer::Key> key = signer::throwaway_key();
    if (!key) return ending(key.error());
    const signer::Policy policy{policy_limits(key->address(), config_.chain.id)};
    dry_run_ = std::make_unique<DryRun>(policy, signer::FeePolicy{fee_limits()}, *std::move(key),
                                        facts_.operator_address, DryRun::Parts{*reader_, tasks_, log_});
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
    params.deadline_blocks = config_.execution.deadline.value;
    params.speculate = config_.strategy.speculate;
    params.health_watch = config_.strategy.health_watch;
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
        venues.push_back(std::make_unique<strategy::AaveV3Venue>(std::move(aave)));
    }
    params.max_deviation = config_.prices.max_deviation;
    for (const config::PriceGuard& guard : config_.price_guards)
        params.second_sources.push_back(strategy::SecondSource{guard.asset, guard.source});
    // A pretended price is beyond every second opinion.
    if (options_.fork && !options_.fork->shocks.empty()) params.second_sources.clear();
    engine_ = std::make_unique<strategy::Engine>(params, std::move(venues));
    narrator_ = std::make_unique<Narrator>(log_, *engine_);
    missed_ = std::make_unique<MissedLedger>(params.dry_run);
}

std::uint64_t Keeper::block_seconds() const {
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(config_.chain.block_time.count()) / 1000);
}

signer::PolicyLimits Keeper::policy_limits(const Address& sender, ChainId chain) const {
    signer::PolicyLimits out;
    out.chain = chain;
    out.sender = sender;
    out.executor = executor_;
    out.selector = strategy::kExecuteSelector;
    out.max_gas = signer::kTransactionGasCap;
    out.max_fee_per_gas = config_.execution.max_fee_per_gas;
    out.max_spend = cost(out.max_gas, out.max_fee_per_gas);
    return out;
}

signer::FeeLimits Keeper::fee_limits() const {
    return signer::FeeLimits{config_.execution.priority_fee, config_.execution.max_fee_per_gas, {}};
}

std::filesystem::path Keeper::data_folder() const {
    const std::filesystem::path base{config_.keeper.data_dir};
    if (mode_ == config::Mode::live) return base;
    return base / (options_.fork ? "fork" : "dry-run");
}

}  // namespace plimsoll::bot
