// SPDX-License-Identifier: Apache-2.0
// What keeps an intent from being signed: reservations, gates, a key that fails, a chain that disagrees.
#include "tests/unit/signer/scheduler_world.hpp"

#include <gtest/gtest.h>

namespace plimsoll::signer {
namespace {

TEST(SchedulerReserve, NothingIsSignedBeyondWhatIsReserved) {
    SchedulerOptions options = World::default_options();
    options.reserve_block = 2;
    World world{options};
    world.answer_reserves(false);
    world.start();
    EXPECT_EQ(world.reserves(), std::vector<Nonce>{Nonce{1}});
    world.submit(1, 1);
    EXPECT_EQ(world.unpersisted(), 0U);
    world.event(Reserved{Nonce{1}});
    EXPECT_EQ(world.unpersisted(), 1U);
    world.submit(2, 2);
    world.submit(3, 3);
    EXPECT_EQ(world.unpersisted(), 2U);
    EXPECT_EQ(world.scheduler().waiting(), 1U);
    EXPECT_EQ(world.reserves().back(), Nonce{2});
    world.event(Reserved{Nonce{2}});
    EXPECT_EQ(world.unpersisted(), 3U);
}

TEST(SchedulerReserve, MoreIsAskedForLongBeforeTheLastOne) {
    SchedulerOptions options = World::default_options();
    options.max_in_flight = 64;
    World world{options};
    world.start();
    EXPECT_EQ(world.reserves(), std::vector<Nonce>{Nonce{63}});
    for (std::uint8_t i = 1; i <= 32; ++i) {
        EXPECT_TRUE(world.reserves().empty());
        world.submit(i, i);
    }
    EXPECT_EQ(world.reserves(), std::vector<Nonce>{Nonce{95}});
    EXPECT_EQ(world.unpersisted(), 32U);
}

TEST(SchedulerSend, SixtyFourInFlightLandInNonceOrder) {
    SchedulerOptions options = World::default_options();
    options.max_in_flight = 64;
    World world{options};
    world.start();
    for (std::uint8_t i = 1; i <= 64; ++i)
        world.submit(i, i);
    world.persist_all();
    const auto sends = world.sends();
    ASSERT_EQ(sends.size(), 64U);
    for (std::uint64_t i = 0; i < 64; ++i)
        EXPECT_EQ(sends[i].nonce, Nonce{i});
    world.head(101);
    for (const Send& send : sends)
        world.land(send.hash, 101);
    EXPECT_EQ(world.scheduler().in_flight(), 0U);
    EXPECT_EQ(world.ends().size(), 64U);
}

TEST(SchedulerGate, APauseKeepsIntentsWaitingAndLetsBumpsThrough) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    world.gate(GateReason::paused, true);
    world.submit(2, 2);
    EXPECT_EQ(world.scheduler().waiting(), 1U);
    for (std::uint64_t block = 101; block <= 103; ++block)
        world.quiet_head(block);
    world.persist_all();
    const Send bumped = world.sends().back();
    EXPECT_EQ(bumped.nonce, send.nonce);
    EXPECT_NE(bumped.hash, send.hash);
    world.gate(GateReason::balance_low, true);
    world.gate(GateReason::paused, false);
    EXPECT_EQ(world.scheduler().waiting(), 1U);  // each gate has its own key
    world.gate(GateReason::balance_low, false);
    world.persist_all();
    EXPECT_EQ(world.sends().back().nonce, Nonce{1});
}

TEST(SchedulerGate, AfterTheKillSwitchOnlyTheSameBytesAndCancellationsGoOut) {
    World world;
    world.start();
    const Send send = world.sent(1, 1, 108);
    world.submit(2, 2);  // not durable yet
    world.gate(GateReason::killed, true);
    world.persist_all();
    EXPECT_EQ(world.reports().at(0).outcome.intent_id, 2U);
    for (std::uint64_t block = 101; block <= 107; ++block)
        world.quiet_head(block);
    const auto same = world.sends();
    EXPECT_FALSE(same.empty());
    for (const Send& one : same)
        EXPECT_EQ(one.raw, send.raw);
    world.quiet_head(108);
    world.persist_all();
    EXPECT_EQ(world.rows().at(world.sends().back().attempt).purpose, Purpose::cancel);
}

TEST(SchedulerGate, s15_ADelegatedKeyHasOneInFlight) {
    World world;
    world.start();
    world.event(Delegated{true});
    const Send first = world.sent(1, 1);
    world.submit(2, 2);
    EXPECT_EQ(world.scheduler().waiting(), 1U);
    world.head(101);
    world.land(first.hash, 101);
    world.persist_all();
    EXPECT_EQ(world.sends().at(0).nonce, Nonce{1});
}

TEST(SchedulerSigner, s27_AFailedBumpLeavesTheOriginalLive) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    world.signer_down(true);
    for (std::uint64_t block = 101; block <= 104; ++block)
        world.quiet_head(block);
    EXPECT_EQ(world.rows().size(), 1U);
    EXPECT_TRUE(world.reports().empty());
    const auto again = world.sends();
    EXPECT_FALSE(again.empty());
    for (const Send& one : again)
        EXPECT_EQ(one.raw, send.raw);
    world.signer_down(false);
    world.quiet_head(105);
    world.persist_all();
    EXPECT_EQ(world.sends().back().nonce, send.nonce);
    EXPECT_EQ(world.rows().size(), 2U);
}

