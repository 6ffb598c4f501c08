// SPDX-License-Identifier: Apache-2.0
// Answers to a send that are neither a yes nor a plain refusal.
#include "tests/unit/signer/scheduler_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plimsoll::signer {
namespace {

TEST(Catalogue, s11_a_nodes_own_cap_on_fees_ends_the_raising_and_nothing_else) {
    World world;
    world.start();
    const Send first = world.sent(1, 1);
    world.answer(first, SendClass::node_capped, "tx fee (1.10 ether) exceeds the configured cap");
    const auto notices = world.notices();
    ASSERT_EQ(notices.size(), 1U);
    EXPECT_EQ(notices[0].kind, Notice::Kind::cap_reached);
    for (std::uint64_t block = 101; block <= 110; ++block) {
        world.quiet_head(block);
        world.persist_all();
        for (const Send& again : world.sends())
            EXPECT_EQ(again.raw, first.raw);
    }
    EXPECT_EQ(world.rows().size(), 1U);
    world.land(first.hash, 110);
    EXPECT_EQ(world.reports().back().outcome.kind, OutcomeKind::confirmed);
}

TEST(Catalogue, s16_an_address_reserved_by_another_pool_stops_the_key) {
    World world;
    world.start();
    const Send first = world.sent(1, 1);
    world.answer(first, SendClass::foreign, "address already reserved");
    EXPECT_EQ(world.scheduler().state(), KeyState::stopped);
    world.submit(2, 2);
    world.persist_all();
    EXPECT_TRUE(world.sends().empty());
}

TEST(SchedulerAnswers, ANodeThatSaysWhatItNeedsGetsIt) {
    World world;
    world.start();
    const Send first = world.sent(1, 1);
    const fees::FeeQuote offered = world.rows().at(first.attempt).fee;
    world.event(SendResult{first.attempt, SendClass::replacement_underpriced, "text",
                           NeededFee{to_wei(Gwei{9}), to_wei(Gwei{44}), {}}});
    world.quiet_head(101);
    world.persist_all();
    const auto sends = world.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_EQ(sends[0].nonce, first.nonce);
    const fees::FeeQuote raised = world.rows().at(sends[0].attempt).fee;
    EXPECT_EQ(raised.max_priority_fee_per_gas, to_wei(Gwei{9}));
    EXPECT_EQ(raised.max_fee_per_gas, to_wei(Gwei{44}));
    EXPECT_GT(to_wei(Gwei{44}), fees::bumped(offered.max_fee_per_gas));
    world.event(SendResult{sends[0].attempt, SendClass::underpriced, "text", {}});
    world.persist_all();
    const auto later = world.sends();
    ASSERT_EQ(later.size(), 1U);
    EXPECT_EQ(world.rows().at(later[0].attempt).fee.max_fee_per_gas, fees::bumped(to_wei(Gwei{44})))
        << "what was said of another offer is forgotten";
}

TEST(SchedulerAnswers, TheNextOfferFollowsTheRuleThatHeadersTell) {
    World world;
    world.start();
    world.event(FeeRuleSeen{fees::Elasticity{2, 8, to_wei(Gwei{30})}});
    const Send first = world.sent(1, 1);
    EXPECT_EQ(world.rows().at(first.attempt).fee.base_fee, to_wei(Gwei{30})) << "10 without the floor";
}

TEST(SchedulerAnswers, ASendSaysWhatTheChoiceOfLanesNeeds) {
    World world;
    world.start();
    const Send first = world.sent(1, 1, 102);
    EXPECT_EQ(first.purpose, Purpose::execute);
    EXPECT_EQ(first.last_block, BlockNumber{102});
    EXPECT_EQ(first.head, BlockNumber{100});
    for (std::uint64_t block = 101; block <= 104; ++block) {
        world.quiet_head(block);
        world.persist_all();
    }
    const auto sends = world.sends();
    const auto cancel = std::ranges::find(sends, Purpose::cancel, &Send::purpose);
    ASSERT_NE(cancel, sends.end());
    EXPECT_EQ(cancel->nonce, first.nonce);
    EXPECT_GT(cancel->head, first.head);
}

}  // namespace
}  // namespace plimsoll::signer
