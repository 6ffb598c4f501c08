// SPDX-License-Identifier: Apache-2.0
// A nonce that only has to be consumed goes to a waiting intent; intents that others were faster for.
#include "tests/unit/signer/scheduler_world.hpp"

#include <gtest/gtest.h>

namespace plimsoll::signer {
namespace {

SchedulerOptions one_at_a_time(std::uint64_t confirmations = 1) {
    SchedulerOptions out = World::default_options();
    out.max_in_flight = 1;
    out.confirmations = confirmations;
    return out;
}

/// Intent 1 is out and past its deadline at block 102, intent 2 has taken its nonce over.
struct TakenOver {
    explicit TakenOver(std::uint64_t confirmations = 1) : world{one_at_a_time(confirmations)} {
        world.start();
        first = world.sent(1, 1, 102);
        world.submit(2, 2);
        world.quiet_head(101);
        world.sends();
        world.quiet_head(102);
        world.persist_all();
        const auto sends = world.sends();
        if (sends.size() == 1) second = sends[0];
    }
    World world;
    Send first;
    Send second;
};

TEST(SchedulerReuse, ANonceThatOnlyHasToBeConsumedGoesToTheBestWaitingIntent) {
    TakenOver run;
    ASSERT_EQ(run.second.nonce, run.first.nonce);
    const AttemptRow& before = run.world.rows().at(run.first.attempt);
    const AttemptRow& after = run.world.rows().at(run.second.attempt);
    EXPECT_EQ(after.intent_id, 2U);
    EXPECT_EQ(after.purpose, Purpose::execute);
    EXPECT_GE(after.fee.max_fee_per_gas, fees::bumped(before.fee.max_fee_per_gas));
    EXPECT_GE(after.fee.max_priority_fee_per_gas, fees::bumped(before.fee.max_priority_fee_per_gas));
    run.world.ends();
    run.world.head(103);
    run.world.land(run.second.hash, 103);
    // The one that landed is told at inclusion and at the end, the other one at the end, by the same block.
    const auto reports = run.world.reports();
    ASSERT_EQ(reports.size(), 3U);
    EXPECT_EQ(reports[0].outcome.intent_id, 2U);
    const auto ends = run.world.ends();
    ASSERT_EQ(ends.size(), 2U);
    EXPECT_EQ(ends[0].intent_id, 1U);
    EXPECT_EQ(ends[0].kind, OutcomeKind::expired);
    EXPECT_EQ(ends[1].intent_id, 2U);
    EXPECT_EQ(ends[1].kind, OutcomeKind::confirmed);
    for (const EndIntent& end : ends)
        EXPECT_EQ(end.block_hash, World::block_hash(103));
    EXPECT_FALSE(run.world.scheduler().busy(World::intent(1, 1).key));
    EXPECT_EQ(run.world.scheduler().in_flight(), 0U);
}

TEST(SchedulerReuse, IfTheEarlierIntentLandsAllTheSameTheLaterOneWaitsForAnotherNonceUntilThatIsFinal) {
    TakenOver run{3};
    run.world.reports();
    run.world.head(103);
    run.world.land(run.first.hash, 102);
    EXPECT_EQ(run.world.reports().at(0).outcome.intent_id, 1U);
    run.world.persist_all();
    EXPECT_TRUE(run.world.sends().empty());  // its own may still take the nonce in another branch
    EXPECT_TRUE(run.world.scheduler().busy(World::intent(2, 2).key));
    run.world.records();
    run.world.head(104);
    const auto records = run.world.records();
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[0].status, AttemptStatus::confirmed);
    EXPECT_EQ(records[1].id, run.second.attempt);
    EXPECT_EQ(records[1].status, AttemptStatus::replaced);
    run.world.persist_all();
    const auto sends = run.world.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_EQ(sends[0].nonce, Nonce{1});
    EXPECT_EQ(run.world.rows().at(sends[0].attempt).intent_id, 2U);
}

TEST(SchedulerReuse, AStuckCancellationIsReplacedByAnIntentThatCameLater) {
    World world{one_at_a_time()};
    world.start();
    const Send first = world.sent(1, 1, 101);
    world.quiet_head(101);
    world.persist_all();
    EXPECT_EQ(world.rows().at(world.sends().back().attempt).purpose, Purpose::cancel);
    world.submit(2, 2);
    for (std::uint64_t block = 102; block <= 104; ++block)
        world.quiet_head(block);
    world.persist_all();
    const Send taken = world.sends().back();
    EXPECT_EQ(taken.nonce, first.nonce);
    EXPECT_EQ(world.rows().at(taken.attempt).intent_id, 2U);
    EXPECT_EQ(world.rows().at(taken.attempt).purpose, Purpose::execute);
}

TEST(SchedulerReuse, APauseOrAnEmptyPurseCancelsInstead) {
    World world{one_at_a_time()};
    world.start();
    world.sent(1, 1, 101);
    world.submit(2, 2);
    world.gate(GateReason::paused, true);
    world.quiet_head(101);
    world.persist_all();
    EXPECT_EQ(world.rows().at(world.sends().back().attempt).purpose, Purpose::cancel);
}

TEST(SchedulerReuse, AnIntentWithdrawnBeforeItsTakeOverWasDurableEndsAloneAndTheNonceIsCancelled) {
    World world{one_at_a_time()};
    world.start();
    world.sent(1, 1, 101);
    world.submit(2, 2);
    world.quiet_head(101);
    world.sends();
    world.event(CancelRequested{2});
    world.reports();
    world.persist_all();
    const auto reports = world.reports();
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].outcome.intent_id, 2U);
    EXPECT_EQ(reports[0].outcome.kind, OutcomeKind::cancelled);
    const Send cancel = world.sends().back();
    EXPECT_EQ(world.rows().at(cancel.attempt).purpose, Purpose::cancel);
    EXPECT_EQ(world.rows().at(cancel.attempt).intent_id, 1U);
}

