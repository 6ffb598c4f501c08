// SPDX-License-Identifier: Apache-2.0
// The answers that send what is held ready, told to whoever looks at answers alone.
#include "tests/unit/strategy/scripted/near_the_line.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace plimsoll::strategy::scripted {
namespace {

TEST(Triggers, BeginWhereTheAccountSinks) {
    Stage stage = told_of(in_debt({15'900, 15'000, 15'800}));
    EXPECT_EQ(stage.triggers.block, stage.heads.back().number.next(1));
    ASSERT_EQ(stage.triggers.triggers.size(), 2U) << "15,000 is further away than arming looks";
    const Trigger& nearest = stage.triggers.triggers.front();
    EXPECT_EQ(nearest.key, stage.key_of(0));
    EXPECT_EQ(nearest.aggregator, aggregator_of(kEther));
    EXPECT_TRUE(nearest.falling);
    EXPECT_EQ(nearest.most, U256{19'875} * pow10(7) - U256{1});
    EXPECT_EQ(nearest.least, U256{1'900} * pow10(8)) << "five per cent below today's";
    EXPECT_EQ(nearest.others, std::vector{aggregator_of(kDollar)});
    const auto& assets = stage.venue().assets();
    EXPECT_EQ(nearest.assets, (std::vector{assets[kEther].token, assets[kDollar].token}));
    EXPECT_EQ(stage.triggers.triggers.back().key, stage.key_of(2));
}

/// Within, the engine itself sends what was held ready; on this side of the band it sends nothing.
RC_GTEST_PROP(Triggers, AreAnswersAtWhichTheEngineSendsTheSame, ()) {
    Stage stage = told_of(in_debt({*rc::gen::inRange<std::uint64_t>(15'300, 15'999)}));
    RC_PRE(!stage.triggers.triggers.empty());
    const Trigger trigger = stage.triggers.triggers.front();
    const auto width = (trigger.most - trigger.least).low64();
    const auto place = *rc::gen::oneOf(rc::gen::just(std::uint64_t{0}), rc::gen::just(width),
                                       rc::gen::inRange<std::uint64_t>(0, width + 1));
    const bool within = *rc::gen::arbitrary<bool>();
    const U256 answer = within ? trigger.most - U256{place} : trigger.most + U256{1 + place % 1'000};
    stage.begin_block();
    stage.log(answer_of_ether(stage, answer));
    std::vector<IntentKey> armed_sends;
    for (const Decision& made : stage.take()) {
        RC_ASSERT(made.send() && made.armed);
        armed_sends.push_back(made.key);
    }
    RC_ASSERT(armed_sends == (within ? std::vector{trigger.key} : std::vector<IntentKey>{}));
}

TEST(Triggers, NoneWhereAPriceIsPolledOrGuarded) {
    Market polled = in_debt({15'900});
    polled.assets[kDollar].polled = true;
    Stage stage = told_of(polled);
    EXPECT_FALSE(stage.armed.empty());
    EXPECT_TRUE(stage.triggers.triggers.empty());
    Market market = in_debt({15'900});
    Stage guarded = told_of(market, [&](EngineParams& params) {
        params.second_sources.push_back({market.assets[kLink].token, address_of(0x5EC)});
    });
    EXPECT_TRUE(guarded.triggers.triggers.empty());
}

TEST(Triggers, OfNobodyWhoIsNotHeldReady) {
    Stage stage = told_of(in_debt({15'900}));
    ASSERT_EQ(stage.triggers.triggers.size(), 1U);
    stage.block({stage.venue().market().position_log(0, kEther, ether(20), {})});
    EXPECT_TRUE(stage.triggers.triggers.empty());
    EXPECT_EQ(stage.triggers.block, stage.heads.back().number.next(1));
}

TEST(Triggers, WhatLeftOnThemIsUnderWay) {
    Stage stage = told_of(in_debt({15'900}));
    const IntentKey key = stage.key_of(0);
    EXPECT_TRUE(stage.engine().may_send() && stage.engine().may_send(key));
    const Decision ready = stage.armed.at(key);
    const Head open = stage.begin_block();
    const auto made = stage.engine().sent_ahead(key, open.hash, open.number, ReceiveTime{77});
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->armed && made->speculative && made->send());
    EXPECT_EQ(made->calldata, ready.calldata);
    EXPECT_EQ(made->block_hash, open.hash);
    EXPECT_EQ(made->triggered, ReceiveTime{77});
    EXPECT_FALSE(stage.engine().may_send(key));
    EXPECT_FALSE(stage.engine().sent_ahead(key, open.hash, open.number, ReceiveTime{78})) << "once";
    stage.log(answer_of_ether(stage, U256{1'980} * pow10(8)));
    stage.seal();
    stage.tick();
    EXPECT_TRUE(stage.sends().empty()) << "the engine knows that it is under way";
    EXPECT_EQ(stage.engine().counts().armed_sends, 1U);
    EXPECT_EQ(stage.engine().counts().pending, 1U);
}

TEST(Triggers, WhatLeftOnABlockThatWasUndoneIsWithdrawn) {
    Stage stage = told_of(in_debt({15'900}));
    const Head open = stage.begin_block();
    ASSERT_TRUE(stage.engine().sent_ahead(stage.key_of(0), open.hash, open.number, ReceiveTime{}));
    stage.log(answer_of_ether(stage, U256{1'980} * pow10(8)));
    stage.seal();
    stage.undo_block();
    stage.block();
    ASSERT_EQ(stage.withdrawals.size(), 1U);
    EXPECT_EQ(stage.withdrawals.front().key, stage.key_of(0));
}

TEST(Triggers, NothingMayLeaveWhileAGateIsClosed) {
    Stage stage = told_of(in_debt({15'900}));
    const IntentKey key = stage.key_of(0);
    stage.engine().hold(Reason::paused, true);
    EXPECT_FALSE(stage.engine().may_send() || stage.engine().may_send(key));
    stage.engine().hold(Reason::paused, false);
    EXPECT_TRUE(stage.engine().may_send(key));
    EXPECT_FALSE(stage.engine().may_send(IntentKey{})) << "nobody's";
    stage.engine().limit(Room{0, Reason::spend_budget, {}, {}});
    EXPECT_FALSE(stage.engine().may_send(key));
}

}  // namespace
}  // namespace plimsoll::strategy::scripted
