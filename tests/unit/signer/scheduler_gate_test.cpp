// SPDX-License-Identifier: Apache-2.0
// What keeps an intent from being signed: reservations, gates, a key that fails, a chain that disagrees.
#include "tests/unit/signer/scheduler_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

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

constexpr std::uint64_t kDataFee = 7'000'000'000'000;

/// Signed and durable, with a rollup's fee for its bytes.
void submit_with_data_fee(World& world) {
    Intent intent = World::intent(1, 1);
    intent.data_fee = Wei{kDataFee};
    world.event(IntentSubmitted{intent});
    world.persist_all();
}

TEST(SchedulerSpend, WhatARollupTakesForTheBytesIsCharged) {
    World world;
    world.start();
    submit_with_data_fee(world);
    const AttemptRow& row = world.rows().at(1);
    EXPECT_EQ(row.ceiling, cost(Gas{500'000}, row.fee.max_fee_per_gas) + Wei{kDataFee});
    EXPECT_EQ(world.spends().open(), row.ceiling);
    Receipt receipt;
    receipt.transaction_hash = row.hash;
    receipt.block_hash = World::block_hash(100);
    receipt.block_number = BlockNumber{100};
    receipt.success = true;
    receipt.gas_used = Gas{400'000};
    receipt.effective_gas_price = to_wei(Gwei{11});
    receipt.data_fee = Wei{std::uint64_t{4'000'000'000'000}};
    world.event(ReceiptSeen{row.hash, receipt, BlockNumber{100}});
    for (std::uint64_t number = 101; number <= 300 && world.ends().empty(); ++number)
        world.head(number);
    EXPECT_EQ(world.spends().spent(SpendLedger::kHour),
              cost(Gas{400'000}, to_wei(Gwei{11})) + receipt.data_fee);
}

TEST(SchedulerSpend, ARestartKnowsWhatTheBytesMayCost) {
    World earlier;
    earlier.start();
    submit_with_data_fee(earlier);
    JournalState state;
    state.open.push_back(earlier.rows().at(1));
    state.open.front().status = AttemptStatus::signed_;
    state.highest_nonce = Nonce{0};
    state.next_attempt = 2;
    state.next_intent = 2;
    state.reserved = Nonce{63};
    Scheduler again{World::default_options()};
    Actions actions;
    again.on(Recovered{state}, actions);
    again.on(NonceRead{Nonce{0}, Nonce{0}}, actions);
    Head head;
    head.base_fee = to_wei(Gwei{10});
    head.gas_limit = Gas{30'000'000};
    head.gas_used = Gas{15'000'000};
    for (std::uint64_t number = 101; number <= 130; ++number) {
        head.number = BlockNumber{number};
        head.hash = World::block_hash(number);
        again.on(HeadSeen{head}, actions);
    }
    const auto bump = std::ranges::find_if(
        actions, [](const Action& action) { return std::holds_alternative<Sign>(action); });
    ASSERT_NE(bump, actions.end());
    EXPECT_EQ(std::get<Sign>(*bump).data_fee, Wei{kDataFee});
}

TEST(SchedulerSpend, WhatTheBudgetDoesNotAllowIsRefusedAndToldSo) {
    World world;
    SpendLimits budget;
    budget.per_hour = cost(Gas{500'000}, to_wei(Gwei{20}));
    world.limit_spending(budget);
    world.start();
    world.submit(1, 1);
    EXPECT_EQ(world.unpersisted(), 0U) << "the key was not touched";
    const auto reports = world.reports();
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports.front().outcome.kind, OutcomeKind::refused);
    EXPECT_EQ(reports.front().text.rfind("spend_budget", 0), 0U) << reports.front().text;
}

// A remote key may not have answered yet when the candidate is let go of, or its nonce goes to another.
TEST(SchedulerSpend, WhatIsNotWantedAnyMoreCostsNothing) {
    World world;
    world.start();
    Actions actions;
    const ArmedSlot slot = world.scheduler().arm(World::intent(1, 1), actions);
    ASSERT_EQ(actions.size(), 1U);
    const AttemptId id = std::get<Sign>(actions.front()).attempt;
    actions.clear();
    world.scheduler().disarm(slot, actions);
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(std::get<Discarded>(actions.front()).attempt, id);
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