TEST(SchedulerSigner, s73_WhileNoSignatureComesIntentsWait) {
    World world;
    world.start();
    world.signer_down(true);
    world.submit(1, 1);
    world.submit(2, 2, 101);
    EXPECT_EQ(world.scheduler().waiting(), 2U);
    EXPECT_TRUE(world.reports().empty());
    int told = 0;
    for (const Notice& notice : world.notices())
        told += notice.kind == Notice::Kind::signer_failed ? 1 : 0;
    EXPECT_EQ(told, 1);
    world.quiet_head(101);
    EXPECT_EQ(world.reports().at(0).outcome.kind, OutcomeKind::expired);
    world.signer_down(false);
    world.quiet_head(102);
    world.persist_all();
    EXPECT_EQ(world.sends().at(0).nonce, Nonce{0});
}

TEST(SchedulerChain, s30_ABlockThatWasFinalAndIsUndoneStopsTheKey) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    world.head(101);
    world.land(send.hash, 101);
    world.head(102);
    world.event(HeadUndone{World::block_hash(102)});
    EXPECT_EQ(world.scheduler().state(), KeyState::ready);
    world.event(HeadUndone{World::block_hash(101)});
    EXPECT_EQ(world.scheduler().state(), KeyState::stopped);
}

TEST(SchedulerChain, s35_AReplacementFollowsABaseFeeThatJumped) {
    World world;
    world.start();
    world.sent(1, 1);
    for (std::uint64_t block = 101; block <= 103; ++block) {
        world.questions();
        world.head(block, 40);
        world.nonces(0, 0);
        for (const Hash32& hash : world.questions())
            world.no_receipt(hash);
    }
    world.persist_all();
    const AttemptRow& bumped = world.rows().at(world.sends().back().attempt);
    EXPECT_GE(bumped.fee.max_fee_per_gas, to_wei(Gwei{41}));  // a tenth more would be 24
}

TEST(SchedulerChain, s37_APendingCountThatLagsGivesNoNonce) {
    World world;
    world.start();
    world.sent(1, 1);
    world.nonces(0, 0);
    EXPECT_EQ(world.sent(2, 2).nonce, Nonce{1});
}

TEST(SchedulerChain, s38_ACountThatGoesBackIsNoError) {
    World world;
    world.start();
    const Send first = world.sent(1, 1);
    world.head(101);
    world.nonces(1, 1);
    world.land(first.hash, 101);
    world.nonces(0, 0);
    EXPECT_EQ(world.scheduler().state(), KeyState::ready);
    EXPECT_EQ(world.sent(2, 2).nonce, Nonce{1});
}

TEST(SchedulerChain, ATransactionSeenInAPoolIsProgressAndNoMore) {
    World world;
    world.start();
    const Send send = world.sent(1, 1);
    world.answer(send, SendClass::unknown);
    EXPECT_EQ(world.records().back().status, AttemptStatus::maybe_sent);
    world.event(PoolSeen{send.hash});
    EXPECT_EQ(world.records().back().status, AttemptStatus::seen);
    world.answer(send, SendClass::accepted);  // a late answer
    EXPECT_TRUE(world.records().empty());
}

TEST(SchedulerStart, AnAdoptedNonceIsWaitedForAndWhatCameBeforeIsVouchedFor) {
    World world;
    JournalState state;
    state.highest_nonce = Nonce{3};
    state.reserved = Nonce{70};
    state.adopted = Nonce{7};
    world.event(Recovered{state});
    world.head(100);
    world.nonces(7, 8);
    EXPECT_EQ(world.scheduler().state(), KeyState::starting);
    world.nonces(7, 7);
    EXPECT_EQ(world.scheduler().state(), KeyState::ready);
    EXPECT_EQ(world.sent(1, 1).nonce, Nonce{7});
}

TEST(SchedulerStart, s42_AChainBeyondWhatWasAdoptedOrReservedIsToldSo) {
    World world;
    JournalState state;
    state.reserved = Nonce{70};
    state.adopted = Nonce{7};
    world.event(Recovered{state});
    world.head(100);
    world.nonces(8, 8);
    EXPECT_EQ(world.scheduler().state(), KeyState::stopped);
    EXPECT_EQ(world.notices().at(0).kind, Notice::Kind::unaccounted);
}

}  // namespace
}  // namespace plimsoll::signer
