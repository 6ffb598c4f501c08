// SPDX-License-Identifier: Apache-2.0
// The keeper whose decisions come true on a fork only.
#include "bot/fork/price_sources.hpp"
#include "bot/keeper.hpp"
#include "bot/realised.hpp"
#include "chain/async/deadline.hpp"
#include "chain/primitives/hex.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace plimsoll::bot {

namespace {

namespace json = boost::json;

json::array amounts(const std::vector<TokenProfit>& profits) {
    json::array out;
    for (const TokenProfit& profit : profits) {
        json::object one;
        one["token"] = to_string(profit.token);
        one["amount"] = to_decimal(profit.amount.raw());
        out.push_back(std::move(one));
    }
    return out;
}

/// In the order in which they were sent.
json::array decisions(const ForkedBatch& batch) {
    json::array out;
    for (const ForkedSend& send : batch.sends) {
        json::object one;
        one["account"] = to_string(send.decision.key.account);
        one["hash"] = to_string(send.hash);
        one["gas_limit"] = send.decision.gas_limit.value;
        one["calldata"] = to_hex(send.decision.calldata);
        out.push_back(std::move(one));
    }
    return out;
}

std::string listed(const std::vector<PriceShock>& shocks) {
    std::string out;
    for (const PriceShock& shock : shocks)
        out += (out.empty() ? "" : ", ") + shock.text;
    return out;
}

void add_up(std::vector<TokenProfit>& total, const TokenProfit& profit) {
    const auto same = [&profit](const TokenProfit& known) { return known.token == profit.token; };
    const auto found = std::find_if(total.begin(), total.end(), same);
    if (found == total.end()) {
        total.push_back(profit);
    } else {
        found->amount += profit.amount;
    }
}

bool same_amounts(std::vector<TokenProfit> one, std::vector<TokenProfit> other) {
    const auto by_token = [](const TokenProfit& a, const TokenProfit& b) { return a.token < b.token; };
    const auto equal = [](const TokenProfit& a, const TokenProfit& b) {
        return a.token == b.token && a.amount == b.amount;
    };
    std::sort(one.begin(), one.end(), by_token);
    std::sort(other.begin(), other.end(), by_token);
    return std::equal(one.begin(), one.end(), other.begin(), other.end(), equal);
}

}  // namespace

std::optional<Ending> Keeper::open_fork() {
    if (std::optional<Ending> end = open_endpoints()) return end;
    endpoints_->never_send();
    stage_ = std::make_unique<ForkStage>(io_.get_executor(), endpoints_->readers().front()->params());
    const Result<void> listening = stage_->listen();
    if (listening) return std::nullopt;
    return Ending{ExitCode::failed, listening.error().context};
}

async::Task<std::optional<Ending>> Keeper::prepare_fork() {
    const std::filesystem::path folder = data_folder() / "anvil";
    ForkStage::Params params{config_.fork.anvil, folder, block_seconds()};
    const Result<void> started = co_await stage_->start(std::move(params), facts_.head);
    if (!started) co_return Ending{exit_code(started.error().code), started.error().context};
    facts_.operator_address = stage_->key().address();
    facts_.receiver = stage_->receiver();
    executor_ = stage_->executor();
    if (!options_.fork->shocks.empty()) {
        Result<std::vector<ShockedSource>> sources = co_await find_sources(
            endpoints_->reader(), config_.venues.front().pool, facts_.head.hash, options_.fork->shocks);
        if (!sources) co_return Ending{exit_code(sources.error().code), sources.error().context};
        for (rpc::Endpoint* reader : endpoints_->readers())
            reader->override_calls(state_overrides(*sources));
        stage_->shock(*std::move(sources));
    }
    const signer::Policy policy{policy_limits(stage_->key().address(), kForkChain)};
    fork_ = std::make_unique<ForkOutlet>(
        io_.get_executor(), *stage_, policy, signer::FeePolicy{fee_limits()},
        [this](const ForkedBatch& batch, const Result<void>& result) { played(batch, result); });
    fork_->head(facts_.head);
    log_.info("fork", options_.fork->shocks.empty() ? "" : "with prices that are not the chain's",
              {{"anvil", config_.fork.anvil},
               {"chain", kForkChain},
               {"executor", executor_},
               {"operator", facts_.operator_address},
               {"prices", listed(options_.fork->shocks)}});
    co_return std::nullopt;
}

async::Task<void> Keeper::watch_fork() {
    const Error why = co_await stage_->ended();
    ending_ = Ending{ExitCode::failed, why.context};
}

