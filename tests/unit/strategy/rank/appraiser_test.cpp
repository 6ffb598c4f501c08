// SPDX-License-Identifier: Apache-2.0
#include "strategy/rank/appraiser.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "strategy/rank/selection.hpp"
#include "strategy/routes/routes.hpp"
#include "tests/unit/strategy/scripted/stage.hpp"

#include <gtest/gtest.h>

namespace plimsoll::strategy {
namespace {

using namespace scripted;

/// A market with pools that are read, at one moment.
struct Scene {
    explicit Scene(Market market) : venue{std::move(market)} {}
    void warm() {
        ReadId last = 0;
        const NextReadId next_id = [&] { return ++last; };
        routes.start(
            Head{}, {{token(kEther), ether(1)}, {token(kDollar), dollars(1'000)}, {token(kLink), ether(100)}},
            {token(kEther)}, token(kEther));
        std::vector<ReadRequest> reads;
        routes.discover(next_id, reads);
        while (!reads.empty()) {
            for (const ReadRequest& read : std::exchange(reads, {}))
                EXPECT_TRUE(routes.accept(chain.answer(read)).has_value());
            routes.discover(next_id, reads);
        }
        EXPECT_TRUE(routes.discovered());
        // The collector is told first, then its fee.
        flash.start({token(kEther), token(kDollar), token(kLink)});
        for (std::uint8_t block = 1; block <= 2; ++block) {
            Head head;
            head.hash.bytes[31] = block;
            flash.next_reads(head, routes.pools(), next_id, reads);
            for (const ReadRequest& read : std::exchange(reads, {}))
                EXPECT_TRUE(flash.accept(chain.answer(read)));
        }
        terms.intermediates = routes.intermediates();
    }
    [[nodiscard]] Address token(ReserveId id) { return venue.market().assets[id].token; }
    [[nodiscard]] Appraiser appraiser() { return Appraiser{terms, venue, venue.prices()}; }

    ScriptedVenue venue;
    ScriptedChain chain;
    Routes routes{ScriptedChain::contracts(), 64};
    GasTable gas;
    FlashSources flash{FlashContracts{address_of(0xBA1), address_of(0x301F)}};
    Terms terms{routes.pools(), {},          flash, gas, GasPrice{Wei{U256{10'000'000'000ULL}}, usd(2'000)},
                usd(5),         Timestamp{1}};
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
    // Known down to two thirds of the price: a fifth of a million Ether at the most.
    EXPECT_LE(best.opportunity.quote.seized, ether(300'000));
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

TEST(Appraiser, LeavesDeniedAssetsAlone) {
    Scene scene{with_borrower(500, 100'000, 1'500'000)};
    for (const ReserveId collateral : {kEther, kLink}) {
        const std::uint64_t price = collateral == kEther ? 2'000 : 10;
        scene.chain.add_pool(scene.token(collateral), scene.token(kDollar), 500,
                             ether(200'000'000 / price).raw(), dollars(200'000'000).raw());
    }
    scene.warm();
    const ReserveId first = scene.appraiser().best(0, {}).opportunity.quote.collateral;
    const ReserveId other = first == kEther ? kLink : kEther;
    AddressFilter filter{{}, {scene.token(first)}};
    scene.terms.assets = &filter;
    EXPECT_EQ(scene.appraiser().best(0, {}).opportunity.quote.collateral, other);
    filter = {{scene.token(other), scene.token(kDollar)}, {}};
    EXPECT_EQ(scene.appraiser().best(0, {}).opportunity.quote.collateral, other);
    filter = {{scene.token(other)}, {}};
    EXPECT_EQ(scene.appraiser().best(0, {}).reason, Reason::denied_asset);
    filter = {{}, {scene.token(kDollar)}};
    EXPECT_EQ(scene.appraiser().best(0, {}).reason, Reason::denied_asset);
    filter = {{scene.token(kDollar)}, {scene.token(kDollar)}};
    EXPECT_FALSE(filter.permits(scene.token(kDollar)));
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

TEST(Appraiser, TwoHopsWinWhereTheDirectPoolIsThinAndLoseWhereGasDecides) {
    for (const std::uint64_t link : {10'000U, 20U}) {
        Market market = three_assets();
        const AccountId id = market.add_holder(address_of(0xA1));
        market.holders[id].collateral[kLink] = ether(link);
        market.holders[id].debt[kDollar] = dollars(link * 9);
        Scene scene{market};
        const auto pool = [&](ReserveId a, const TokenAmount& x, ReserveId b, const TokenAmount& y) {
            scene.chain.add_pool(scene.token(a), scene.token(b), 500, x.raw(), y.raw());
        };
        pool(kLink, ether(500'000), kDollar, dollars(5'000'000));
        pool(kLink, ether(20'000'000), kEther, ether(100'000));
        pool(kEther, ether(100'000), kDollar, dollars(200'000'000));
        scene.warm();
        scene.terms.min_profit = Usd{};
        const Appraisal best = scene.appraiser().best(id, {});
        ASSERT_TRUE(best.valued);
        const auto hops = best.opportunity.route.hops();
        ASSERT_EQ(hops.size(), link > 1'000 ? 2U : 1U);
        EXPECT_EQ(hops.back().token_out, scene.token(kDollar));
        if (hops.size() == 1) continue;
        EXPECT_EQ(hops.front().token_out, scene.token(kEther));
        EXPECT_EQ(encode_path(best.opportunity.route).size(), 66U);
        // The second pool takes what the first one gives, to the unit.
        const Quote& quote = best.opportunity.quote;
        const Pool& first = scene.chain.pool(1);
        const Pool& second = scene.chain.pool(2);
        const auto one = first.quote(first.token0 == quote.collateral_asset, quote.seized);
        const auto two = second.quote(second.token1 == quote.debt_asset, TokenAmount{one.amount_out});
        EXPECT_EQ(best.opportunity.swap_out, TokenAmount{two.amount_out});
    }
}

/// The chain of a scene in which the vault, Morpho and the pools hold these dollars. The vault asks for 0.03
/// %.
void lend(Scene& scene, std::uint64_t vault, std::uint64_t morpho, std::uint64_t pools) {
    scene.chain.other = [=, dollar = scene.token(kDollar)](const Call& call) {
        codec::AbiWriter out;
        if (call.to == address_of(0xBA1)) return out.address(address_of(0xFEE)).take();
        if (call.to == address_of(0xFEE)) return out.u256(U256{3} * pow10(14)).take();
        if (call.to != dollar) return out.u256(U256{}).take();
        codec::AbiReader in{BytesView{call.data}.subspan(4)};
        const Address holder = in.address();
        const bool named = holder == address_of(0xBA1) || holder == address_of(0x301F);
        const std::uint64_t held = holder == address_of(0xBA1) ? vault : morpho;
        return out.u256(dollars(named ? held : pools).raw()).take();
    };
}

TEST(Appraiser, BorrowsWhereFeeAndGasAreLeastAndTheMoneyIs) {
    struct Case {
        std::uint64_t vault, morpho, pools;
        FlashKind expected;
        std::uint64_t fee_millionths;
    };
    const std::vector<Case> cases{{0, 0, 0, FlashKind::aave_v3, 500},
                                  {0, 10'000'000, 0, FlashKind::morpho, 0},
                                  {10'000'000, 10, 0, FlashKind::balancer_v2, 300},
                                  {10'000'000, 10'000'000, 10'000'000, FlashKind::morpho, 0},
                                  {0, 0, 10'000'000, FlashKind::uniswap_v3, 100}};
    for (const Case& one : cases) {
        Scene scene{with_borrower(1'000, 0, 1'800'000)};
        scene.chain.add_pool(scene.token(kEther), scene.token(kDollar), 500, ether(100'000).raw(),
                             dollars(200'000'000).raw());
        scene.chain.add_pool(scene.token(kLink), scene.token(kDollar), 100, ether(20'000).raw(),
                             dollars(200'000).raw());
        lend(scene, one.vault, one.morpho, one.pools);
        scene.warm();
        const Opportunity best = scene.appraiser().best(0, {}).opportunity;
        EXPECT_EQ(best.flash.kind, one.expected);
        const bool venue = one.expected == FlashKind::aave_v3;
        const TokenAmount fee =
            venue ? *scene.venue.flash_fee(kDollar, best.quote.repaid)
                  : mul_div(best.quote.repaid, U256{one.fee_millionths}, U256{1'000'000}, Rounding::up);
        EXPECT_EQ(best.flash.fee, fee);
        EXPECT_EQ(best.profit, best.swap_out - best.quote.repaid - fee);
        if (one.expected == FlashKind::uniswap_v3) {
            EXPECT_EQ(best.flash.lender, scene.chain.pool(1).address);
        }
    }
}

TEST(Appraiser, PoolOfTheExitDoesNotLend) {
    Scene scene{with_borrower(1'000, 0, 1'800'000)};
    scene.chain.add_pool(scene.token(kEther), scene.token(kDollar), 100, ether(100'000).raw(),
                         dollars(200'000'000).raw());
    lend(scene, 0, 0, 10'000'000);
    scene.venue.market().lends = false;
    scene.warm();
    EXPECT_EQ(scene.appraiser().best(0, {}).reason, Reason::insufficient_liquidity);
    scene.venue.market().lends = true;
    EXPECT_EQ(scene.appraiser().best(0, {}).opportunity.flash.kind, FlashKind::aave_v3);
}

TEST(Appraiser, EachObstacleHasItsReason) {
    Scene scene{with_borrower(10, 0, 18'000)};
    scene.warm();
    EXPECT_EQ(scene.appraiser().best(0, {}).reason, Reason::no_route);

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
    MovedPools moved;
    const auto selected = select(both, moved, {});
    ASSERT_EQ(selected.size(), 2U);
    EXPECT_EQ(selected[0].appraisal.opportunity.quote.collateral, kEther);
    EXPECT_EQ(selected[1].appraisal.opportunity.quote.collateral, kLink);
    EXPECT_EQ(selected[0].candidate.account, 0U);
    const Pool& ether_pool = scene.chain.pool(0);
    const Opportunity& first = selected[0].appraisal.opportunity;
    const auto sold = ether_pool.quote(ether_pool.token0 == first.quote.collateral_asset, first.quote.seized);
    EXPECT_EQ(*moved.find(selected[0].appraisal.path.directions[0]), sold.after);
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
    MovedPools moved;
    SelectionLimits limits;
    limits.count = 1;
    const auto selected = select(both, moved, limits);
    ASSERT_EQ(selected.size(), 2U);
    EXPECT_EQ(selected[0].appraisal.reason, Reason::none);
    EXPECT_EQ(selected[1].appraisal.reason, Reason::spend_budget);
}

}  // namespace
}  // namespace plimsoll::strategy
