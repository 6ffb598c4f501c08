// SPDX-License-Identifier: Apache-2.0
// What bounds the keeper's spending: from the configuration, and from what the chain says of balance and
// tips.
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

void Keeper::watch_limits() {
    const signer::BreakerLimits breaker{
        limit_of(config_.risk.max_loss_per_hour), limit_of(config_.risk.max_loss_per_day),
        static_cast<std::uint64_t>(config_.risk.breaker_pause.count()) / 1000};
    limits_ = std::make_unique<Limits>(breaker, *engine_, *submission_, log_);
    tasks_.spawn(watch_balance());
    if (fee_limits().ordering == fees::Ordering::priority_auction) tasks_.spawn(watch_tips());
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

/// What a transaction that landed gained and lost, at the newest prices.
void Keeper::count_result(const signer::Report& report) {
    if (!limits_) return;
    const Outcome& outcome = report.outcome;
    if (report.attempt == 0) {
        limits_->ended(outcome.intent_id);
        return;
    }
    Usd gained;
    if (outcome.kind == OutcomeKind::confirmed) {
        for (const TokenProfit& profit : realised_profit(outcome.logs, executor_, facts_.receiver))
            gained += token_value(*engine_, profit.token, profit.amount, Rounding::down);
    }
    const TokenAmount paid{cost(outcome.gas_used, outcome.effective_gas_price).raw()};
    limits_->landed(outcome.intent_id, gained,
                    token_value(*engine_, facts_.native_asset, paid, Rounding::up));
}

}  // namespace plimsoll::bot
