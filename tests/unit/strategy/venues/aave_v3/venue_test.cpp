// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/venue.hpp"

#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace plimsoll::strategy::aave_v3 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class VenueTest : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(market_.bootstrap(venue_));
        one_ = *venue_.book().find(at(1));
    }
    static Log answer(std::uint64_t aggregator, std::uint64_t price) {
        return event(at(aggregator), kAnswerUpdated, {Hash32::from_u256(U256{price}), Hash32{}}, {U256{1}});
    }
    Result<Changes> apply(std::vector<Log> logs) { return venue_.apply(head(++block_), logs); }
    Wad factor(AccountId account, const PriceVector& prices) const {
        std::vector<Wad> out(1);
        venue_.health({&account, 1}, prices, head(block_).timestamp, out);
        return out[0];
    }
    std::vector<AccountId> candidates(const Changes& changes) const {
        std::vector<AccountId> out;
        venue_.liquidatable(changes, venue_.prices(), head(block_).timestamp, out);
        return out;
    }
    ScriptedMarket market_;
    AaveV3Venue venue_{ScriptedMarket::params()};
    AccountId one_ = 0;
    std::uint64_t block_ = kBootBlock;
};

TEST_F(VenueTest, HealthIsTheContractsFormula) {
    // 10 ether at 2000 USD with 83 % against 15,000 USD.
    EXPECT_EQ(factor(one_, venue_.prices()), Wad{wad_div_half_up(U256{16'600}, U256{15'000})});
    EXPECT_EQ(factor(*venue_.book().find(at(2)), venue_.prices()), Wad{U256::max()});
}

