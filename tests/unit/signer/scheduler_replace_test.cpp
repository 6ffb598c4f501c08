// SPDX-License-Identifier: Apache-2.0
// Stuck, expired and unwanted: replacements, cancellations, gaps.
#include "tests/unit/signer/scheduler_world.hpp"

#include <gtest/gtest.h>

namespace plimsoll::signer {
namespace {

const AttemptRow& row(World& world, const Send& send) {
    return world.rows().at(send.attempt);
}

void expect_bumped(const fees::FeeQuote& before, const fees::FeeQuote& after) {
    EXPECT_GE(after.max_fee_per_gas, fees::bumped(before.max_fee_per_gas));
    EXPECT_GE(after.max_priority_fee_per_gas, fees::bumped(before.max_priority_fee_per_gas));
}

TEST(SchedulerReplace, s34_AStuckLowestNonceIsBumpedInBothFieldsAtTheSameNonce) {
    World world;
    world.start();
    const Send low = world.sent(1, 1);
    const Send high = world.sent(2, 2);
    world.answer(low, SendClass::accepted);
    world.answer(high, SendClass::accepted);
    for (std::uint64_t block = 101; block <= 103; ++block)
        world.quiet_head(block);
    world.sends();
    world.persist_all();
    const auto sends = world.sends();
    ASSERT_EQ(sends.size(), 1U);  // only the lowest
    EXPECT_EQ(sends[0].nonce, low.nonce);
    EXPECT_NE(sends[0].hash, low.hash);
    expect_bumped(row(world, low).fee, row(world, sends[0]).fee);
    EXPECT_EQ(row(world, sends[0]).intent_id, 1U);
}

TEST(SchedulerReplace, s26_EveryHashOfANonceIsWatchedAndAReplacedOneThatLandsIsOurSuccess) {
    World world;
    world.start();
    const Send first = world.sent(1, 1);
    for (std::uint64_t block = 101; block <= 103; ++block)
        world.quiet_head(block);
    world.persist_all();
    const Send second = world.sends().back();
    world.questions();
    world.head(104);
    EXPECT_EQ(world.questions(), (std::vector<Hash32>{first.hash, second.hash}));
    world.records();
    world.land(first.hash, 104);
    const auto reports = world.reports();
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_EQ(reports[1].outcome.kind, OutcomeKind::confirmed);
    EXPECT_EQ(reports[1].outcome.transaction_hash, first.hash);
    const auto records = world.records();
    ASSERT_EQ(records.size(), 3U);  // mined, confirmed, replaced
    EXPECT_EQ(records[1].id, first.attempt);
    EXPECT_EQ(records[1].status, AttemptStatus::confirmed);
    EXPECT_EQ(records[2].id, second.attempt);
    EXPECT_EQ(records[2].status, AttemptStatus::replaced);
    EXPECT_EQ(world.scheduler().in_flight(), 0U);
}

TEST(SchedulerReplace, ABumpThatIsStillBeingPersistedIsNotSentAfterTheOriginalLanded) {
    World world{[] {
        SchedulerOptions out = World::default_options();
        out.confirmations = 5;
        return out;
    }()};
    world.start();
    const Send first = world.sent(1, 1);
    for (std::uint64_t block = 101; block <= 103; ++block)
        world.quiet_head(block);
    EXPECT_EQ(world.unpersisted(), 1U);
    world.sends();
    world.land(first.hash, 103);
    world.persist_all();
    EXPECT_TRUE(world.sends().empty());
}

TEST(SchedulerReplace, s28_AtTheCapTheOldBytesAreSentAgainInstead) {
    SchedulerOptions options = World::default_options();
    options.fees.max_fee_per_gas = to_wei(Gwei{22});  // first offer: 21 gwei
    World world{options};
    world.start();
    const Send first = world.sent(1, 1);
    for (std::uint64_t block = 101; block <= 110; ++block)
        world.quiet_head(block);
    world.persist_all();
    const auto sends = world.sends();
    EXPECT_GE(sends.size(), 3U);
    for (const Send& send : sends)
        EXPECT_EQ(send.raw, first.raw);
    EXPECT_EQ(world.rows().size(), 1U);
    int told = 0;
    for (const Notice& notice : world.notices())
        told += notice.kind == Notice::Kind::cap_reached ? 1 : 0;
    EXPECT_EQ(told, 1);
}

TEST(SchedulerReplace, s08_UnderpricedIsRepricedOnceAtOnceAndThenPerHead) {
    World world;
    world.start();
    const Send first = world.sent(1, 1);
    world.answer(first, SendClass::underpriced, "transaction underpriced");
    world.persist_all();
    const Send second = world.sends().at(0);
    expect_bumped(row(world, first).fee, row(world, second).fee);
    world.answer(second, SendClass::underpriced);
    EXPECT_EQ(world.unpersisted(), 0U);  // no tight loop
    world.quiet_head(101);
    EXPECT_EQ(world.unpersisted(), 1U);
}

TEST(SchedulerReplace, s07_ReplacementUnderpricedConsumesNoNonceAndIsRaisedAtTheNextHead) {
    World world;
    world.start();
    const Send first = world.sent(1, 1);
    world.answer(first, SendClass::replacement_underpriced);
    EXPECT_EQ(world.unpersisted(), 0U);
    world.quiet_head(101);
    world.persist_all();
    const Send second = world.sends().at(0);
    EXPECT_EQ(second.nonce, first.nonce);
    expect_bumped(row(world, first).fee, row(world, second).fee);
}

TEST(SchedulerReplace, PastTheDeadlineAPossiblySentNonceIsConsumedByATransferToOurselves) {
    World world;
    world.start();
    const Send first = world.sent(1, 1, 102);
    world.answer(first, SendClass::unknown);
    world.quiet_head(101);
    world.sends();
    world.quiet_head(102);  // the next block is past the deadline
    world.persist_all();
    const Send cancel = world.sends().at(0);
    EXPECT_EQ(cancel.nonce, first.nonce);
    EXPECT_EQ(row(world, cancel).purpose, Purpose::cancel);
    expect_bumped(row(world, first).fee, row(world, cancel).fee);
    const auto decoded = decode_transaction(cancel.raw);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->fields.to, World::key().address());
    EXPECT_TRUE(decoded->fields.value.is_zero() && decoded->fields.data.empty());
    world.head(103);
    world.land(cancel.hash, 103);
    const Report report = world.reports().back();
    EXPECT_EQ(report.outcome.kind, OutcomeKind::expired);
    EXPECT_EQ(report.outcome.block_hash, World::block_hash(103));
    EXPECT_EQ(world.sent(2, 2).nonce, Nonce{1});
}

TEST(SchedulerReplace, AnIntentThatLandsWhileItIsCancelledIsConfirmed) {
    World world;
    world.start();
    const Send first = world.sent(1, 1, 102);
    world.quiet_head(101);
    world.quiet_head(102);
    world.persist_all();
    world.sends();
    world.head(103);
    world.land(first.hash, 102);
    EXPECT_EQ(world.reports().back().outcome.kind, OutcomeKind::confirmed);
    EXPECT_EQ(world.scheduler().in_flight(), 0U);
}

TEST(SchedulerReplace, PastTheDeadlineAProvablyUnsentNonceIsUsedAgain) {
    World world;
    world.start();
    world.submit(1, 1, 102);
    world.head(102);
    world.persist_all();  // durable too late
    EXPECT_TRUE(world.sends().empty());
    EXPECT_EQ(world.records().back().status, AttemptStatus::dropped);
    const Report report = world.reports().back();
    EXPECT_EQ(report.outcome.kind, OutcomeKind::expired);
    EXPECT_EQ(report.attempt, 0U);
    EXPECT_EQ(world.sent(2, 2).nonce, Nonce{0});
}

TEST(SchedulerReplace, AnIntentPastItsDeadlineIsNotSigned) {
    World world;
    world.start();
    world.submit(1, 1, 100);
    EXPECT_EQ(world.reports().at(0).outcome.kind, OutcomeKind::expired);
    EXPECT_TRUE(world.rows().empty());
}

TEST(SchedulerReplace, AReturnedNonceBelowOthersGoesToTheNextIntent) {
    World world;
    world.start();
    world.submit(1, 1, 101);
    world.submit(2, 2);
    world.head(101);
    world.persist_one();  // dropped: its deadline passed
    world.persist_one();
    EXPECT_EQ(world.sends().at(0).nonce, Nonce{1});
    world.submit(3, 3);
    world.persist_all();
    EXPECT_EQ(world.sends().at(0).nonce, Nonce{0});
}

TEST(SchedulerReplace, AGapNobodyWantsIsFilledByATransferToOurselves) {
    World world;
    world.start();
    world.submit(1, 1, 101);
    world.submit(2, 2);
    world.head(101);
    world.persist_one();
    world.persist_one();
    world.sends();
    world.head(102);
    world.persist_all();
    const auto sends = world.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_EQ(sends[0].nonce, Nonce{0});
    EXPECT_EQ(row(world, sends[0]).purpose, Purpose::cancel);
    world.reports();
    world.head(103);
    world.land(sends[0].hash, 103);
    EXPECT_TRUE(world.reports().empty());  // no intent, no report
    EXPECT_EQ(world.scheduler().in_flight(), 1U);
}

TEST(SchedulerReplace, s12_BytesRefusedForGoodAreCancelled) {
    World world;
    world.start();
    const Send first = world.sent(1, 1);
    world.answer(first, SendClass::invalid, "exceeds block gas limit");
    world.persist_all();
    const Send cancel = world.sends().at(0);
    EXPECT_EQ(row(world, cancel).purpose, Purpose::cancel);
    world.head(101);
    world.land(cancel.hash, 101);
    EXPECT_EQ(world.reports().back().outcome.kind, OutcomeKind::cancelled);
}

TEST(SchedulerReplace, ARefusedCancellationStopsTheKey) {
    World world;
    world.start();
    const Send first = world.sent(1, 1);
    world.answer(first, SendClass::invalid);
    world.persist_all();
    world.answer(world.sends().at(0), SendClass::invalid, "invalid chain id");
    EXPECT_EQ(world.scheduler().state(), KeyState::stopped);
}

TEST(SchedulerReplace, ACancelRequestEndsAnIntentWhereverItStands) {
    SchedulerOptions options = World::default_options();
    options.max_in_flight = 2;
    World world{options};
    world.start();
    const Send sent = world.sent(1, 1);
    world.submit(2, 2);  // being persisted
    world.submit(3, 3);  // waiting
    for (const std::uint64_t id : {3ULL, 2ULL, 1ULL})
        world.event(CancelRequested{id});
    EXPECT_EQ(world.reports().at(0).outcome.kind, OutcomeKind::cancelled);
    world.persist_all();
    const auto reports = world.reports();
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].outcome.intent_id, 2U);
    const auto sends = world.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_EQ(sends[0].nonce, sent.nonce);
    EXPECT_EQ(row(world, sends[0]).purpose, Purpose::cancel);
}

TEST(SchedulerReplace, AReplacementThePolicyRefusesLeavesTheOriginalInPlace) {
    World world;
    world.start();
    const Send first = world.sent(1, 1);
    PolicyLimits tight = World::limits();
    tight.max_spend = cost(Gas{500'000}, to_wei(Gwei{21}));
    world.set_policy(tight);
    for (std::uint64_t block = 101; block <= 108; ++block)
        world.quiet_head(block);
    EXPECT_EQ(world.rows().size(), 1U);
    EXPECT_TRUE(world.reports().empty());
    EXPECT_FALSE(world.sends().empty());
    world.head(109);
    world.land(first.hash, 109);
    EXPECT_EQ(world.reports().back().outcome.kind, OutcomeKind::confirmed);
}

}  // namespace
}  // namespace plimsoll::signer
