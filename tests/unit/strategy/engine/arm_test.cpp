// SPDX-License-Identifier: Apache-2.0
// What is held ready for the moment a price brings an account below its line.
#include "strategy/armed_plan.hpp"
#include "strategy/rank/crossing.hpp"
#include "tests/unit/strategy/scripted/near_the_line.hpp"
#include "tests/unit/strategy/scripted/stage.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace plimsoll::strategy::scripted {
namespace {

constexpr Wad kOne{pow10(18)};

Stage staged(const Market& market, std::uint32_t armed, bool speculate = false) {
    ScriptedChain chain;
    add_deep_pools(chain, market);
    EngineParams params = default_params(market);
    params.armed = armed;
    params.speculate = speculate;
    params.health_watch = Wad{U256{105} * pow10(16)};
    Stage stage{market, std::move(chain), params};
    stage.boot();
    stage.block();
    return stage;
}

Usd cents(std::uint64_t amount) {
    return Usd{U256{amount} * pow10(6)};
}

Log ether_at(Stage& stage, const Usd& price) {
    return stage.venue().market().price_log(kEther, price);
}

TEST(Crossing, IsTheFirstPriceBelowTheLine) {
    Stage stage = staged(in_debt({15'800}), 1);
    PriceVector prices = stage.venue().prices();
    const Timestamp t{stage.time};
    const auto found = nearest_crossing(stage.venue(), 0, prices, t, BasisPoints{500});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->leaf, kEther);
    EXPECT_TRUE(found->falling);
    EXPECT_EQ(found->price, Usd{U256{1975} * pow10(8) - U256{1}}) << "at 1975 it is on the line, not below";
    EXPECT_EQ(found->distance, 12'500'001U);
    EXPECT_EQ(prices, stage.venue().prices());
    EXPECT_FALSE(nearest_crossing(stage.venue(), 0, prices, t, BasisPoints{100})) << "1.25 % away";
}

TEST(Crossing, IsFoundBesideAPriceThatCannotRise) {
    Market market = in_debt({15'800});
    market.prices[kLink] = Usd{U256::max()};  // which nobody holds
    const ScriptedVenue venue{market};
    PriceVector prices = venue.prices();
    const auto found = nearest_crossing(venue, 0, prices, Timestamp{1}, BasisPoints{500});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->leaf, kEther);
}

RC_GTEST_PROP(Crossing, AtItTheAccountIsBelowAndAUnitNearerItIsNot, ()) {
    Market market = three_assets();
    const auto some = [](std::uint64_t most) { return *rc::gen::inRange<std::uint64_t>(0, most); };
    const AccountId id = market.add_holder(address_of(0xA001));
    market.holders[id].collateral[kEther] = TokenAmount{U256{some(30'000'000)} * pow10(12)};
    market.holders[id].collateral[kLink] = TokenAmount{U256{some(9'000'000)} * pow10(14)};
    market.holders[id].debt[kDollar] = TokenAmount{U256{some(60'000)} * pow10(6)};
    market.holders[id].debt[kLink] = TokenAmount{U256{some(900'000)} * pow10(14)};
    ScriptedVenue venue{market};
    PriceVector prices = venue.prices();
    const Timestamp t{1};
    const auto health = [&](const PriceVector& at) {
        Wad out;
        venue.health({&id, 1}, at, t, {&out, 1});
        return out;
    };
    const auto found = nearest_crossing(venue, id, prices, t, BasisPoints{5'000});
    RC_CLASSIFY(found.has_value());
    if (!found) return;
    RC_ASSERT(health(prices) >= kOne);
    prices[found->leaf] = found->price;
    RC_ASSERT(health(prices) < kOne);
    const U256 nearer = found->falling ? found->price.raw() + U256{1} : found->price.raw() - U256{1};
    prices[found->leaf] = Usd{nearer};
    RC_ASSERT(health(prices) >= kOne);
}

/// Sold for 1,000 dollars, of which the Executor insists on 40.
ArmedPlan planned(std::uint64_t profit) {
    ArmedPlan out;
    out.decision.opportunity.quote.seized = ether(1);
    out.decision.opportunity.swap_out = dollars(1'000);
    out.decision.opportunity.profit = dollars(profit);
    out.decision.opportunity.net = {false, usd(30)};
    out.decision.opportunity.gas = Gas{500'000};
    out.least_profit = dollars(40);
    out.gas_price = GasPrice{Wei{U256{10'000'000'000}}, usd(2'000)};  // 10 dollars
    return out;
}

TEST(ArmedPlan, PaysWithALittleLessIfTheExecutorDoesNotInsistOnIt) {
    const auto seized = [](std::uint64_t of_a_million) {
        return TokenAmount{U256{of_a_million} * pow10(12)};
    };
    EXPECT_TRUE(still_pays(planned(50), seized(1'000'000)));
    EXPECT_TRUE(still_pays(planned(40), seized(1'200'000)));
    EXPECT_TRUE(still_pays(planned(50), seized(999'100)));
    EXPECT_FALSE(still_pays(planned(50), seized(998'900))) << "more than a thousandth less";
    EXPECT_TRUE(still_pays(planned(41), seized(999'100)));
    EXPECT_FALSE(still_pays(planned(40), seized(999'900))) << "it would revert";
}

TEST(ArmedPlan, IsWorthItWhileGasLeavesTheMinimum) {
    const auto at = [](std::uint64_t gwei) { return GasPrice{Wei{U256{gwei} * pow10(9)}, usd(2'000)}; };
    EXPECT_TRUE(still_worth_it(planned(50), at(5), usd(30)));
    EXPECT_TRUE(still_worth_it(planned(50), at(10), usd(40))) << "no dearer than then";
    EXPECT_TRUE(still_worth_it(planned(50), at(35), usd(5))) << "25 dollars dearer, 5 are left";
    EXPECT_FALSE(still_worth_it(planned(50), at(36), usd(5)));
}

TEST(Armed, TheNearestAreHeldReadyAndGoOutAsTheyWereTold) {
    Stage stage = staged(in_debt({15'000, 15'900, 15'500, 15'700}), 2);
    ASSERT_EQ(stage.armed.size(), 2U);
    const Decision told = stage.armed.at(stage.key_of(1));
    EXPECT_TRUE(stage.armed.contains(stage.key_of(3)));
    EXPECT_FALSE(told.calldata.empty());
    stage.block({ether_at(stage, cents(198'750))});  // on the line of account 1
    EXPECT_TRUE(stage.sends().empty());
    stage.block({ether_at(stage, cents(198'749))});
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_TRUE(sends.front().armed);
    EXPECT_EQ(sends.front().calldata, stage.last_armed.at(stage.key_of(1)).calldata);
    EXPECT_EQ(sends.front().block_hash, stage.heads.back().hash);
    EXPECT_EQ(stage.engine().counts().armed_sends, 1U);
    stage.block({ether_at(stage, cents(198'700))});
    EXPECT_TRUE(stage.sends().empty()) << "it is under way";
}

TEST(Armed, OnAnUnsealedBlockToo) {
    Stage stage = staged(in_debt({15'900}), 1, true);
    stage.begin_block();
    stage.log(ether_at(stage, usd(1'980)));
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_TRUE(sends.front().armed && sends.front().speculative);
    stage.seal();
    EXPECT_TRUE(stage.sends().empty());
}

TEST(Armed, WhoeverChangedInTheSameBlockIsDecidedAnew) {
    Stage stage = staged(in_debt({15'900}), 1);
    Market& market = stage.venue().market();
    stage.block({market.position_log(0, kEther, ether(9), {}), ether_at(stage, usd(1'980))});
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_FALSE(sends.front().armed);
    EXPECT_EQ(stage.engine().counts().armed_sends, 0U);
}

/// Ten ether and a little link against dollars: below the line without the link where ether is at 1990.
Market with_a_little_link() {
    Market market = in_debt({15'950});
    market.holders[0].collateral[kLink] = ether(10);
    return market;
}

/// Whether what was held ready goes out as it was told, where link is worth nothing any more and ether is at
/// this price.
bool leaves_as_armed(const Usd& min_profit, const Usd& ether_price) {
    ScriptedChain chain;
    const Market market = with_a_little_link();
    add_deep_pools(chain, market);
    EngineParams params = default_params(market);
    params.armed = 1;
    params.min_profit = min_profit;
    params.health_watch = Wad{U256{105} * pow10(16)};
    Stage stage{market, std::move(chain), params};
    stage.boot();
    stage.block();
    EXPECT_EQ(stage.armed.size(), 1U);
    stage.block({stage.venue().market().price_log(kLink, Usd{U256{1}}), ether_at(stage, ether_price)});
    const std::vector<Decision> sends = stage.sends();
    return !sends.empty() && sends.front().armed;
}

TEST(Armed, NotWhereLessWouldBeLeftThanTheExecutorInsistsOn) {
    Stage stage = staged(with_a_little_link(), 1);
    const Opportunity planned = stage.armed.at(stage.key_of(0)).opportunity;
    const Usd earned{planned.profit.raw() * pow10(2)};  // a dollar has six decimals, its price eight
    const Usd all_of_it = earned - planned.gas_cost - usd(1);
    // It was planned for the price at which the account sinks with its link.
    PriceVector prices = stage.venue().prices();
    const auto planned_at =
        nearest_crossing(stage.venue(), 0, prices, Timestamp{stage.time}, BasisPoints{500});
    ASSERT_TRUE(planned_at && planned_at->leaf == kEther);
    const Usd above = planned_at->price + usd(1);  // half a thousandth
    EXPECT_TRUE(leaves_as_armed(usd(5), above)) << "a little less is seized, and enough";
    EXPECT_TRUE(leaves_as_armed(all_of_it, planned_at->price));
    EXPECT_FALSE(leaves_as_armed(all_of_it, above)) << "the same, and it would revert";
}

TEST(Armed, NotWhereMoreMayBeRepaidThanWasPlanned) {
    // The scripted market always allows half; half of a debt that grew is more.
    Stage stage = staged(in_debt({15'900}), 1);
    Market& market = stage.venue().market();
    stage.block({market.position_log(0, kDollar, {}, dollars(17'000)), ether_at(stage, usd(1'980))});
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_FALSE(sends.front().armed);
}

TEST(Armed, WhoeverIsFarAwayOrGoneIsLetGo) {
    Stage stage = staged(in_debt({15'900, 15'800}), 1);
    EXPECT_TRUE(stage.armed.contains(stage.key_of(0)));
    Market& market = stage.venue().market();
    stage.block({market.position_log(0, kEther, ether(20), {})});
    EXPECT_FALSE(stage.armed.contains(stage.key_of(0)));
    EXPECT_TRUE(stage.armed.contains(stage.key_of(1)));
    stage.block({ether_at(stage, usd(2'200))});
    EXPECT_TRUE(stage.armed.empty());
    EXPECT_EQ(stage.engine().counts().armed, 0U);
}

TEST(Armed, NobodyUnlessItIsAskedFor) {
    Stage stage = staged(in_debt({15'900}), 0);
    EXPECT_TRUE(stage.armed.empty());
    stage.block({ether_at(stage, usd(1'980))});
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_FALSE(sends.front().armed);
}

TEST(Armed, NothingLeavesWhileAGateIsClosed) {
    Stage stage = staged(in_debt({15'900}), 1);
    stage.engine().hold(Reason::paused, true);
    stage.block({ether_at(stage, usd(1'980))});
    EXPECT_TRUE(stage.sends().empty());
    stage.engine().hold(Reason::paused, false);
    stage.tick();
    EXPECT_EQ(stage.sends().size(), 1U);
}

TEST(Armed, AGapThatLeavesMoreToTakeIsDecidedAnew) {
    // Far below, what was planned is still right: half of the debt. The proceeds are better, not worse.
    Stage stage = staged(in_debt({15'900}), 1);
    stage.block({ether_at(stage, usd(1'700))});
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_GE(sends.front().opportunity.quote.repaid, dollars(7'950));
}

TEST(Armed, AReadingOfTheMarketTakesEverythingBack) {
    Stage stage = staged(in_debt({15'900}), 1);
    ASSERT_EQ(stage.armed.size(), 1U);
    for (std::size_t i = stage.heads.size(); i > 0 && stage.engine().counts().resyncs == 0; --i)
        stage.undo_block();
    ASSERT_GT(stage.engine().counts().resyncs, 0U);
    EXPECT_TRUE(stage.armed.empty());
}

/// Whoever is sent, is sent with and without arming: the same accounts at the same blocks.
RC_GTEST_PROP(Armed, ChangesNothingAboutWhoIsSent, ()) {
    const auto debts =
        *rc::gen::container<std::vector<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(15'400, 15'995));
    RC_PRE(!debts.empty() && debts.size() < 12);
    const Market market = in_debt(debts);
    const bool speculate = *rc::gen::arbitrary<bool>();
    Stage with = staged(market, 4, speculate);
    Stage without = staged(market, 0, speculate);
    std::uint64_t price = 200'000;
    const auto steps = *rc::gen::inRange(3, 12);
    std::uint64_t armed = 0;
    for (int step = 0; step < steps; ++step) {
        price = price * *rc::gen::inRange<std::uint64_t>(990, 1'003) / 1'000;
        std::vector<std::vector<IntentKey>> sent;
        for (Stage* const stage : {&with, &without}) {
            stage->block({ether_at(*stage, cents(price))});
            std::vector<IntentKey> keys;
            for (const Decision& made : stage->sends()) {
                keys.push_back(made.key);
                armed += made.armed ? 1U : 0U;
            }
            std::sort(keys.begin(), keys.end());
            sent.push_back(std::move(keys));
        }
        RC_ASSERT(sent[0] == sent[1]);
    }
    RC_CLASSIFY(armed > 0);
}

}  // namespace
}  // namespace plimsoll::strategy::scripted