TEST_F(VenueTest, WhatNeedsMoreThan128BitsIsComputedAllTheSameAndCounted) {
    static_cast<void>(factor(one_, venue_.prices()));
    EXPECT_EQ(venue_.wide_computations(), 0U);
    PriceVector prices = venue_.prices();
    prices[kEther] = Usd{U256{200'000'000'000} << 40U};
    EXPECT_EQ(factor(one_, prices), Wad{wad_div_half_up(U256{16'600} << 40U, U256{15'000})});
    EXPECT_EQ(venue_.wide_computations(), 1U);
}

TEST_F(VenueTest, WhoeverIsNamedIsToldAgainAndOthersOnce) {
    const auto moved = apply({answer(kEtherAggregator, 170'000'000'000)});
    ASSERT_TRUE(moved);
    EXPECT_THAT(candidates(*moved), ElementsAre(one_));
    Changes named;
    EXPECT_THAT(candidates(named), IsEmpty());
    named.accounts = {one_};
    EXPECT_THAT(candidates(named), ElementsAre(one_));
    named.accounts.clear();
    named.everything = true;
    EXPECT_THAT(candidates(named), ElementsAre(one_));
}

TEST_F(VenueTest, APriceMoveNamesItsLeafAndItsCandidates) {
    const auto changes = apply({answer(kEtherAggregator, 150'000'000'000)});
    ASSERT_TRUE(changes);
    EXPECT_THAT(changes->prices, ElementsAre(kEther));
    Changes only_the_price;
    only_the_price.prices = changes->prices;
    EXPECT_THAT(candidates(only_the_price), ElementsAre(one_));
    EXPECT_THAT(candidates(*changes), ElementsAre(one_));
    Changes nothing;
    EXPECT_THAT(candidates(nothing), IsEmpty());
}

TEST_F(VenueTest, AWhatIfNamesCandidatesWithoutTouchingTheBook) {
    PriceVector prices = venue_.prices();
    const std::vector<Log> logs{answer(kEtherAggregator, 150'000'000'000)};
    Changes changes;
    changes.prices = venue_.what_if(logs, prices);
    std::vector<AccountId> found;
    venue_.liquidatable(changes, prices, head(block_).timestamp, found);
    EXPECT_THAT(found, ElementsAre(one_));
    EXPECT_THAT(candidates(changes), IsEmpty());
    EXPECT_EQ(venue_.prices()[kEther], Usd{200'000'000'000});
}

TEST_F(VenueTest, WhomPreparingFindsIsToldWhenAsked) {
    ASSERT_TRUE(apply({answer(kEtherAggregator, 170'000'000'000)}));
    venue_.prepare(head(block_).timestamp);
    EXPECT_THAT(candidates(Changes{}), ElementsAre(one_));
    EXPECT_THAT(candidates(Changes{}), IsEmpty());
}

TEST_F(VenueTest, APriceThatComesAfterPreparingStillCounts) {
    ASSERT_TRUE(apply({}));
    const Timestamp next = head(block_ + 1).timestamp;
    venue_.prepare(next);
    std::vector<AccountId> found;
    for (const std::uint64_t ether : {150U, 250U, 151U}) {
        PriceVector prices = venue_.prices();
        prices[kEther] = Usd{ether * 1'000'000'000};
        found.clear();
        venue_.liquidatable(Changes{}, prices, next, found);
        EXPECT_EQ(found.size(), ether < 180 ? 1U : 0U) << ether;
    }
}

TEST_F(VenueTest, QuotesEveryPairAndEncodesTheExactAmount) {
    ASSERT_TRUE(apply({answer(kEtherAggregator, 175'000'000'000)}));
    std::vector<Quote> quotes;
    venue_.quotes(one_, venue_.prices(), head(block_).timestamp, quotes);
    ASSERT_EQ(quotes.size(), 1U);
    const Quote& quote = quotes[0];
    EXPECT_EQ(quote.repaid, TokenAmount{7'500'000'000}) << "half of the debt above 0.95";
    EXPECT_EQ(quote.venue, 3);
    EXPECT_EQ(quote.collateral_asset, underlying(kEther));
    // 7500 / 1750 = 4.2857142857142857142, times 1.05, minus a tenth of the bonus.
    EXPECT_EQ(quote.seized, TokenAmount{parse_decimal("4478571428571428571").value()});
    EXPECT_EQ(quote.protocol_fee, TokenAmount{parse_decimal("21428571428571429").value()});
    const Call call = venue_.encode(quote);
    EXPECT_EQ(call.to, kPool);
    ASSERT_EQ(call.data.size(), 4U + 5U * 32U);
    EXPECT_EQ((std::array{call.data[0], call.data[1], call.data[2], call.data[3]}),
              (std::array<std::uint8_t, 4>{0x00, 0xa7, 0x18, 0xa9}));
    EXPECT_EQ(U256::from_be(std::span{call.data}.subspan(4 + 3 * 32, 32)), U256{7'500'000'000});
    EXPECT_EQ(call.data.back(), 0);
}

TEST_F(VenueTest, AQuoteIsResizedDownAndNeverUp) {
    ASSERT_TRUE(apply({answer(kEtherAggregator, 175'000'000'000)}));
    std::vector<Quote> quotes;
    const Timestamp now = head(block_).timestamp;
    venue_.quotes(one_, venue_.prices(), now, quotes);
    ASSERT_EQ(quotes.size(), 1U);
    const auto small = venue_.resize(quotes[0], TokenAmount{1'000'000'000}, venue_.prices(), now);
    ASSERT_TRUE(small);
    EXPECT_EQ(small->repaid, TokenAmount{1'000'000'000});
    EXPECT_LT(small->seized, quotes[0].seized);
    const auto large = venue_.resize(quotes[0], TokenAmount{U256::max()}, venue_.prices(), now);
    ASSERT_TRUE(large);
    EXPECT_EQ(large->repaid, quotes[0].repaid);
    EXPECT_FALSE(
        venue_.resize(quotes[0], TokenAmount{1}, {Usd{200'000'000'000}, Usd{100'000'000}, Usd{1}}, now));
}

TEST_F(VenueTest, AFullSeizureIsQuotedForTheAmountThatIsAsked) {
    // 10 ether at 1000 USD back 15,000 USD: the collateral is the limit.
    ASSERT_TRUE(apply({answer(kEtherAggregator, 100'000'000'000)}));
    std::vector<Quote> quotes;
    venue_.quotes(one_, venue_.prices(), head(block_).timestamp, quotes);
    ASSERT_EQ(quotes.size(), 1U);
    const auto again = venue_.resize(quotes[0], quotes[0].repaid, venue_.prices(), head(block_).timestamp);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->repaid, quotes[0].repaid);
    EXPECT_EQ(again->seized, quotes[0].seized);
    EXPECT_EQ(again->protocol_fee, quotes[0].protocol_fee);
}

TEST_F(VenueTest, AccountsWithoutCollateralValueAreNoCandidates) {
    ASSERT_TRUE(apply({event(supply_token(kEther), topics::kBurn, {at(1).to_word(), at(1).to_word()},
                             {U256{10} * pow10(18), U256{0}, kRay})}));
    Changes everything;
    everything.everything = true;
    EXPECT_EQ(factor(one_, venue_.prices()), Wad{});
    EXPECT_THAT(candidates(everything), IsEmpty());
}

TEST_F(VenueTest, BlocksMustFollowEachOther) {
    ASSERT_TRUE(apply({}));
    const auto skipped = venue_.apply(head(block_ + 2), {});
    ASSERT_FALSE(skipped);
    EXPECT_FALSE(venue_.in_step());
}

TEST_F(VenueTest, UndoRestoresPricesAndPositionsAndLetsAnotherBlockFollow) {
    ASSERT_TRUE(apply({}));
    ASSERT_TRUE(apply(
        {answer(kEtherAggregator, 1), event(supply_token(kEther), topics::kMint,
                                            {at(8).to_word(), at(8).to_word()}, {U256{5}, U256{0}, kRay})}));
    EXPECT_EQ(venue_.account_count(), 3U);
    venue_.undo(head(block_).hash);
    EXPECT_TRUE(venue_.in_step());
    EXPECT_EQ(venue_.account_count(), 2U);
    EXPECT_EQ(venue_.prices()[kEther], Usd{200'000'000'000});
    --block_;
    EXPECT_TRUE(apply({}));
}

TEST_F(VenueTest, UndoBeyondTheJournalStopsTheVenue) {
    venue_.undo(Hash32::from_u256(U256{1}));  // never applied: nothing to do
    EXPECT_TRUE(venue_.in_step());
    for (int i = 0; i < 6; ++i)
        ASSERT_TRUE(apply({}));
    for (int i = 0; i < 4; ++i) {
        venue_.undo(head(block_--).hash);
        EXPECT_TRUE(venue_.in_step()) << i;
    }
    venue_.undo(head(block_).hash);
    EXPECT_FALSE(venue_.in_step());
}

TEST_F(VenueTest, UndoingTheBlockOfTheReadingStopsTheVenue) {
    venue_.undo(head(kBootBlock).hash);
    EXPECT_FALSE(venue_.in_step());
}

TEST_F(VenueTest, ABuriedBlockCannotBeTakenOut) {
    ASSERT_TRUE(apply({}));
    ASSERT_TRUE(apply({}));
    venue_.undo(head(block_ - 1).hash);
    EXPECT_FALSE(venue_.in_step());
}

TEST_F(VenueTest, WatchesEverythingThatMovesIt) {
    const Watch watch = venue_.watch();
    const auto has = [&watch](const Address& address) {
        return std::find(watch.addresses.begin(), watch.addresses.end(), address) != watch.addresses.end();
    };
    for (const Address& address : {kPool, kProvider, kOracle, kConfigurator, supply_token(kStaked),
                                   debt_token(kDollar), at(kEtherAggregator), at(kDollarAggregator)}) {
        EXPECT_TRUE(has(address)) << to_string(address);
    }
    EXPECT_FALSE(has(underlying(kEther)));
    EXPECT_EQ(watch.topics.size(), 40U);
}

TEST_F(VenueTest, TellsOfLiquidationsAndFindsItsOwn) {
    const Log log = event(kPool, topics::kLiquidationCall,
                          {underlying(kEther).to_word(), underlying(kDollar).to_word(), at(1).to_word()},
                          {U256{500}, U256{600}, at(0x77).to_word().as_u256(), U256{0}});
    const auto changes = apply({log});
    ASSERT_TRUE(changes);
    ASSERT_EQ(changes->liquidations.size(), 1U);
    EXPECT_EQ(changes->liquidations[0].liquidator, at(0x77));
    Quote quote;
    quote.account_address = at(1);
    quote.collateral_asset = underlying(kEther);
    quote.debt_asset = underlying(kDollar);
    const auto own = venue_.expect(quote, {&log, 1});
    ASSERT_TRUE(own);
    EXPECT_EQ(own->seized, TokenAmount{600});
    // Of an intent from before a restart only the account is known.
    quote.collateral_asset = quote.debt_asset = Address{};
    const auto any = venue_.expect(quote, {&log, 1});
    ASSERT_TRUE(any);
    EXPECT_EQ(any->collateral_asset, underlying(kEther));
    EXPECT_EQ(any->debt_asset, underlying(kDollar));
    EXPECT_EQ(any->repaid, TokenAmount{500});
    EXPECT_EQ(any->liquidator, at(0x77));
    quote.debt_asset = underlying(kStaked);
    EXPECT_EQ(venue_.expect(quote, {&log, 1}).error().code, Errc::not_found) << "another debt is another's";
    quote.debt_asset = Address{};
    quote.account_address = at(2);
    EXPECT_EQ(venue_.expect(quote, {&log, 1}).error().code, Errc::not_found);
}

TEST_F(VenueTest, ExposuresAreThePairsNearTheLine) {
    std::vector<Exposure> found;
    const AccountRange everybody{0, static_cast<AccountId>(venue_.account_count())};
    const Wad twice{pow10(18) * U256{2}};
    venue_.exposures(everybody, venue_.prices(), head(block_).timestamp, Wad{pow10(18)}, found);
    EXPECT_THAT(found, IsEmpty());
    venue_.exposures({one_ + 1, everybody.end}, venue_.prices(), head(block_).timestamp, twice, found);
    EXPECT_THAT(found, IsEmpty()) << "the account is another one";
    venue_.exposures(everybody, venue_.prices(), head(block_).timestamp, twice, found);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].collateral, kEther);
    EXPECT_EQ(found[0].debt, kDollar);
    // All of the debt: 7.5 ether and the bonus less the fee.
    EXPECT_EQ(found[0].largest, TokenAmount{parse_decimal("7837500000000000000").value()});
}

TEST_F(VenueTest, CountsTheAssetsTheHealthCheckLoopsOver) {
    EXPECT_EQ(venue_.assets_of(one_), 2U);
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
