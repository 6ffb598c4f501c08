// SPDX-License-Identifier: Apache-2.0
// What keeps a liquidation that would be worth it from being sent, or makes it dearer: the shell's holds and
// room, the block, the sequencer, the fee for its bytes.
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/selector.hpp"
#include "chain/fees/fee_quote.hpp"
#include "chain/primitives/keccak.hpp"
#include "strategy/plan.hpp"
#include "strategy/rank/data_fees.hpp"
#include "tests/unit/strategy/scripted/stage.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plimsoll::strategy::scripted {
namespace {

const Address kUptimeFeed = address_of(0x5E0);

Market sinking(std::uint64_t count) {
    Market market = three_assets();
    for (std::uint64_t i = 0; i < count; ++i) {
        const AccountId id = market.add_holder(address_of(0xB000 + i));
        market.holders[id].collateral[kEther] = ether(10 + i);
        market.holders[id].debt[kDollar] = dollars(1'500 * (10 + i));  // below the line under 1875 a piece
    }
    return market;
}

bool calls(const Call& call, const codec::Selector& selector) {
    return call.data.size() == selector.size() &&
           std::equal(selector.begin(), selector.end(), call.data.begin());
}

/// An engine whose rollup contracts answer what the fields say.
struct Rollup {
    Rollup(Market market, const EngineParams& params) : stage{market, chain(market), params} {}

    ScriptedChain chain(const Market& market) {
        ScriptedChain out;
        add_deep_pools(out, market);
        out.other = [this](const Call& call) { return answer(call); };
        return out;
    }
    [[nodiscard]] Bytes answer(const Call& call) const {
        codec::AbiWriter out;
        if (silent) return {};
        if (call.to == kUptimeFeed)
            return out.u256(U256{7})
                .u256(U256{down ? 1U : 0U})
                .u256(U256{since})
                .u256(U256{since})
                .u256(U256{7})
                .take();
        if (calls(call, codec::selector("basefee()"))) return out.u256(l1_base_fee).take();
        if (calls(call, codec::selector("blobBaseFee()"))) return out.u256(U256{1}).take();
        if (calls(call, codec::selector("baseFeeScalar()"))) return out.u256(U256{5'227}).take();
        if (calls(call, codec::selector("blobBaseFeeScalar()"))) return out.u256(U256{1'014'213}).take();
        if (calls(call, codec::selector("getPricesInWei()")))
            return out.u256(U256{1})
                .u256(per_l1_byte)
                .u256(U256{1})
                .u256(U256{1})
                .u256(U256{1})
                .u256(per_gas)
                .take();
        return {};
    }
    void fall() { stage.block({stage.venue().market().price_log(kEther, usd(1'850))}); }

    bool silent = false;
    bool down = false;
    std::uint64_t since = 1;
    U256 l1_base_fee{30'000'000'000};
    U256 per_l1_byte{1'000'000'000'000};
    U256 per_gas{10'000'000'000};
    Stage stage;
};

EngineParams with_feed(std::uint64_t grace) {
    EngineParams out = default_params(three_assets());
    out.sequencer_feed = kUptimeFeed;
    out.sequencer_grace = grace;
    return out;
}

EngineParams with_model(fees::DataFeeModel model) {
    EngineParams out = default_params(three_assets());
    out.data_fee = model;
    return out;
}

Decision sent_with(const EngineParams& params) {
    Rollup run{sinking(1), params};
    run.stage.boot();
    run.fall();
    auto sends = run.stage.sends();
    EXPECT_EQ(sends.size(), 1U);
    return sends.empty() ? Decision{} : sends.front();
}

TEST(Hold, NothingIsSentAndTheReasonIsSaid) {
    Stage stage{sinking(1)};
    stage.boot();
    stage.engine().hold(Reason::gas_balance_low, true);
    stage.engine().hold(Reason::paused, true);
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    EXPECT_TRUE(stage.sends().empty());
    const auto skips = stage.skips();
    ASSERT_EQ(skips.size(), 1U);
    EXPECT_EQ(skips.front().reason, Reason::paused) << "what a person did goes first";
    stage.take();
    stage.engine().hold(Reason::paused, false);
    stage.tick();
    ASSERT_EQ(stage.skips().size(), 1U);
    stage.take();
    stage.engine().hold(Reason::gas_balance_low, false);
    stage.tick();
    EXPECT_EQ(stage.sends().size(), 1U) << "looked at again without waiting for a block";
}

TEST(Room, ForOneIntentTakesTheBestAndSaysWhyNotTheOthers) {
    Stage stage{sinking(3)};
    stage.boot();
    Room room;
    room.intents = 1;
    room.crowded = Reason::breaker_open;
    stage.engine().limit(room);
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    const auto all = stage.take();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].reason, Reason::none);
    EXPECT_EQ(all[0].key.account, address_of(0xB002)) << "the largest";
    EXPECT_EQ(all[1].reason, Reason::breaker_open);
    EXPECT_EQ(all[2].reason, Reason::breaker_open);
    stage.block();
    EXPECT_TRUE(stage.sends().empty()) << "the room is used until the shell tells anew";
    stage.engine().limit(Room{});
    stage.block();
    EXPECT_EQ(stage.sends().size(), 2U);
}

TEST(Room, OfMoneyIsGasLimitTimesTheHighestFee) {
    Stage stage{sinking(3)};
    stage.boot();
    const Head head = stage.block();
    const auto quote =
        fees::quote_fee(head, Wei{std::uint64_t{1'000'000'000}}, Wei{std::uint64_t{200'000'000'000}}, {}, 3);
    ASSERT_TRUE(quote);
    Room room;
    room.cost = cost(Gas{1'400'000}, quote->max_fee_per_gas);  // of two, but not of three
    room.poor = Reason::gas_balance_low;
    stage.engine().limit(room);
    stage.hold = true;  // one round of decisions; the shell would tell anew after it
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    const auto all = stage.take();
    ASSERT_EQ(all.size(), 3U);
    const auto sent = std::ranges::count_if(all, [](const Decision& one) { return one.send(); });
    ASSERT_GE(sent, 1);
    Wei ceiling;
    for (const Decision& one : all) {
        if (one.send()) {
            ceiling += cost(one.gas_limit, quote->max_fee_per_gas);
        } else {
            EXPECT_EQ(one.reason, Reason::gas_balance_low);
        }
    }
    EXPECT_LT(sent, 3);
    EXPECT_LE(ceiling, room.cost);
}

/// The scripted chain's base fee and the tip of the engine's parameters, per gas.
Wei next_price(Stage& stage) {
    const Head head = stage.block();
    return fees::next_base_fee(head) + Wei{std::uint64_t{1'000'000'000}};
}

TEST(MaxSpend, WhatCostsMoreIsSkippedWithItsOwnReason) {
    const Decision free = sent_with(default_params(three_assets()));
    Stage probe{sinking(1)};
    probe.boot();
    const Wei least = cost(free.gas_limit, next_price(probe));
    for (const bool enough : {true, false}) {
        EngineParams params = default_params(three_assets());
        params.max_spend = enough ? least : least - Wei{std::uint64_t{1}};
        Rollup run{sinking(1), params};
        run.stage.boot();
        run.fall();
        const auto all = run.stage.take();
        ASSERT_EQ(all.size(), 1U);
        EXPECT_EQ(all.front().reason, enough ? Reason::none : Reason::spend_per_tx);
    }
}

TEST(MaxSpend, TheFeeForTheBytesCountsTwiceOnTheOpStack) {
    const Decision sent = sent_with(with_model(fees::DataFeeModel::op_stack));
    EXPECT_FALSE(sent.opportunity.data_fee.is_zero());
    EXPECT_EQ(sent.data_fee, sent.opportunity.data_fee + sent.opportunity.data_fee);
    Stage probe{sinking(1)};
    probe.boot();
    const Wei least = cost(sent.gas_limit, next_price(probe)) + sent.data_fee;
    for (const bool enough : {true, false}) {
        EngineParams params = with_model(fees::DataFeeModel::op_stack);
        params.max_spend = enough ? least : least - Wei{std::uint64_t{1}};
        Rollup run{sinking(1), params};
        run.stage.boot();
        run.fall();
        const auto all = run.stage.take();
        ASSERT_EQ(all.size(), 1U);
        EXPECT_EQ(all.front().reason, enough ? Reason::none : Reason::spend_per_tx);
    }
}

TEST(BlockGas, HoldsNoMoreThanABlockCan) {
    Stage stage{sinking(60)};
    stage.boot();
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    const auto all = stage.take();
    std::uint64_t gas = 0;
    std::uint64_t left = 0;
    for (const Decision& one : all) {
        gas += one.send() ? one.gas_limit.value : 0;
        left += one.reason == Reason::spend_budget ? 1 : 0;
    }
    EXPECT_LE(gas, 30'000'000U);
    EXPECT_GT(gas, 28'000'000U);
    EXPECT_GT(left, 0U);
    stage.block();
    EXPECT_TRUE(stage.sends().empty()) << "what is under way has its part of the next block";
}

TEST(Worth, IsTheNetValueInTheNativeCoin) {
    Stage stage{sinking(1)};
    stage.boot();
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    const Usd back = mul_div(usd(1'850), sends.front().worth.raw(), pow10(18), Rounding::up);
    EXPECT_EQ(back, sends.front().opportunity.net.magnitude);
}

TEST(Sequencer, WhileItIsDownNothingIsSent) {
    Rollup run{sinking(1), with_feed(0)};
    run.down = true;
    run.stage.boot();
    run.fall();
    EXPECT_TRUE(run.stage.sends().empty());
    EXPECT_EQ(run.stage.skips().front().reason, Reason::sequencer_down);
    run.down = false;
    run.stage.block();
    EXPECT_EQ(run.stage.sends().size(), 1U);
}

TEST(Sequencer, AFeedThatNeverAnsweredSaysDownAndOneThatDidIsBelieved) {
    Rollup run{sinking(1), with_feed(0)};
    run.silent = true;
    run.stage.boot();
    run.fall();
    EXPECT_EQ(run.stage.skips().front().reason, Reason::sequencer_down);
    run.silent = false;
    run.stage.block();
    EXPECT_EQ(run.stage.sends().size(), 1U);
}

TEST(Sequencer, AfterItIsBackAGraceMustPass) {
    Rollup run{sinking(1), with_feed(60)};
    run.since = run.stage.time;
    run.stage.boot();
    run.fall();
    EXPECT_TRUE(run.stage.sends().empty());
    while (run.stage.time + 12 <= run.since + 60) {
        run.stage.block();
        ASSERT_LE(run.stage.time, run.since + 200);
    }
    run.stage.block();
    EXPECT_EQ(run.stage.sends().size(), 1U);
}

/// As `plan.hpp` encodes it for addresses and amounts as they are on a chain.
Bytes real_calldata(std::size_t hops, std::uint64_t seed) {
    const auto address = [&](std::uint64_t which) {
        return Address::from_word(keccak256(std::to_string(seed * 100 + which)));
    };
    Opportunity one;
    one.quote.collateral_asset = address(1);
    one.quote.debt_asset = address(2);
    one.quote.repaid = TokenAmount{83'217'654'321 + seed};
    one.flash = FlashSource{FlashKind::aave_v3, address(3), TokenAmount{}};
    if (hops == 1) one.route = Route{Hop{address(4), address(1), address(2), 3'000}};
    if (hops == 2)
        one.route = Route{Hop{address(4), address(1), address(5), 500},
                          Hop{address(6), address(5), address(2), 3'000}};
    codec::AbiWriter call{codec::selector("liquidationCall(address,address,address,uint256,bool)")};
    call.address(address(1)).address(address(2)).address(address(7)).u256(U256{83'217'654'321}).u256(U256{});
    return encode_plan(one, Call{address(3), call.take()}, SwapRouter{address(8), RouterKind::classic},
                       TokenAmount{1'234'567'890}, BlockNumber{25'123'456});
}

TEST(DataFee, TypicalSizesAreThoseOfRealAddresses) {
    for (std::size_t hops = 0; hops <= DataFees::kMostHops; ++hops) {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const fees::TransactionSize real = DataFees::size_of(real_calldata(hops, seed));
            const fees::TransactionSize& typical = DataFees::typical(hops);
            EXPECT_EQ(real.bytes, typical.bytes) << hops;
            EXPECT_NEAR(static_cast<double>(real.fast_lz), static_cast<double>(typical.fast_lz), 25.0)
                << hops;
            EXPECT_NEAR(static_cast<double>(real.calldata_gas), static_cast<double>(typical.calldata_gas),
                        300.0);
        }
    }
}

TEST(DataFee, OfTheOpStackIsACostBesideTheGas) {
    const Decision without = sent_with(default_params(three_assets()));
    const Decision with = sent_with(with_model(fees::DataFeeModel::op_stack));
    EXPECT_EQ(with.opportunity.gas, without.opportunity.gas);
    const fees::OpStackPrices prices{Wei{std::uint64_t{30'000'000'000}}, Wei{std::uint64_t{1}}, 5'227,
                                     1'014'213};
    const Wei fee = fees::fjord_fee(prices, DataFees::typical(1));
    EXPECT_EQ(with.opportunity.gas_cost - without.opportunity.gas_cost,
              mul_div(usd(1'850), fee.raw(), pow10(18), Rounding::up));
    EXPECT_LT(with.opportunity.net, without.opportunity.net);
}

TEST(DataFee, OfArbitrumIsGasThatTheLimitCovers) {
    const Decision without = sent_with(default_params(three_assets()));
    const Decision with = sent_with(with_model(fees::DataFeeModel::arbitrum));
    const Gas gas = fees::arbitrum_gas(
        {Wei{std::uint64_t{1'000'000'000'000}}, Wei{std::uint64_t{10'000'000'000}}}, DataFees::typical(1));
    EXPECT_GT(gas.value, 40'000U);
    EXPECT_EQ(with.opportunity.gas.value, without.opportunity.gas.value + gas.value);
    EXPECT_GE(with.gas_limit.value, without.gas_limit.value + gas.value * 3 / 2);
}

TEST(DataFee, TheNextOfItsKindIsReckonedWithItsRealSize) {
    Rollup run{sinking(2), with_model(fees::DataFeeModel::arbitrum)};
    run.stage.boot();
    Room room;
    room.intents = 1;
    run.stage.engine().limit(room);
    run.fall();
    const auto first = run.stage.sends();
    ASSERT_EQ(first.size(), 1U);
    run.stage.engine().limit(Room{});
    run.stage.block();
    const auto second = run.stage.sends();
    ASSERT_EQ(second.size(), 1U);
    const fees::ArbitrumPrices prices{Wei{run.per_l1_byte}, Wei{run.per_gas}};
    const Gas real = fees::arbitrum_gas(prices, DataFees::size_of(first.front().calldata));
    const Gas typical = fees::arbitrum_gas(prices, DataFees::typical(1));
    EXPECT_EQ(second.front().opportunity.gas.value - first.front().opportunity.gas.value + typical.value,
              real.value);
}

TEST(DataFee, WhatAReceiptSaysOfTheBytesIsNotLearnedAsExecution) {
    Rollup run{sinking(1), with_model(fees::DataFeeModel::arbitrum)};
    run.stage.boot();
    run.fall();
    const auto sends = run.stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    const Gas expected = sends.front().opportunity.gas;
    const fees::ArbitrumPrices prices{Wei{run.per_l1_byte}, Wei{run.per_gas}};
    const Gas typical = fees::arbitrum_gas(prices, DataFees::typical(1));
    const Gas real = fees::arbitrum_gas(prices, DataFees::size_of(sends.front().calldata));
    run.stage.land(sends.front(), OutcomeKind::confirmed, Gas{expected.value - typical.value + real.value});
    run.stage.block();
    const auto again = run.stage.sends();
    ASSERT_EQ(again.size(), 1U);
    const std::uint64_t execution = again.front().opportunity.gas.value - real.value;
    EXPECT_NEAR(static_cast<double>(execution), static_cast<double>(expected.value - typical.value), 2.0);
}

TEST(DataFee, WithoutPricesNothingIsSent) {
    Rollup run{sinking(1), with_model(fees::DataFeeModel::op_stack)};
    run.silent = true;
    run.stage.boot();
    run.fall();
    EXPECT_EQ(run.stage.skips().front().reason, Reason::stale_price);
    run.silent = false;
    run.stage.block();
    EXPECT_EQ(run.stage.sends().size(), 1U);
}

TEST(DataFee, APriceNobodyCanMeanIsNotTaken) {
    Rollup run{sinking(1), with_model(fees::DataFeeModel::op_stack)};
    run.l1_base_fee = U256{1} << 100U;
    run.stage.boot();
    run.fall();
    EXPECT_TRUE(run.stage.sends().empty());
    EXPECT_EQ(run.stage.skips().front().reason, Reason::stale_price);
}

}  // namespace
}  // namespace plimsoll::strategy::scripted
