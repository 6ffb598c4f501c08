// SPDX-License-Identifier: Apache-2.0
// The armed set: signed and durable before it is wanted, sent at once when it is.
#include "tests/unit/signer/scheduler_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plimsoll::signer {
namespace {

AttemptStatus status_in(const std::vector<UpdateAttempt>& records, AttemptId id) {
    const auto found =
        std::find_if(records.begin(), records.end(), [id](const UpdateAttempt& one) { return one.id == id; });
    return found == records.end() ? AttemptStatus::armed : found->status;
}

TEST(SchedulerArm, CandidatesOfOneNonceAreDurableAsFieldsAndHash) {
    World world;
    world.start();
    const ArmedSlot first = world.arm(World::intent(1, 1));
    const ArmedSlot second = world.arm(World::intent(2, 2));
    EXPECT_FALSE(world.scheduler().ready(first));
    world.persist_all();
    EXPECT_TRUE(world.scheduler().ready(first) && world.scheduler().ready(second));
    ASSERT_EQ(world.rows().size(), 2U);
    for (const auto& entry : world.rows()) {
        EXPECT_EQ(entry.second.nonce, Nonce{0});
        EXPECT_EQ(entry.second.status, AttemptStatus::armed);
        EXPECT_FALSE(decode_transaction(entry.second.raw));  // no bytes that somebody could send
        const auto fields = decode_unsigned(entry.second.raw);
        ASSERT_TRUE(fields);
        EXPECT_EQ(assemble(*fields, World::key().sign(signing_hash(*fields))).hash, entry.second.hash);
    }
    EXPECT_TRUE(world.sends().empty());
    EXPECT_EQ(world.scheduler().in_flight(), 0U);
}

TEST(SchedulerArm, FiringSendsAtOnceAndIsWrittenDownAfterwards) {
    World world;
    world.start();
    const ArmedSlot first = world.arm(World::intent(1, 1));
    const ArmedSlot second = world.arm(World::intent(2, 2));
    world.persist_all();
    Actions actions;
    ASSERT_TRUE(world.scheduler().fire(second, actions));
    ASSERT_GE(actions.size(), 3U);
    EXPECT_EQ(std::get<Send>(actions[0]).attempt, 2U);
    const auto& stroke = std::get<Record>(actions[1]).entries;
    ASSERT_EQ(stroke.size(), 2U);  // fired, and the rest of its nonce void, together
    EXPECT_EQ(std::get<UpdateAttempt>(stroke[0]).status, AttemptStatus::maybe_sent);
    EXPECT_EQ(std::get<UpdateAttempt>(stroke[1]).id, 1U);
    EXPECT_EQ(std::get<UpdateAttempt>(stroke[1]).status, AttemptStatus::dropped);
    // The rest is armed again for the next nonce.
    const Sign& sign = std::get<Sign>(actions[2]);
    EXPECT_TRUE(sign.armed);
    EXPECT_EQ(sign.intent_id, 1U);
    EXPECT_EQ(sign.fields.nonce, Nonce{1});
    EXPECT_FALSE(world.scheduler().fire(second, actions));
    EXPECT_FALSE(world.scheduler().ready(first));
    EXPECT_TRUE(world.scheduler().busy(World::intent(2, 2).key));
}

TEST(SchedulerArm, AFiredOneIsAnAttemptLikeAnyOther) {
    World world;
    world.start();
    const ArmedSlot slot = world.arm(World::intent(1, 1));
    world.persist_all();
    world.fire(slot);
    const Send send = world.sends().at(0);
    world.answer(send, SendClass::accepted);
    EXPECT_EQ(world.records().back().status, AttemptStatus::sent);
    for (std::uint64_t block = 101; block <= 103; ++block)
        world.quiet_head(block);
    world.persist_all();
    const Send bumped = world.sends().back();
    EXPECT_EQ(bumped.nonce, send.nonce);
    world.head(104);
    world.land(send.hash, 104);
    EXPECT_EQ(world.reports().back().outcome.kind, OutcomeKind::confirmed);
}

TEST(SchedulerArm, BeforeItIsDurableFiringSignsLate) {
    World world;
    world.start();
    const ArmedSlot slot = world.arm(World::intent(1, 1));
    EXPECT_TRUE(world.fire(slot));
    EXPECT_TRUE(world.sends().empty());
    EXPECT_EQ(status_in(world.records(), 1), AttemptStatus::dropped);
    world.persist_all();
    const auto sends = world.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_EQ(sends[0].attempt, 2U);
    EXPECT_EQ(sends[0].nonce, Nonce{0});
}

TEST(SchedulerArm, AnIntentThatTakesTheNonceVoidsTheSetBeforeItsOwnRow) {
    World world;
    world.start();
    const ArmedSlot slot = world.arm(World::intent(1, 1));
    world.persist_all();
    world.submit(2, 2);
    EXPECT_EQ(status_in(world.records(), 1), AttemptStatus::dropped);
    EXPECT_FALSE(world.scheduler().ready(slot));
    world.persist_all();
    EXPECT_EQ(world.sends().at(0).nonce, Nonce{0});
    EXPECT_TRUE(world.scheduler().ready(slot));  // armed again
    EXPECT_EQ(world.rows().at(3).nonce, Nonce{1});
}

TEST(SchedulerArm, APriceTheBaseFeeOutgrewIsMadeAgain) {
    World world;
    world.start();
    const ArmedSlot slot = world.arm(World::intent(1, 1, 103));
    world.persist_all();
    ASSERT_LT(world.rows().at(1).fee.max_fee_per_gas, to_wei(Gwei{20}));
    world.head(101, 25);  // gwei
    EXPECT_EQ(status_in(world.records(), 1), AttemptStatus::dropped);
    EXPECT_FALSE(world.scheduler().ready(slot));
    world.persist_all();
    EXPECT_TRUE(world.scheduler().ready(slot));
    EXPECT_GE(world.rows().at(2).fee.max_fee_per_gas, to_wei(Gwei{26}));
}

TEST(SchedulerArm, PastItsDeadlineNothingIsArmed) {
    World world;
    world.start();
    const ArmedSlot slot = world.arm(World::intent(1, 1, 101));
    world.persist_all();
    world.head(101);
    EXPECT_EQ(status_in(world.records(), 1), AttemptStatus::dropped);
    EXPECT_EQ(world.rows().size(), 1U);
    EXPECT_TRUE(world.fire(slot));
    EXPECT_EQ(world.reports().at(0).outcome.kind, OutcomeKind::expired);
}

TEST(SchedulerArm, ANewerOneOfTheKeyAndDisarmingMakeOldHandlesHarmless) {
    World world;
    world.start();
    const ArmedSlot old_slot = world.arm(World::intent(1, 1));
    const ArmedSlot slot = world.arm(World::intent(2, 1));
    const ArmedSlot other = world.arm(World::intent(3, 2));
    world.persist_all();
    EXPECT_FALSE(world.fire(old_slot));
    world.disarm(other);
    EXPECT_FALSE(world.fire(other));
    EXPECT_TRUE(world.sends().empty());
    EXPECT_TRUE(world.fire(slot));
    EXPECT_EQ(world.rows().at(world.sends().at(0).attempt).intent_id, 2U);
}

TEST(SchedulerArm, AClosedGateVoidsTheSetAndAnOpenOneMakesItAgain) {
    World world;
    world.start();
    const ArmedSlot slot = world.arm(World::intent(1, 1));
    world.persist_all();
    world.gate(GateReason::paused, true);
    EXPECT_EQ(status_in(world.records(), 1), AttemptStatus::dropped);
    world.gate(GateReason::paused, false);
    world.persist_all();
    EXPECT_TRUE(world.scheduler().ready(slot));
}

TEST(SchedulerArm, ABusyKeyIsNotArmed) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    const ArmedSlot slot = world.arm(World::intent(2, 1));
    EXPECT_EQ(world.unpersisted(), 0U);
    world.head(101);
    world.land(send.hash, 101);
    world.persist_all();
    EXPECT_TRUE(world.scheduler().ready(slot));
}

