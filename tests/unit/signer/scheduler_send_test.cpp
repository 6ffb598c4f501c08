// SPDX-License-Identifier: Apache-2.0
// From an intent to its bytes on the wire.
#include "tests/unit/signer/scheduler_world.hpp"

#include <gtest/gtest.h>

namespace plimsoll::signer {
namespace {

TEST(SchedulerSend, ASendFollowsOnlyThePersistedItDependsOn) {
    World world;
    world.start();
    world.submit(1, 1);
    EXPECT_EQ(world.unpersisted(), 1U);
    EXPECT_TRUE(world.sends().empty());
    world.head(101);
    EXPECT_TRUE(world.sends().empty());
    world.persist_all();
    EXPECT_EQ(world.sends().size(), 1U);
}

TEST(SchedulerSend, NothingIsSignedBeforeJournalNoncesAndHeadAreKnown) {
    World world;
    world.submit(1, 1);
    world.event(Recovered{});
    EXPECT_EQ(world.scheduler().state(), KeyState::starting);
    world.head(100);
    EXPECT_EQ(world.unpersisted(), 0U);
    world.nonces(7, 7);
    EXPECT_EQ(world.scheduler().state(), KeyState::ready);
    world.persist_all();
    ASSERT_EQ(world.rows().size(), 1U);
    EXPECT_EQ(world.sends().at(0).nonce, Nonce{7});
}

TEST(SchedulerSend, IntentsGetConsecutiveNoncesUpToTheLimitInFlight) {
    SchedulerOptions options = World::default_options();
    options.max_in_flight = 3;
    World world{options};
    world.start();
    for (std::uint8_t i = 1; i <= 5; ++i)
        world.submit(i, i);
    world.persist_all();
    const auto sends = world.sends();
    ASSERT_EQ(sends.size(), 3U);
    for (std::uint64_t i = 0; i < 3; ++i)
        EXPECT_EQ(sends[i].nonce, Nonce{i});
    EXPECT_EQ(world.scheduler().waiting(), 2U);
    world.head(101);
    world.land(sends[0].hash, 101);
    world.persist_all();
    EXPECT_EQ(world.sends().at(0).nonce, Nonce{3});
}

TEST(SchedulerSend, TheMostValuableWaitingIntentGoesFirst) {
    SchedulerOptions options = World::default_options();
    options.max_in_flight = 1;
    World world{options};
    world.start();
    const Send first = world.sent(1, 1);
    world.submit(2, 2, 1000, 10);
    world.submit(3, 3, 1000, 30);
    world.submit(4, 4, 1000, 20);
    world.head(101);
    world.land(first.hash, 101);
    world.persist_all();
    const auto sends = world.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_EQ(world.rows().at(sends[0].attempt).intent_id, 3U);
}

TEST(SchedulerSend, AFullQueueDeclinesTheLeastValuable) {
    SchedulerOptions options = World::default_options();
    options.max_in_flight = 1;
    options.max_waiting = 2;
    World world{options};
    world.start();
    world.sent(1, 1);
    world.submit(2, 2, 1000, 10);
    world.submit(3, 3, 1000, 5);
    world.submit(4, 4, 1000, 7);
    const auto declined = world.declined();
    ASSERT_EQ(declined.size(), 1U);
    EXPECT_EQ(declined[0].intent_id, 3U);
    EXPECT_EQ(declined[0].reason, DeclineReason::queue_full);
    EXPECT_FALSE(world.scheduler().busy(World::intent(3, 3).key));
}

TEST(SchedulerSend, AKeyHasAtMostOneIntentThatIsNotFinal) {
    World world;
    world.start();
    const Send first = world.sent(1, 1);
    world.submit(2, 1);
    ASSERT_EQ(world.declined().size(), 1U);
    world.head(101);
    world.land(first.hash, 101);
    EXPECT_FALSE(world.scheduler().busy(World::intent(1, 1).key));
    world.submit(3, 1);
    EXPECT_TRUE(world.declined().empty());
    world.persist_all();
    EXPECT_EQ(world.sends().at(0).nonce, Nonce{1});
}

TEST(SchedulerSend, s01_AlreadyKnownIsSuccess) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    world.answer(send, SendClass::already_known);
    const auto records = world.records();
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].status, AttemptStatus::seen);
    world.quiet_head(101);
    EXPECT_TRUE(world.sends().empty());
    EXPECT_EQ(world.unpersisted(), 0U);
}

TEST(SchedulerSend, s19_AnUnknownAnswerMeansMaybeSentAndTheSameBytesAgain) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    world.answer(send, SendClass::unknown, "request timed out");
    world.quiet_head(101);
    world.quiet_head(102);
    const auto again = world.sends();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].raw, send.raw);
    EXPECT_EQ(again[0].repeat, 1U);
    EXPECT_EQ(world.rows().size(), 1U);  // no second transaction
}

TEST(SchedulerSend, s17_WhatANodeTookAndForgotIsSentAgain) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    world.answer(send, SendClass::accepted);
    world.quiet_head(101);
    EXPECT_TRUE(world.sends().empty());
    world.quiet_head(102);
    EXPECT_EQ(world.sends().at(0).raw, send.raw);
}

