// SPDX-License-Identifier: Apache-2.0
#include "strategy/plan.hpp"
#include "tests/unit/strategy/scripted/stage.hpp"

#include <gtest/gtest.h>

namespace plimsoll::strategy::scripted {
namespace {

/// Ether worth 2000 each against dollars; 80 % may be borrowed.
AccountId borrower(Market& market, std::uint64_t name, std::uint64_t ether_held, std::uint64_t dollars_owed) {
    const AccountId id = market.add_holder(address_of(0xA000 + name));
    market.holders[id].collateral[kEther] = ether(ether_held);
    market.holders[id].debt[kDollar] = dollars(dollars_owed);
    return id;
}

Market borrower_near_the_line() {
    Market market = three_assets();
    borrower(market, 1, 10, 15'000);  // below the line under 1875 a piece
    return market;
}

TEST(Decision, SendsWhenThePriceCrossesTheLine) {
    Stage stage{borrower_near_the_line()};
    stage.boot();
    EXPECT_TRUE(stage.take().empty());
    const Head head = stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    const Decision& made = sends.front();
    EXPECT_EQ(made.key.account, address_of(0xA001));
    EXPECT_EQ(made.opportunity.quote.repaid, dollars(7'500));
    EXPECT_EQ(made.block_hash, head.hash);
    EXPECT_EQ(made.last_block.value, head.number.value + 3);
    EXPECT_EQ(made.opportunity.quote.at.value, head.timestamp.value + 12);
    EXPECT_TRUE(std::equal(kExecuteSelector.begin(), kExecuteSelector.end(), made.calldata.begin()));
    EXPECT_GT(made.gas_limit, made.opportunity.gas);
    EXPECT_FALSE(made.speculative);
}

/// What is told of the only borrower, who has sunk below the line.
std::vector<Decision> told_with(const Permissions& permissions) {
    Market market = borrower_near_the_line();
    ScriptedChain chain;
    add_deep_pools(chain, market);
    EngineParams params = default_params(market);
    params.permissions = permissions;
    Stage stage{std::move(market), std::move(chain), params};
    stage.boot();
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    return stage.take();
}

TEST(Decision, WhomAndWhatTheOperatorDeniesIsSkippedWithItsReason) {
    const Market market = borrower_near_the_line();
    const Address account = address_of(0xA001);
    const Address held = market.assets[kEther].token;
    const Address owed = market.assets[kDollar].token;
    const auto allowed = told_with({{{held, owed}, {}}, {{account}, {address_of(7)}}});
    ASSERT_EQ(allowed.size(), 1U);
    EXPECT_TRUE(allowed.front().send());
    for (const Permissions& permissions :
         {Permissions{{}, {{}, {account}}}, Permissions{{}, {{address_of(7)}, {}}}}) {
        const auto told = told_with(permissions);
        ASSERT_EQ(told.size(), 1U);
        EXPECT_EQ(told.front().reason, Reason::denied_account);
        EXPECT_EQ(told.front().key.account, account);
    }
    for (const Permissions& permissions :
         {Permissions{{{}, {held}}, {}}, Permissions{{{}, {owed}}, {}}, Permissions{{{held}, {}}, {}}}) {
        const auto told = told_with(permissions);
        ASSERT_EQ(told.size(), 1U);
        EXPECT_EQ(told.front().reason, Reason::denied_asset);
    }
}

TEST(Decision, TotalsAreConsistent) {
    Stage stage{borrower_near_the_line()};
    stage.boot();
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    const Opportunity& o = sends.front().opportunity;
    EXPECT_EQ(o.profit, o.swap_out - o.quote.repaid - o.flash.fee);
    // 1 dollar is 10^6 units of the token and 10^8 units of Usd
    const Usd gain{o.profit.raw() * U256{100}};
    EXPECT_EQ(o.net, SignedUsd::difference(gain, o.gas_cost));
    // next base fee 10 gwei (half full), tip 1 gwei, Ether at 1850
    EXPECT_EQ(o.gas_cost.raw(),
              mul_div_up(U256{o.gas.value} * U256{11'000'000'000ULL}, usd(1850).raw(), pow10(18)));
    EXPECT_EQ(o.flash.fee.raw(), mul_div_up(o.quote.repaid.raw(), U256{5}, U256{10'000}));
}

TEST(Decision, SecondSendForTheSameKeyWaitsForTheOutcome) {
    Stage stage{borrower_near_the_line()};
    stage.boot();
    Market& market = stage.venue().market();
    stage.block({market.price_log(kEther, usd(1'850))});
    const auto first = stage.sends();
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(stage.engine().counts().pending, 1U);
    stage.tick();
    stage.block({market.price_log(kEther, usd(1'840))});
    stage.hold = true;  // the outcome is the next occasion to look at everybody
    stage.block({market.price_log(kEther, usd(1'830))});
    EXPECT_TRUE(stage.sends().empty());
    const auto skips = stage.skips();
    ASSERT_EQ(skips.size(), 1U);  // said once
    EXPECT_EQ(skips.front().reason, Reason::already_pending);
    stage.land(first.front(), OutcomeKind::expired);
    EXPECT_EQ(stage.sends().size(), 1U);  // the key is free, and it is still worth it
    EXPECT_EQ(stage.engine().counts().pending, 1U);
}

TEST(Decision, LandedIntentStaysOpenUntilItsBlockIsInTheBook) {
    Stage stage{borrower_near_the_line()};
    stage.boot();
    Market& market = stage.venue().market();
    stage.block({market.price_log(kEther, usd(1'850))});
    const auto first = stage.sends();
    ASSERT_EQ(first.size(), 1U);
    stage.begin_block();  // holds the liquidation, which is not sealed yet
    stage.land(first.front(), OutcomeKind::confirmed);
    stage.tick();
    EXPECT_TRUE(stage.sends().empty());
    EXPECT_EQ(stage.engine().counts().pending, 1U);
    stage.log(market.position_log(0, kDollar, TokenAmount{}, dollars(7'500)));
    stage.seal();
    EXPECT_EQ(stage.engine().counts().pending, 0U);
}

TEST(Decision, RevertedIntentIsHeldBackForDoublingTimes) {
    Stage stage{borrower_near_the_line()};
    stage.boot();
    Market& market = stage.venue().market();
    stage.block({market.price_log(kEther, usd(1'850))});
    std::vector<std::uint64_t> gaps;
    std::uint64_t last = stage.number;
    auto sent = stage.sends();
    for (int i = 0; i < 40 && gaps.size() < 3; ++i) {
        if (!sent.empty()) {
            gaps.push_back(stage.number - last);
            last = stage.number;
            stage.land(sent.front(), OutcomeKind::reverted);
        }
        stage.block();
        stage.tick();
        sent = stage.sends();
    }
    ASSERT_EQ(gaps.size(), 3U);
    EXPECT_EQ(gaps[1], 2U);
    EXPECT_EQ(gaps[2], 4U);
}

TEST(Decision, SkipIsToldAgainOnlyWithAnotherReasonOrVersion) {
    Market market = three_assets();
    borrower(market, 1, 10, 15'000);
    Stage stage{market};
    stage.boot();
    stage.base_fee = Wei{U256{2'000'000'000'000ULL}};  // above the cap
    stage.block();
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    stage.tick();
    stage.block();
    stage.tick();
    auto skips = stage.skips();
    ASSERT_EQ(skips.size(), 1U);
    // 600,000 gas or so at 2000 gwei cost more than the bonus: the profit is the first obstacle
    EXPECT_EQ(skips.front().reason, Reason::below_min_profit);
    stage.block({stage.venue().market().position_log(0, kDollar, TokenAmount{}, dollars(15'001))});
    stage.tick();
    EXPECT_EQ(stage.skips().size(), 1U);
    EXPECT_TRUE(stage.sends().empty());
}

TEST(Decision, BaseFeeAboveTheCapIsAReason) {
    Market market = three_assets();
    borrower(market, 1, 1'000, 1'500'000);
    EngineParams params = default_params(market);
    params.max_fee_per_gas = Wei{U256{50'000'000'000ULL}};
    ScriptedChain chain;
    add_deep_pools(chain, market);
    Stage stage{market, chain, params};
    stage.boot();
    stage.base_fee = Wei{U256{60'000'000'000ULL}};
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    const auto skips = stage.skips();
    ASSERT_EQ(skips.size(), 1U);
    EXPECT_EQ(skips.front().reason, Reason::base_fee_cap);
}

TEST(Decision, NothingIsSentWhileNotReady) {
    Stage stage{borrower_near_the_line()};
    stage.boot();
    stage.tell(Readiness{NotReady::stale_head});
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    EXPECT_TRUE(stage.sends().empty());
    EXPECT_EQ(stage.skips().front().reason, Reason::stale_head);
    stage.tell(Readiness{});
    EXPECT_EQ(stage.sends().size(), 1U);
}

TEST(Decision, DryRunTellsEachVersionOnce) {
    Market market = borrower_near_the_line();
    EngineParams params = default_params(market);
    params.dry_run = true;
    ScriptedChain chain;
    add_deep_pools(chain, market);
    Stage stage{market, chain, params};
    stage.boot();
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    EXPECT_EQ(stage.sends().size(), 1U);
    stage.tick();
    stage.block({stage.venue().market().price_log(kEther, usd(1'840))});
    stage.tick();
    EXPECT_TRUE(stage.take().empty());
    stage.block({stage.venue().market().position_log(0, kDollar, TokenAmount{}, dollars(15'500))});
    EXPECT_EQ(stage.sends().size(), 1U);
    EXPECT_EQ(stage.engine().counts().pending, 0U);
}

TEST(Decision, InterestAloneIsNoticedBySweeping) {
    Market market = borrower_near_the_line();
    market.interest_from = Timestamp{1'700'000'000};
    market.interest_per_billion_second = 400'000;  // 0.48 % a block
    Stage stage{market};
    stage.boot();
    stage.hold = true;  // an answer would be an occasion too
    std::size_t sent = 0;
    for (int i = 0; i < 30 && sent == 0; ++i) {
        stage.block();
        EXPECT_TRUE(stage.sends().empty());  // nothing changed by a log
        stage.tick();
        sent = stage.sends().size();
    }
    EXPECT_EQ(sent, 1U);
}

TEST(Decision, AdoptedIntentIsPending) {
    Stage stage{borrower_near_the_line()};
    stage.boot();
    stage.engine().adopt(IntentKey{ChainId{31337}, 0, address_of(0xA001)});
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    EXPECT_TRUE(stage.sends().empty());
    EXPECT_EQ(stage.skips().front().reason, Reason::already_pending);
}

}  // namespace
}  // namespace plimsoll::strategy::scripted
