// SPDX-License-Identifier: Apache-2.0
// From the bytes of a price frame to the bytes of a signed transaction, beside the cost of one signature in
// the same run.
#include "chain/primitives/keccak.hpp"
#include "chain/rpc/message_reader.hpp"
#include "signer/fee.hpp"
#include "signer/keys/key.hpp"
#include "signer/signing.hpp"
#include "strategy/plan.hpp"
#include "strategy/routes/pool_liquidity.hpp"
#include "strategy/routes/swap_step.hpp"
#include "tests/bench/scripted_stage.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <map>
#include <memory>

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// One subscription to logs, "0xl".
class LogsOnly final : public rpc::MessageContext {
  public:
    [[nodiscard]] std::optional<rpc::Method> method_of(rpc::RequestId) const override { return std::nullopt; }
    [[nodiscard]] rpc::SubscriptionKind kind_of(std::string_view subscription) const override {
        return subscription == "0xl" ? rpc::SubscriptionKind::logs : rpc::SubscriptionKind::unknown;
    }
};

/// The submission's pure part: fee, policy, signature.
class Submitter {
  public:
    Submitter() : key_{signer::throwaway_key().value()}, policy_{limits(key_.address())} {}

    [[nodiscard]] signer::SignedTransaction sign(const strategy::Decision& decision, const Head& head) const {
        const fees::FeeQuote fee = fees_.price(head).value();
        signer::Transaction fields;
        fields.chain_id = ChainId{31337};
        fields.nonce = Nonce{7};
        fields.max_priority_fee_per_gas = fee.max_priority_fee_per_gas;
        fields.max_fee_per_gas = fee.max_fee_per_gas;
        fields.gas_limit = decision.gas_limit;
        fields.to = strategy::aave_v3::at(0xE0);
        fields.data = decision.calldata;
        signer::SpendLedger spends{signer::SpendLimits{}};
        return signer::approve_and_sign(policy_, spends, key_, 1, signer::Purpose::execute, std::move(fields))
            .value();
    }
    [[nodiscard]] const signer::Key& key() const { return key_; }