TEST(SchedulerSend, WithoutBlocksAnUnansweredSendIsRepeatedByTheClock) {
    World world;
    world.start();
    world.event(Tick{Timestamp{1000}});
    const Send send = world.sent(1, 1);
    for (std::uint64_t now = 1001; now < 1012; ++now)
        world.event(Tick{Timestamp{now}});
    EXPECT_TRUE(world.sends().empty());
    world.event(Tick{Timestamp{1012}});
    EXPECT_EQ(world.sends().at(0).raw, send.raw);
}

TEST(SchedulerSend, s04_ANonceTooLowNeverLeadsToAnotherNonce) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    world.questions();
    world.answer(send, SendClass::nonce_too_low, "nonce too low: next nonce 1, tx nonce 0");
    EXPECT_EQ(world.questions(), std::vector<Hash32>{send.hash});
    EXPECT_EQ(world.rows().size(), 1U);
    world.head(101);
    world.land(send.hash, 101);
    const auto reports = world.reports();
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_EQ(reports[1].outcome.kind, OutcomeKind::confirmed);
    EXPECT_TRUE(world.sends().empty());
}

TEST(SchedulerSend, s06_ANonceTooHighWaitsForTheLowerOne) {
    World world;
    world.start();
    const Send low = world.sent(1, 1);
    const Send high = world.sent(2, 2);
    world.answer(low, SendClass::unknown);
    world.answer(high, SendClass::nonce_too_high);
    world.quiet_head(101);
    const auto again = world.sends();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].raw, high.raw);
    EXPECT_EQ(world.rows().size(), 2U);
}

TEST(SchedulerSend, s10_AnEmptyPurseHoldsNewIntentsBackUntilASendIsTaken) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    world.answer(send, SendClass::unfunded, "insufficient funds");
    world.submit(2, 2);
    EXPECT_EQ(world.scheduler().waiting(), 1U);
    EXPECT_EQ(world.notices().at(0).kind, Notice::Kind::unfunded);
    world.quiet_head(101);
    world.quiet_head(102);
    const auto again = world.sends();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].raw, send.raw);
    world.answer(again[0], SendClass::accepted);
    world.persist_all();
    EXPECT_EQ(world.sends().at(0).nonce, Nonce{1});
}

TEST(SchedulerSend, s75_APolicyRefusalIsFinalAndTakesNoNonce) {
    World world;
    world.start();
    Intent intent = World::intent(1, 1);
    intent.to.bytes[0] = 0;
    world.event(IntentSubmitted{intent});
    const auto reports = world.reports();
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].stage, ReportStage::final);
    EXPECT_EQ(reports[0].outcome.kind, OutcomeKind::refused);
    EXPECT_NE(reports[0].text.find("wrong_target"), std::string::npos);
    EXPECT_EQ(world.sent(2, 2).nonce, Nonce{0});
}

TEST(SchedulerSend, s09_ABaseFeeAboveTheCapIsARefusal) {
    SchedulerOptions options = World::default_options();
    options.fees.max_fee_per_gas = to_wei(Gwei{5});
    World world{options};
    world.start();
    world.submit(1, 1);
    EXPECT_EQ(world.reports().at(0).outcome.kind, OutcomeKind::refused);
    EXPECT_EQ(world.scheduler().in_flight(), 0U);
}

TEST(SchedulerSend, s74_AnotherTransactionFromTheSignerStopsTheKey) {
    World world;
    world.start();
    Actions actions;
    world.scheduler().on(IntentSubmitted{World::intent(1, 1)}, actions);
    const Sign sign = std::get<Sign>(actions.at(0));
    Transaction other = sign.fields;
    other.gas_limit = Gas{1};
    actions.clear();
    world.scheduler().on(Signed{sign.attempt, assemble(other, World::key().sign(signing_hash(other)))},
                         actions);
    EXPECT_EQ(world.scheduler().state(), KeyState::stopped);
    for (const Action& action : actions)
        EXPECT_FALSE(std::holds_alternative<Persist>(action) || std::holds_alternative<Send>(action));
}

TEST(SchedulerSend, s76_AFailedJournalStopsTheKeyAndNothingIsSent) {
    World world;
    world.start();
    world.submit(1, 1);
    world.event(PersistFailed{1, "disk full"});
    EXPECT_EQ(world.scheduler().state(), KeyState::stopped);
    world.submit(2, 2);
    EXPECT_EQ(world.declined().at(0).reason, DeclineReason::key_stopped);
    world.quiet_head(101);
    world.quiet_head(105);
    EXPECT_TRUE(world.sends().empty());
}

TEST(SchedulerSend, AfterStopNothingIsSentButAllStaysWatched) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    world.submit(2, 2);
    world.event(Stop{});
    world.persist_all();
    world.submit(3, 3);
    EXPECT_EQ(world.declined().at(0).reason, DeclineReason::stopping);
    world.questions();
    world.head(101);
    EXPECT_EQ(world.questions(), std::vector<Hash32>{send.hash});
    world.quiet_head(110);
    EXPECT_TRUE(world.sends().empty());
    world.land(send.hash, 110);
    EXPECT_EQ(world.reports().at(0).stage, ReportStage::included);
    EXPECT_EQ(world.scheduler().in_flight(), 1U);  // the durable one goes out after a restart
}

}  // namespace
}  // namespace plimsoll::signer
