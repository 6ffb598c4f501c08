// SPDX-License-Identifier: Apache-2.0
// From the wire to an outcome: receipts, finality, reorganisations, foreign use of the key.
#include "tests/unit/signer/scheduler_world.hpp"

#include <gtest/gtest.h>

namespace plimsoll::signer {
namespace {

SchedulerOptions with_confirmations(std::uint64_t blocks) {
    SchedulerOptions out = World::default_options();
    out.confirmations = blocks;
    return out;
}

TEST(SchedulerChain, ALandingIsReportedAtInclusionAndAgainWhenFinal) {
    World world{with_confirmations(3)};
    world.start();
    const Send send = world.sent(1, 1);
    world.head(101);
    world.land(send.hash, 101);
    auto reports = world.reports();
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].stage, ReportStage::included);
    EXPECT_EQ(reports[0].outcome.kind, OutcomeKind::confirmed);
    EXPECT_EQ(reports[0].outcome.gas_used, Gas{400'000});
    EXPECT_EQ(reports[0].outcome.block_hash, World::block_hash(101));
    EXPECT_TRUE(world.scheduler().busy(World::intent(1, 1).key));
    world.head(102);
    EXPECT_TRUE(world.reports().empty());
    world.head(103);
    reports = world.reports();
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].stage, ReportStage::final);
    EXPECT_FALSE(world.scheduler().busy(World::intent(1, 1).key));
    EXPECT_EQ(world.records().back().status, AttemptStatus::confirmed);
}

TEST(SchedulerChain, AFailedReceiptIsReverted) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    world.head(101);
    world.land(send.hash, 101, false);
    const auto reports = world.reports();
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_EQ(reports[1].outcome.kind, OutcomeKind::reverted);
    EXPECT_EQ(world.records().back().status, AttemptStatus::reverted);
}

TEST(SchedulerChain, AReceiptFromABlockBeyondTheHeadIsFinalOnlyWithItsHead) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    world.land(send.hash, 101);
    EXPECT_EQ(world.reports().size(), 1U);
    world.head(101);
    const auto reports = world.reports();
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].stage, ReportStage::final);
}

TEST(SchedulerChain, s29_AReorganisedTransactionIsSentAgainByteForByte) {
    World world{with_confirmations(5)};
    world.start();
    const Send send = world.sent(1, 1);
    world.head(101);
    world.land(send.hash, 101);
    world.reports();
    world.event(HeadUndone{World::block_hash(101)});
    const auto again = world.sends();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].raw, send.raw);
    EXPECT_EQ(world.reports().at(0).stage, ReportStage::undone);
    EXPECT_EQ(world.records().back().status, AttemptStatus::reorged);
    // It lands in the other branch.
    world.head(102);
    world.land(send.hash, 102, true, 1);
    EXPECT_EQ(world.reports().at(0).outcome.block_hash, World::block_hash(102, 1));
}

TEST(SchedulerChain, AReceiptFromAnUndoneBlockIsNotBelieved) {
    World world{with_confirmations(5)};
    world.start();
    const Send send = world.sent(1, 1);
    world.head(101);
    world.event(HeadUndone{World::block_hash(101)});
    world.land(send.hash, 101);
    EXPECT_TRUE(world.reports().empty());
    world.head(101);  // the branch came back
    world.land(send.hash, 101);
    EXPECT_EQ(world.reports().size(), 1U);
}

TEST(SchedulerChain, AReceiptThatVanishesIsAReorganisationToo) {
    World world{with_confirmations(5)};
    world.start();
    const Send send = world.sent(1, 1);
    world.head(101);
    world.land(send.hash, 101);
    world.no_receipt(send.hash);  // a node that is behind
    EXPECT_EQ(world.reports().size(), 1U);
    world.head(102);
    world.no_receipt(send.hash);
    EXPECT_EQ(world.reports().at(0).stage, ReportStage::undone);
    EXPECT_EQ(world.sends().at(0).raw, send.raw);
}

TEST(SchedulerChain, s36_ForeignUseOfANonceStopsTheKeyAndLosesTheIntent) {
    World world;
    world.start();
    const Send first = world.sent(1, 1);
    const Send second = world.sent(2, 2);
    world.quiet_head(101, 1);
    world.quiet_head(102, 1);
    EXPECT_EQ(world.scheduler().state(), KeyState::ready);  // nodes may disagree for a moment
    world.sends();
    world.quiet_head(103, 1);
    EXPECT_EQ(world.scheduler().state(), KeyState::stopped);
    const auto reports = world.reports();
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].outcome.intent_id, 1U);
    EXPECT_EQ(reports[0].outcome.kind, OutcomeKind::expired);
    EXPECT_EQ(reports[0].outcome.block_hash, World::block_hash(103));
    EXPECT_TRUE(world.scheduler().busy(World::intent(2, 2).key));  // still watched
    world.questions();
    world.head(104);
    EXPECT_EQ(world.questions(), std::vector<Hash32>{second.hash});
    world.land(second.hash, 104);
    EXPECT_EQ(world.reports().back().outcome.kind, OutcomeKind::confirmed);
}

TEST(SchedulerChain, AChainNonceAboveOursStopsTheKey) {
    World world;
    world.start();
    world.sent(1, 1);
    world.nonces(2, 2);
    EXPECT_EQ(world.scheduler().state(), KeyState::stopped);
    EXPECT_NE(world.scheduler().state_reason().find("something else uses this key"), std::string::npos);
}

TEST(SchedulerChain, AWatchedHashIsAskedForAtEveryHead) {
    World world;
    world.start();
    const Send first = world.sent(1, 1);
    const Send second = world.sent(2, 2);
    world.questions();
    world.head(101);
    EXPECT_EQ(world.questions(), (std::vector<Hash32>{first.hash, second.hash}));
}

TEST(SchedulerChain, WithoutHeadsTheClockAsks) {
    World world;
    world.start();
    world.event(Tick{Timestamp{50}});
    const Send send = world.sent(1, 1);
    world.questions();
    world.event(Tick{Timestamp{51}});
    EXPECT_TRUE(world.questions().empty());
    world.event(Tick{Timestamp{52}});
    EXPECT_EQ(world.questions(), std::vector<Hash32>{send.hash});
}

}  // namespace
}  // namespace plimsoll::signer
