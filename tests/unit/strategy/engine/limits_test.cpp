// SPDX-License-Identifier: Apache-2.0
// What keeps a liquidation that would be worth it from being sent, or makes it dearer: the shell's holds and
// room, the block, the sequencer.
#include "chain/fees/fee_quote.hpp"
#include "tests/unit/strategy/engine/rollup.hpp"
#include "tests/unit/strategy/scripted/stage.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plimsoll::strategy::scripted {
namespace {

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

TEST(MaxSpend, WhatCostsMoreIsSkippedWithItsOwnReason) {
    const Decision free = sent_with(default_params(three_assets()));
    Stage probe{sinking(1)};
    probe.boot();
    const Wei least = cost(free.gas_limit, next_price(probe));
    expect_least_spend(default_params(three_assets()), least);
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

}  // namespace
}  // namespace plimsoll::strategy::scripted