/// Returns when the fork has lasted as long as it shall and everything decided has been played.
async::Task<void> Keeper::end_fork() {
    constexpr std::chrono::milliseconds kLook{50};
    using Clock = std::chrono::steady_clock;
    std::optional<Clock::time_point> since;
    for (;;) {
        co_await async::sleep_for(kLook);
        if (engine_->state() != strategy::EngineState::ready) continue;
        if (!since) since = Clock::now();
        const bool enough = options_.fork->blocks && fork_heads_ >= *options_.fork->blocks;
        const bool late = options_.fork->lasts && Clock::now() >= *since + *options_.fork->lasts;
        if ((enough || late) && fork_->idle()) co_return;
    }
}

void Keeper::played(const ForkedBatch& batch, const Result<void>& result) {
    if (!result) {
        unplayed_ += batch.sends.size();
        log_.warn("forked", result.error().context,
                  {{"head", batch.head.number}, {"decisions", batch.sends.size()}});
        return;
    }
    std::vector<TokenProfit> total;
    for (const ForkedSend& one : batch.sends) {
        const bool succeeded = one.receipt && one.receipt->succeeded;
        if (succeeded) {
            landed_on_fork(one, total);
        } else {
            failed_on_fork(one);
        }
    }
    if (!same_amounts(total, batch.received)) {
        log_.error("forked", "the receiver's balances moved otherwise than the receipts say",
                   {{"head", batch.head.number}, {"block", batch.mined_in}});
    }
    batches_.push_back(batch);
    for (ForkedSend& one : batches_.back().sends)
        one.raw.clear();
}

void Keeper::landed_on_fork(const ForkedSend& one, std::vector<TokenProfit>& total) {
    const strategy::Quote& quote = one.decision.opportunity.quote;
    LandedLiquidation landed;
    landed.transaction_hash = one.hash;
    landed.block = one.receipt->block_number;
    landed.gas_used = one.receipt->gas_used;
    landed.gas_expected = one.decision.opportunity.gas;
    landed.gas_cost = cost(one.receipt->gas_used, one.receipt->effective_gas_price);
    landed.profits = realised_profit(one.receipt->logs, executor_, facts_.receiver);
    landed.microseconds = one.microseconds;
    for (const TokenProfit& profit : landed.profits)
        add_up(total, profit);
    const Result<strategy::LiquidationSeen> event =
        engine_->venue(quote.venue).expect(quote, one.receipt->logs);
    landed.event.venue = quote.venue;
    landed.event.account = quote.account_address;
    if (event) landed.event = *event;
    if (!event) log_.warn("forked", event.error().context, {{"tx", one.hash}});
    narrator_->forked(landed);
    Outcome outcome;
    outcome.key = one.decision.key;
    outcome.kind = OutcomeKind::confirmed;
    tally_.ended(outcome);
    tally_.landed(std::move(landed));
}

void Keeper::failed_on_fork(const ForkedSend& one) {
    log_.warn("forked", one.receipt ? "it would have reverted" : "it could not be mined",
              {{"account", one.decision.key.account}, {"why", one.trouble}, {"tx", one.hash}});
    if (!one.receipt) {
        ++unplayed_;
        return;
    }
    Outcome outcome;
    outcome.key = one.decision.key;
    outcome.kind = OutcomeKind::reverted;
    outcome.gas_used = one.receipt->gas_used;
    outcome.effective_gas_price = one.receipt->effective_gas_price;
    tally_.ended(outcome);
}

std::string Keeper::fork_report(const std::string& base) const {
    json::object report = json::parse(base).as_object();
    json::array batches;
    for (const ForkedBatch& batch : batches_) {
        json::object one;
        one["head"] = batch.head.number.value;
        one["hash"] = to_string(batch.head.hash);
        one["block"] = batch.mined_in.value;
        one["decisions"] = decisions(batch);
        one["received"] = amounts(batch.received);
        one["spent_wei"] = to_decimal(batch.spent.raw());
        batches.push_back(std::move(one));
    }
    json::array shocks;
    for (const PriceShock& shock : options_.fork->shocks)
        shocks.push_back(json::string{shock.text});
    json::object upstream;
    for (const auto& [method, count] : stage_->gateway().passed())
        upstream[method] = count;
    json::object fork;
    fork["executor"] = to_string(executor_);
    fork["receiver"] = to_string(facts_.receiver);
    fork["prices"] = std::move(shocks);
    fork["batches"] = std::move(batches);
    fork["unplayed"] = unplayed_;
    fork["upstream"] = std::move(upstream);
    fork["upstream_refused"] = stage_->gateway().refused();
    report["mode"] = "fork";
    report["fork"] = std::move(fork);
    return json::serialize(report);
}

}  // namespace plimsoll::bot