TEST(SchedulerOutbid, AWaitingIntentEndsAtTheBlockOfTheOther) {
    World world{one_at_a_time()};
    world.start();
    world.sent(1, 1);
    world.submit(2, 2);
    world.event(OutbidSeen{World::intent(2, 2).key, World::block_hash(100), BlockNumber{100}});
    const auto reports = world.reports();
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].outcome.kind, OutcomeKind::outbid);
    EXPECT_EQ(reports[0].outcome.block_hash, World::block_hash(100));
    EXPECT_EQ(world.ends().at(0).kind, OutcomeKind::outbid);
}

TEST(SchedulerOutbid, WhatIsOutIsCancelledAndEndsAtTheBlockOfTheOther) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    world.head(101);
    world.event(OutbidSeen{World::intent(1, 1).key, World::block_hash(101), BlockNumber{101}});
    world.persist_all();
    const Send cancel = world.sends().back();
    EXPECT_EQ(cancel.nonce, send.nonce);
    EXPECT_EQ(world.rows().at(cancel.attempt).purpose, Purpose::cancel);
    world.head(103);
    world.land(cancel.hash, 103);
    const Report last = world.reports().back();
    EXPECT_EQ(last.outcome.kind, OutcomeKind::outbid);
    EXPECT_EQ(last.outcome.block_hash, World::block_hash(101));
}

TEST(SchedulerOutbid, OursThatLandsFirstAfterAllIsOurs) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    world.head(101);
    world.event(OutbidSeen{World::intent(1, 1).key, World::block_hash(101), BlockNumber{101}});
    world.land(send.hash, 101);
    EXPECT_EQ(world.reports().back().outcome.kind, OutcomeKind::confirmed);
}

TEST(SchedulerOutbid, AnOutbidInAnUndoneBlockProvesNothing) {
    World world;
    world.start();
    world.sent(1, 1);
    world.head(101);
    world.event(OutbidSeen{World::intent(1, 1).key, World::block_hash(101), BlockNumber{101}});
    world.persist_all();
    const Send cancel = world.sends().back();
    world.event(HeadUndone{World::block_hash(101)});
    world.head(102);
    world.head(103);
    world.land(cancel.hash, 103);
    EXPECT_EQ(world.reports().back().outcome.kind, OutcomeKind::cancelled);
}

}  // namespace
}  // namespace plimsoll::signer
