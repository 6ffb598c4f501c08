// SPDX-License-Identifier: Apache-2.0
#include "strategy/rank/appraiser.hpp"

#include "strategy/rank/selection.hpp"
#include "strategy/routes/routes.hpp"
#include "tests/unit/strategy/scripted/stage.hpp"

#include <gtest/gtest.h>

namespace plimsoll::strategy {
namespace {

using namespace scripted;

/// A market with pools whose curves are read, at one moment.
struct Scene {
    explicit Scene(Market market) : venue{std::move(market)} {}
    void warm() {
        ReadId last = 0;
        const NextReadId next_id = [&] { return ++last; };
        routes.start(Head{}, {{token(kEther), TokenAmount{pow10(16)}, ether(50'000)},
                              {token(kDollar), dollars(10), dollars(50'000'000)},
                              {token(kLink), TokenAmount{pow10(18)}, ether(5'000'000)}});
        std::vector<ReadRequest> reads;
        routes.discover(next_id, reads);
        for (int i = 0; i < 20 && !reads.empty(); ++i) {
            for (const ReadRequest& read : std::exchange(reads, {}))
                EXPECT_TRUE(routes.accept(chain.answer(read)).has_value());
            routes.refresh(Head{}, next_id, reads);
        }
        EXPECT_TRUE(routes.warm());
    }
    [[nodiscard]] Address token(ReserveId id) { return venue.market().assets[id].token; }
    [[nodiscard]] Appraiser appraiser() { return Appraiser{terms, venue, venue.prices()}; }

    ScriptedVenue venue;
    ScriptedChain chain;
    Routes routes{ScriptedChain::contracts(), 64};
    GasTable gas;
    Terms terms{routes.pools(), gas, GasPrice{Wei{U256{10'000'000'000ULL}}, usd(2'000)}, usd(5),
                Timestamp{1}};
};

Market with_borrower(std::uint64_t ether_held, std::uint64_t link_held, std::uint64_t dollars_owed) {
    Market market = three_assets();
    const AccountId id = market.add_holder(address_of(0xA1));
    market.holders[id].collateral[kEther] = ether(ether_held);
    market.holders[id].collateral[kLink] = ether(link_held);
    market.holders[id].debt[kDollar] = dollars(dollars_owed);
    return market;
}

TEST(Appraiser, SmallerAmountBeatsTheLargestWhereThePoolIsThin) {
    Scene scene{with_borrower(1'000, 0, 1'900'000)};
    // 4 million dollars a side: selling half a million's worth costs more than the bonus
    scene.chain.add_pool(scene.token(kEther), scene.token(kDollar), 500, ether(2'000).raw(),
                         dollars(4'000'000).raw());
    scene.warm();
    std::vector<Quote> quotes;
    scene.venue.quotes(0, scene.venue.prices(), Timestamp{1}, quotes);
    ASSERT_EQ(quotes.size(), 1U);
    const Appraiser appraiser = scene.appraiser();
    const Appraisal whole = appraiser.appraise(quotes.front(), {});
    EXPECT_EQ(whole.reason, Reason::slippage_cap);
    const Appraisal best = appraiser.best_amount(quotes.front(), {});
    ASSERT_EQ(best.reason, Reason::none);
    EXPECT_LT(best.opportunity.quote.repaid, quotes.front().repaid);
    // No tried amount may be much better: the true optimum lies within two percent of the net value found.
    SignedUsd top = best.opportunity.net;
    for (std::uint64_t part = 1; part <= 100; ++part) {
        const TokenAmount repaid = mul_div(quotes.front().repaid, U256{part}, U256{100}, Rounding::down);
        const auto quote = scene.venue.resize(quotes.front(), repaid, scene.venue.prices(), Timestamp{1});
        top = std::max(top, appraiser.appraise(*quote, {}).opportunity.net);
    }
    EXPECT_GE(best.opportunity.net.magnitude.raw() * U256{102}, top.magnitude.raw() * U256{100});
}

TEST(Appraiser, AmountBeyondTheKnownDepthIsCutToWhatSells) {
    Scene scene{with_borrower(100'000, 0, 199'000'000)};
    scene.chain.add_pool(scene.token(kEther), scene.token(kDollar), 500, ether(1'000'000).raw(),
                         dollars(2'000'000'000).raw());
    scene.warm();
    const Appraisal best = scene.appraiser().best(0, {});
    EXPECT_EQ(best.reason, Reason::none);
    EXPECT_LE(best.opportunity.quote.seized, ether(63'000));
}

TEST(Appraiser, BestPairChangesWithDepth) {
    for (const bool link_is_deep : {false, true}) {
        Scene scene{with_borrower(500, 100'000, 1'500'000)};
        const std::uint64_t link = link_is_deep ? 100'000'000 : 2'000'000;
        const std::uint64_t eth = link_is_deep ? 2'000'000 : 100'000'000;
        scene.chain.add_pool(scene.token(kEther), scene.token(kDollar), 500, ether(eth / 2'000).raw(),
                             dollars(eth).raw());
        scene.chain.add_pool(scene.token(kLink), scene.token(kDollar), 500, ether(link / 10).raw(),
                             dollars(link).raw());
        scene.warm();
        const Appraisal best = scene.appraiser().best(0, {});
        ASSERT_EQ(best.reason, Reason::none);
        EXPECT_EQ(best.opportunity.quote.collateral, link_is_deep ? kLink : kEther);
    }
}

TEST(Appraiser, TakesTheFeeTierThatYieldsMost) {
    Scene scene{with_borrower(10, 0, 18'000)};
    scene.chain.add_pool(scene.token(kEther), scene.token(kDollar), 3000, ether(100'000).raw(),
                         dollars(200'000'000).raw());
    scene.chain.add_pool(scene.token(kEther), scene.token(kDollar), 500, ether(100'000).raw(),
                         dollars(200'000'000).raw());
    scene.warm();
    EXPECT_EQ(scene.appraiser().best(0, {}).opportunity.route.hops().front().fee, 500U);
}

TEST(Appraiser, EachObstacleHasItsReason) {
    Scene scene{with_borrower(10, 0, 18'000)};
    scene.warm();
    EXPECT_EQ(scene.appraiser().best(0, {}).reason, Reason::no_route);
    scene.venue.market().lends = false;
    EXPECT_EQ(scene.appraiser().best(0, {}).reason, Reason::insufficient_liquidity);

    Scene dust{with_borrower(1, 0, 20)};
    dust.chain.add_pool(dust.token(kEther), dust.token(kDollar), 500, ether(100'000).raw(),
                        dollars(200'000'000).raw());
    dust.warm();
    EXPECT_EQ(dust.appraiser().best(0, {}).reason, Reason::below_min_profit);
    dust.venue.market().prices[kDollar] = Usd{};
    EXPECT_EQ(dust.appraiser().best(0, {}).reason, Reason::stale_price);

    Scene bare{with_borrower(0, 0, 20'000)};
    bare.warm();
    const Appraisal nothing = bare.appraiser().best(0, {});
    EXPECT_EQ(nothing.reason, Reason::below_min_profit);  // nothing to seize
    EXPECT_EQ(nothing.opportunity.quote.account_address, address_of(0xA1));
}

TEST(Appraiser, OneAssetOnBothSidesNeedsNoSwap) {
    Market market = three_assets();
    const AccountId id = market.add_holder(address_of(0xA1));
    market.holders[id].collateral[kEther] = ether(100);
    market.holders[id].debt[kEther] = ether(90);
    Scene scene{market};
    scene.warm();
    const Appraisal best = scene.appraiser().best(id, {});
    ASSERT_EQ(best.reason, Reason::none);
    EXPECT_TRUE(best.opportunity.route.empty());
    EXPECT_EQ(best.opportunity.swap_out, best.opportunity.quote.seized);
}

TEST(Selection, RequotesOnTheMovedPoolAndTakesTheNextBestPair) {
    Market market = with_borrower(500, 100'000, 1'500'000);
    market.holders.push_back(market.holders.front());
    market.holders.back().address = address_of(0xA2);
    Scene scene{market};
    // Ether's pool is the better one for the first, and used up by it.
    scene.chain.add_pool(scene.token(kEther), scene.token(kDollar), 500, ether(5'000).raw(),
                         dollars(10'000'000).raw());
    scene.chain.add_pool(scene.token(kLink), scene.token(kDollar), 3000, ether(1'000'000).raw(),
                         dollars(10'000'000).raw());
    scene.warm();
    const Appraiser appraiser = scene.appraiser();
    const std::vector<Candidate> both{{0, 0, &appraiser}, {0, 1, &appraiser}};
    Consumption consumed;
    const auto selected = select(both, consumed, 10);
    ASSERT_EQ(selected.size(), 2U);
    EXPECT_EQ(selected[0].appraisal.opportunity.quote.collateral, kEther);
    EXPECT_EQ(selected[1].appraisal.opportunity.quote.collateral, kLink);
    EXPECT_EQ(selected[0].candidate.account, 0U);
    EXPECT_EQ(consumed.of(*selected[0].appraisal.direction), selected[0].appraisal.opportunity.quote.seized);
}

TEST(Selection, TakesNoMoreThanTheLimit) {
    Market market = with_borrower(10, 0, 18'000);
    market.holders.push_back(market.holders.front());
    Scene scene{market};
    scene.chain.add_pool(scene.token(kEther), scene.token(kDollar), 500, ether(100'000).raw(),
                         dollars(200'000'000).raw());
    scene.warm();
    const Appraiser appraiser = scene.appraiser();
    const std::vector<Candidate> both{{0, 0, &appraiser}, {0, 1, &appraiser}};
    Consumption consumed;
    const auto selected = select(both, consumed, 1);
    ASSERT_EQ(selected.size(), 2U);
    EXPECT_EQ(selected[0].appraisal.reason, Reason::none);
    EXPECT_EQ(selected[1].appraisal.reason, Reason::spend_budget);
}

bool within(Gas used, Gas expected) {
    return used.value * 100 >= expected.value * 90 && used.value * 100 <= expected.value * 115;
}

TEST(GasTable, LearnsAChangedMarketInAFewReceipts) {
    GasTable table;
    const GasShape shape{0, 1, 2, 500, 3, 1};
    const GasShape other{0, 2, 1, 500, 3, 1};
    const Gas used{table.expected(shape).value * 16 / 10};
    EXPECT_FALSE(within(used, table.expected(shape)));
    for (int i = 0; i < 6; ++i)
        table.learn_used(shape, used);
    EXPECT_TRUE(within(used, table.expected(shape)));
    EXPECT_TRUE(within(used, table.expected(other)));  // the kind was taught too
}

TEST(GasTable, EstimateCountsUntilTheFirstReceiptAndNonsenseNever) {
    GasTable table;
    const GasShape shape{0, 1, 2, 500, 3, 1};
    const Gas start = table.expected(shape);
    table.learn_estimated(shape, Gas{start.value * 2});
    const Gas estimated = table.expected(shape);
    EXPECT_GT(estimated, start);
    table.learn_used(shape, estimated);
    table.learn_estimated(shape, Gas{start.value * 2});
    EXPECT_EQ(table.expected(shape), estimated);
    table.learn_used(shape, Gas{start.value * 50});
    EXPECT_EQ(table.expected(shape), estimated);
}

TEST(GasTable, ScatterDoesNotPushItOutOfTolerance) {
    GasTable table;
    const GasShape shape{0, 1, 2, 500, 3, 0};
    const std::uint64_t middle = table.expected(shape).value;
    for (int i = 0; i < 200; ++i) {
        const Gas used{middle * (i % 3 == 0 ? 110U : 93U) / 100};
        EXPECT_TRUE(within(used, table.expected(shape)));
        table.learn_used(shape, used);
    }
}

TEST(GasTable, AssetsAndTicksCost) {
    const GasTable table;
    const GasShape less{0, 1, 2, 500, 3, 1};
    const GasShape more{0, 1, 2, 500, 6, 4};
    EXPECT_GT(table.expected(more), table.expected(less));
}

}  // namespace
}  // namespace plimsoll::strategy
