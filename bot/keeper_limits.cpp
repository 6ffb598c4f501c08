// SPDX-License-Identifier: Apache-2.0
// What bounds the keeper's spending: from the configuration, and from what the chain says of balance and
// tips.
#include "bot/journal/standing.hpp"
#include "bot/keeper.hpp"
#include "bot/realised.hpp"
#include "bot/token_value.hpp"
#include "chain/async/deadline.hpp"
#include "chain/fees/tip.hpp"
#include "strategy/plan.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace plimsoll::bot {

namespace {

std::optional<Wei> limit_of(const config::NativeAmount& amount) {
    if (amount.is_zero()) return std::nullopt;
    return Wei{amount.raw()};
}

std::optional<Usd> limit_of(const Usd& amount) {
    if (amount.is_zero()) return std::nullopt;
    return amount;
}

}  // namespace

signer::PolicyLimits Keeper::policy_limits(const Address& sender, ChainId chain) const {
    signer::PolicyLimits out;
    out.chain = chain;
    out.sender = sender;
    out.executor = executor_;
    out.selector = strategy::kExecuteSelector;
    out.max_gas = signer::kTransactionGasCap;
    out.max_fee_per_gas = config_.execution.max_fee_per_gas;
    out.max_spend = limit_of(config_.risk.max_spend_per_tx).value_or(cost(out.max_gas, out.max_fee_per_gas));
    return out;
}

fees::Elasticity Keeper::elasticity() const {
    return fees::Elasticity{config_.chain.fee_elasticity, config_.chain.fee_denominator};
}

signer::FeeLimits Keeper::fee_limits() const {
    signer::FeeLimits out;
    out.tip = config_.execution.priority_fee;
    out.max_fee_per_gas = config_.execution.max_fee_per_gas;
    out.elasticity = elasticity();
    const bool auction = config_.execution.ordering == config::Ordering::priority_auction;
    out.ordering = auction ? fees::Ordering::priority_auction : fees::Ordering::first_come;
    out.bid_share = config_.execution.bid_share;
    out.max_spend = limit_of(config_.risk.max_spend_per_tx).value_or(out.max_spend);
    return out;
}

signer::SpendLimits Keeper::spend_limits() const {
    constexpr Gas kCancelGas{21'000};
    signer::SpendLimits out;
    out.per_hour = limit_of(config_.risk.max_spend_per_hour);
    out.per_day = limit_of(config_.risk.max_spend_per_day);
    out.min_balance = Wei{config_.risk.min_gas_balance.raw()};
    out.cancel_reserve = cost(kCancelGas, config_.execution.max_fee_per_gas);
    return out;
}

fees::DataFeeModel Keeper::data_fee_model() const {
    switch (config_.chain.data_fee) {
        case config::DataFee::none:
            return fees::DataFeeModel::none;
        case config::DataFee::op_stack:
            return fees::DataFeeModel::op_stack;
        case config::DataFee::arbitrum:
            return fees::DataFeeModel::arbitrum;
    }
    return fees::DataFeeModel::none;
}

void Keeper::watch_limits(const signer::JournalState& state) {
    const signer::BreakerLimits breaker{
        limit_of(config_.risk.max_loss_per_hour), limit_of(config_.risk.max_loss_per_day),
        static_cast<std::uint64_t>(config_.risk.breaker_pause.count()) / 1000};
    limits_ = std::make_unique<Limits>(breaker, facts_.native_asset, *engine_, *submission_, log_);
    limits_->recover(state);
    tasks_.spawn(watch_balance());
    if (fee_limits().ordering == fees::Ordering::priority_auction) tasks_.spawn(watch_tips());
}

/// They are voted on; until a header tells them, the configuration's hold.
async::Task<void> Keeper::watch_fee_terms() {
    constexpr std::chrono::seconds kEvery{30};
    fees::Elasticity told = elasticity();
    for (;;) {
        const Result<rpc::Header> header = co_await endpoints_->reader().latest_block();
        const FeeTerms terms = header ? header->fee_terms : FeeTerms{};
        const bool tells = terms.denominator != 0 && terms.elasticity != 0;
        const fees::Elasticity now{terms.elasticity, terms.denominator, terms.least};
        if (tells && now != told) {
            told = now;
            log_.info("limit", "the chain's headers tell how its base fee follows the load",
                      {{"elasticity", terms.elasticity},
                       {"denominator", terms.denominator},
                       {"least_wei", terms.least.raw()}});
            engine_->follow(now);
            if (submission_) submission_->on(signer::FeeRuleSeen{now});
        }
        co_await async::sleep_for(kEvery);
    }
}

/// A balance that cannot be read stays what it was: the node refuses what it cannot cover.
async::Task<void> Keeper::watch_balance() {
    constexpr std::chrono::milliseconds kLeast{1'000};
    constexpr std::chrono::milliseconds kMost{12'000};
    const std::chrono::milliseconds every = std::clamp(config_.chain.block_time, kLeast, kMost);
    for (;;) {
        const Result<Wei> balance = co_await endpoints_->reader().balance(submission_->sender());
        if (balance) limits_->balance(*balance);
        co_await async::sleep_for(every);
    }
}

/// What recent blocks paid, at a percentile above the middle: half of a block goes for less.
async::Task<void> Keeper::watch_tips() {
    constexpr std::uint32_t kBlocks = 10;
    constexpr std::uint32_t kPercentile = 60;
    constexpr std::chrono::milliseconds kLeast{2'000};
    const std::chrono::milliseconds every = std::max(config_.chain.block_time, kLeast);
    for (;;) {
        const Result<rpc::RecentTips> recent =
            co_await endpoints_->reader().recent_tips(kBlocks, kPercentile);
        if (recent) {
            std::vector<fees::BlockTip> blocks;
            for (const Wei& tip : recent->tips)
                blocks.push_back(fees::BlockTip{tip, tip.is_zero()});
            submission_->on(signer::TipsSeen{fees::recent_tip(blocks)});
        }
        co_await async::sleep_for(every);
    }
}

/// What a transaction that landed gained and lost.
void Keeper::count_result(const signer::Report& report) {
    if (!limits_) return;
    const Outcome& outcome = report.outcome;
    if (report.attempt == 0) {
        limits_->ended(outcome.intent_id);
        return;
    }
    Limits::Landed one;
    one.intent_id = outcome.intent_id;
    one.ended = Timestamp{wall_clock_ms() / 1000};
    one.cost = cost(outcome.gas_used, outcome.effective_gas_price) + report.data_fee;
    if (outcome.kind == OutcomeKind::confirmed)
        one.gains = realised_profit(outcome.logs, executor_, facts_.receiver);
    limits_->landed(one);
}

}  // namespace plimsoll::bot