  private:
    static signer::PolicyLimits limits(const Address& sender) {
        signer::PolicyLimits out;
        out.chain = ChainId{31337};
        out.sender = sender;
        out.executor = strategy::aave_v3::at(0xE0);
        out.selector = strategy::kExecuteSelector;
        out.max_gas = Gas{5'000'000};
        out.max_fee_per_gas = Wei{U256{200'000'000'000ULL}};
        out.max_spend = Wei{pow10(18)};
        return out;
    }
    signer::Key key_;
    signer::Policy policy_;
    signer::FeePolicy fees_{signer::FeeLimits{Wei{U256{1'000'000'000}}, Wei{U256{200'000'000'000ULL}}, {}}};
};

/// What one signature costs here and now, in seconds.
double signature_seconds(const signer::Key& key) {
    constexpr int kRounds = 2'000;
    Hash32 digest = keccak256(std::string_view{"plimsoll"});
    const auto start = Clock::now();
    for (int i = 0; i < kRounds; ++i) {
        const signer::Signature signature = key.sign(digest);
        digest = signature.s;
    }
    benchmark::DoNotOptimize(digest);
    return seconds_since(start) / kRounds;
}

ScriptedStage& stage_of(std::size_t accounts) {
    static std::map<std::size_t, std::unique_ptr<ScriptedStage>> stages;
    auto& stage = stages[accounts];
    if (!stage) stage = std::make_unique<ScriptedStage>(accounts);
    return *stage;
}

std::string why_not(ScriptedStage& stage) {
    std::string out = "not exactly one send but";
    for (const strategy::Decision& decision : stage.out().decisions)
        out += " " + std::string{strategy::to_string(decision.reason)};
    for (const strategy::Notice& notice : stage.out().notices)
        out += ", " + notice.text;
    const auto& error = stage.engine().error();
    return out + (error ? ", " + error->context : "");
}

void frame_to_signed(benchmark::State& state) {
    ScriptedStage& stage = stage_of(static_cast<std::size_t>(state.range(0)));
    const Submitter submitter;
    const LogsOnly context;
    rpc::MessageReader reader{1U << 20U};
    const auto log_of = [&](const std::string& padded, std::size_t size) {
        auto message = reader.read(std::string_view{padded}.substr(0, size), context);
        return std::get<Log>(std::get<rpc::SubscriptionMessage>(message.value()).body);
    };
    double spent = 0;
    for (auto round : state) {
        static_cast<void>(round);
        stage.begin_block();
        std::string frame = stage.price_frame(ScriptedStage::kCrashPrice);
        const std::size_t size = frame.size();
        frame.resize(size + rpc::kFramePadding);
        stage.out().clear();
        const auto start = Clock::now();
        stage.tell(LogSeen{log_of(frame, size)});
        stage.seal();
        if (stage.out().decisions.size() != 1 || !stage.out().decisions.front().send()) {
            state.SkipWithError(why_not(stage).c_str());
            break;
        }
        const signer::SignedTransaction transaction =
            submitter.sign(stage.out().decisions.front(), stage.head());
        const double seconds = seconds_since(start);
        benchmark::DoNotOptimize(transaction.raw.data());
        state.SetIterationTime(seconds);
        spent += seconds;
        const strategy::Decision decision = stage.out().decisions.front();
        stage.answer_reads();
        stage.begin_block();
        std::string calm = stage.price_frame(ScriptedStage::kCalmPrice);
        const std::size_t calm_size = calm.size();
        calm.resize(calm_size + rpc::kFramePadding);
        stage.tell(LogSeen{log_of(calm, calm_size)});
        stage.seal();
        stage.expire(decision);
        stage.answer_reads();
    }
    const double signature = signature_seconds(submitter.key());
    state.counters["signature_us"] = signature * 1e6;
    state.counters["signatures"] = spent / static_cast<double>(state.iterations()) / signature;
}

void one_signature(benchmark::State& state) {
    const Submitter submitter;
    Hash32 digest = keccak256(std::string_view{"plimsoll"});
    for (auto round : state) {
        static_cast<void>(round);
        const signer::Signature signature = submitter.key().sign(digest);
        digest = signature.s;
    }
    benchmark::DoNotOptimize(digest);
}

/// A sale through one pool that crosses so many initialised ticks, as the exit search asks for it.
void local_quote(benchmark::State& state) {
    namespace pools = strategy::uniswap_v3;
    pools::PoolLiquidity pool{500, 10};
    std::vector<pools::InitialisedTick> ticks;
    for (pools::Tick tick = -2000; tick <= 2000; tick += 10)
        ticks.push_back(pools::InitialisedTick{tick, tick < 0 ? 1'000'000'000'000 : -1'000'000'000'000,
                                               1'000'000'000'000});
    pool.learn(-2, 2, ticks);
    const pools::Slot slot{pools::sqrt_price_at(5), 5, static_cast<u128>(1) << 80U};
    const U256 end = pools::sqrt_price_at(static_cast<pools::Tick>(5 - 10 * state.range(0)));
    const U256 sold = pools::amount0_between(end, slot.sqrt_price, slot.liquidity, true);
    const pools::SwapOrder order{true, true, sold};
    const auto start = Clock::now();
    for (auto round : state) {
        static_cast<void>(round);
        benchmark::DoNotOptimize(pool.swap(slot, order, false));
    }
    const double each = seconds_since(start) / static_cast<double>(state.iterations());
    state.counters["ticks"] = pool.swap(slot, order, false).ticks;
    state.counters["signatures"] = each / signature_seconds(Submitter{}.key());
}

BENCHMARK(local_quote)->Arg(1)->Arg(4)->Arg(20)->Unit(benchmark::kNanosecond);
BENCHMARK(one_signature)->Unit(benchmark::kMicrosecond);
BENCHMARK(frame_to_signed)
    ->Arg(1'000)
    ->Arg(100'000)
    ->UseManualTime()
    ->Iterations(300)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace plimsoll::bench

BENCHMARK_MAIN();