TEST(SchedulerArm, ItsStoryBeginsWhenItIsFired) {
    World world;
    world.start();
    const ArmedSlot slot = world.arm(World::intent(1, 1));
    world.persist_all();
    world.quiet_head(101);
    world.records();
    ASSERT_TRUE(world.fire(slot));
    const auto sends = world.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_EQ(sends[0].first_head, BlockNumber{101});
    EXPECT_EQ(world.rows().at(sends[0].attempt).first_head, BlockNumber{});
    EXPECT_EQ(world.records().at(0).first_head, BlockNumber{101});
}

/// A new process that finds an armed set cannot know whether any of it was fired.
class FoundArmed : public ::testing::Test {
  protected:
    FoundArmed() {
        World earlier;
        earlier.start();
        static_cast<void>(earlier.arm(World::intent(1, 1)));
        static_cast<void>(earlier.arm(World::intent(2, 2)));
        earlier.persist_all();
        JournalState state;
        for (const auto& entry : earlier.rows())
            state.open.push_back(entry.second);
        first = state.open[0];
        second = state.open[1];
        state.highest_nonce = Nonce{0};
        state.reserved = Nonce{63};
        state.next_attempt = 3;
        state.next_intent = 3;
        world.event(Recovered{state});
        world.nonces(0, 0);
        world.head(100);
    }
    World world;
    AttemptRow first;
    AttemptRow second;
};

TEST_F(FoundArmed, EveryHashIsWatchedAndTheNonceIsConsumedFirst) {
    const auto asked = world.questions();
    EXPECT_EQ(asked, (std::vector<Hash32>{first.hash, second.hash}));
    EXPECT_TRUE(world.scheduler().busy(first.key) && world.scheduler().busy(second.key));
    world.persist_all();
    const auto sends = world.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_EQ(sends[0].nonce, Nonce{0});
    EXPECT_EQ(world.rows().at(sends[0].attempt).purpose, Purpose::cancel);
    EXPECT_GE(world.rows().at(sends[0].attempt).fee.max_fee_per_gas, fees::bumped(first.fee.max_fee_per_gas));
    world.head(101);
    world.land(sends[0].hash, 101);
    const auto ends = world.ends();
    ASSERT_EQ(ends.size(), 2U);
    EXPECT_EQ(ends[0].kind, OutcomeKind::cancelled);
    EXPECT_EQ(ends[1].kind, OutcomeKind::cancelled);
}

TEST_F(FoundArmed, OneThatWasFiredAndLandsIsOurSuccess) {
    world.persist_all();
    world.head(101);
    world.land(second.hash, 101);
    const auto ends = world.ends();
    ASSERT_EQ(ends.size(), 2U);
    EXPECT_EQ(ends[0].intent_id, 1U);
    EXPECT_EQ(ends[0].kind, OutcomeKind::cancelled);
    EXPECT_EQ(ends[1].intent_id, 2U);
    EXPECT_EQ(ends[1].kind, OutcomeKind::confirmed);
}

}  // namespace
}  // namespace plimsoll::signer
