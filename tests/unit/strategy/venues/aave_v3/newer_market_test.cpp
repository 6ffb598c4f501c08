// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/abi_writer.hpp"
#include "strategy/venues/aave_v3/balances.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/venue.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll::strategy::aave_v3 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Address kSentinel = at(0x770);
const Address kSequencerFeed = at(0x771);
constexpr std::uint64_t kSequencerAggregator = 0x772;

/// A venue over the scripted market as Aave 3.6 would answer.
class NewerMarketTest : public testing::Test {
  protected:
    void SetUp() override { market_.become(10); }
    void bootstrap() {
        const auto done = market_.bootstrap(venue_);
        ASSERT_TRUE(done) << done.error().context;
        one_ = *venue_.book().find(at(1));
    }
    Result<Changes> apply(std::vector<Log> logs) { return venue_.apply(head(++block_), logs); }
    static Log about(const Hash32& topic, ReserveId reserve, const std::vector<U256>& data) {
        return event(kConfigurator, topic, {underlying(reserve).to_word()}, data);
    }
    static Log of_pool(const Hash32& topic, const std::vector<Hash32>& indexed,
                       const std::vector<U256>& data) {
        return event(kPool, topic, indexed, data);
    }
    std::vector<Quote> quotes(const U256& ether_price) const {
        std::vector<Quote> out;
        const PriceVector prices{Usd{ether_price}, Usd{100'000'000}, Usd{230'000'000'000}};
        venue_.quotes(one_, prices, head(block_).timestamp, out);
        return out;
    }
    std::vector<AccountId> candidates(const U256& ether_price) const {
        Changes everything;
        everything.everything = true;
        std::vector<AccountId> out;
        const PriceVector prices{Usd{ether_price}, Usd{100'000'000}, Usd{230'000'000'000}};
        venue_.liquidatable(everything, prices, head(block_).timestamp, out);
        return out;
    }
    void poll() {
        auto reads = venue_.price_reads(head(block_), [this] { return ++last_id_; });
        ASSERT_EQ(reads.size(), 1U);
        ASSERT_TRUE(venue_.accept_prices(market_.serve(reads.front())));
    }
    ScriptedMarket market_;
    AaveV3Venue venue_{ScriptedMarket::params()};
    AccountId one_ = 0;
    std::uint64_t block_ = kBootBlock;
    ReadId last_id_ = 1'000;
};

const U256 kNearPrice{175'000'000'000};  // account 1 at 0.968

TEST_F(NewerMarketTest, CategoriesAreListsOfReserves) {
    bootstrap();
    EXPECT_EQ(venue_.revision(), 10U);
    EXPECT_EQ(venue_.book().category_state(1),
              (CategoryState{BasisPoints{9'500}, BasisPoints{10'100}, only(kEther) | only(kStaked)}))
        << "the dropped reserve's bit names nothing";
    const Log out = about(topics::kEModeAssetCollateral, kEther, {U256{1}, U256{0}});
    const Log in = about(topics::kEModeAssetCollateral, kDollar, {U256{7}, U256{1}});
    // The oracle of a category means nothing any more.
    const Log terms = event(kConfigurator, topics::kEModeCategoryAdded, {Hash32::from_u256(U256{7})},
                            {U256{9'000}, U256{9'300}, U256{10'200}, U256{0x77}, U256{160}, U256{0}});
    const auto changes = apply({out, in, terms});
    ASSERT_TRUE(changes);
    EXPECT_TRUE(changes->everything);
    EXPECT_EQ(venue_.book().category_state(1).collateral, only(kStaked));
    EXPECT_EQ(venue_.book().category_state(7),
              (CategoryState{BasisPoints{9'300}, BasisPoints{10'200}, only(kDollar)}));
}

TEST_F(NewerMarketTest, HealthIsNotCutToBasisPoints) {
    bootstrap();
    std::vector<Wad> factor(1);
    const PriceVector odd{Usd{123'456'789'012}, Usd{100'000'000}, Usd{230'000'000'000}};
    venue_.health({&one_, 1}, odd, head(block_).timestamp, factor);
    const U256 weighted = U256{1'234'567'890'120} * U256{8'300};
    EXPECT_EQ(factor[0], Wad{wad_div_half_up(weighted, U256{1'500'000'000'000}) / U256{10'000}});
}

TEST_F(NewerMarketTest, AWholePositionAsksForWhatItWillHaveGrownTo) {
    bootstrap();
    const auto half = quotes(kNearPrice);
    ASSERT_EQ(half.size(), 1U);
    EXPECT_EQ(half[0].repaid, TokenAmount{7'500'000'000});
    EXPECT_TRUE(half[0].at_most.is_zero()) << "a part is asked for exactly";
    // Interest from here on: a year's debt grows by about 5 %.
    ASSERT_TRUE(apply({of_pool(topics::kReserveDataUpdated, {underlying(kDollar).to_word()},
                               {U256{0}, U256{0}, kRay / U256{20}, kRay, kRay})}));
    const auto whole = quotes(U256{100'000'000'000});
    ASSERT_EQ(whole.size(), 1U);
    EXPECT_EQ(whole[0].repaid, TokenAmount{9'523'809'524}) << "what 10,000 USD of ether pay for, rounded up";
    EXPECT_EQ(whole[0].seized.raw() + whole[0].protocol_fee.raw(), U256{10} * pow10(18));
    // 120 s of 5 % a year are 19 parts in 10^8.
    EXPECT_GT(whole[0].at_most, TokenAmount{9'523'809'524 + 1'811});
    EXPECT_LT(whole[0].at_most, TokenAmount{9'523'809'524 + 1'815});
    const Call call = venue_.encode(whole[0]);
    EXPECT_EQ(U256::from_be(std::span{call.data}.subspan(4 + 3 * 32, 32)), whole[0].at_most.raw());
}

TEST_F(NewerMarketTest, AWholeCollateralIsAskedForWithWhatRoundingTakes) {
    bootstrap();
    // A millionth of a dollar is worth a billion wei: the debt that pays for all of it exactly, rounded down
    // to dollars again, would leave a few of them, and the pool refuses to leave dust.
    const auto minted = [](const Address& token, const U256& value) {
        return event(token, topics::kMint, {at(1).to_word(), at(1).to_word()}, {value, U256{0}, kRay});
    };
    for (std::uint64_t odd = 0; odd < 40; ++odd) {
        ASSERT_TRUE(apply(
            {minted(supply_token(kDollar), U256{odd == 0 ? 4'008'211'123U : 1U}),
             minted(debt_token(kEther), U256{odd == 0 ? 6'000'000'000'000'000'000U : 1U}),
             of_pool(topics::kCollateralEnabled, {underlying(kDollar).to_word(), at(1).to_word()}, {})}));
        bool found = false;
        for (const Quote& quote : quotes(U256{100'000'000'000})) {
            if (quote.collateral != kDollar || quote.debt != kEther) continue;
            found = true;
            EXPECT_EQ(quote.seized.raw() + quote.protocol_fee.raw(), U256{4'008'211'123U + odd});
            const PriceVector prices{Usd{100'000'000'000}, Usd{100'000'000}, Usd{230'000'000'000}};
            const auto done = venue_.would_liquidate({one_, kDollar, kEther, quote.at_most.raw()}, prices,
                                                     head(block_).timestamp);
            ASSERT_TRUE(done);
            EXPECT_TRUE(done->clears_collateral);
            EXPECT_EQ(done->repaid, quote.repaid);
        }
        EXPECT_TRUE(found);
    }
}

TEST_F(NewerMarketTest, AFlashLoanCostsItsPremiumRoundedUpAndNotMoreThanThereIs) {
    bootstrap();
    EXPECT_EQ(venue_.flash_fee(kDollar, TokenAmount{1}).value(), TokenAmount{1});
    EXPECT_EQ(venue_.flash_fee(kDollar, TokenAmount{10'000}).value(), TokenAmount{9});
    EXPECT_TRUE(venue_.flash_fee(kEther, TokenAmount{pow10(27)}));
    EXPECT_FALSE(venue_.flash_fee(kEther, TokenAmount{pow10(27) + U256{1}}));
}

TEST_F(NewerMarketTest, TheGracePeriodFollowsItsEvents) {
    market_.answer(kPool, "getLiquidationGracePeriod(address)", {underlying(kEther).to_word()},
                   U256{head(kBootBlock).timestamp.value});
    bootstrap();
    EXPECT_THAT(quotes(kNearPrice), IsEmpty());
    ASSERT_TRUE(apply({}));
    EXPECT_EQ(quotes(kNearPrice).size(), 1U) << "over with the next second";
    const std::uint64_t later = head(block_ + 2).timestamp.value;
    ASSERT_TRUE(apply({about(topics::kGracePeriodChanged, kDollar, {U256{later}})}));
    EXPECT_THAT(quotes(kNearPrice), IsEmpty());
    ASSERT_TRUE(apply({about(topics::kGracePeriodDisabled, kDollar, {})}));
    EXPECT_EQ(quotes(kNearPrice).size(), 1U);
}

TEST_F(NewerMarketTest, ThePoolsCashFollowsItsEvents) {
    bootstrap();
    const Hash32 dollar = underlying(kDollar).to_word();
    const Hash32 who = at(7).to_word();
    const U256 start = venue_.cash().of(kDollar);
    const U256 word = who.as_u256();
    ASSERT_TRUE(
        apply({of_pool(topics::kSupply, {dollar, who, Hash32{}}, {word, U256{1'000}}),
               of_pool(topics::kWithdraw, {dollar, who, who}, {U256{100}}),
               of_pool(topics::kBorrow, {dollar, who, Hash32{}}, {word, U256{50}, U256{2}, U256{0}}),
               of_pool(topics::kRepay, {dollar, who, who}, {U256{20}, U256{0}}),
               of_pool(topics::kRepay, {dollar, who, who}, {U256{999}, U256{1}}),
               of_pool(topics::kFlashLoan, {who, dollar, Hash32{}}, {word, U256{5'000}, U256{0}, U256{5}}),
               of_pool(topics::kFlashLoan, {who, dollar, Hash32{}}, {word, U256{5'000}, U256{2}, U256{5}})}));
    EXPECT_EQ(venue_.cash().of(kDollar), start + U256{1'000 - 100 - 50 + 20 + 5});
    const auto liquidation = [&](std::uint64_t in_shares) {
        return of_pool(topics::kLiquidationCall, {underlying(kEther).to_word(), dollar, at(1).to_word()},
                       {U256{500}, U256{600}, word, U256{in_shares}});
    };
    ASSERT_TRUE(apply({liquidation(0), liquidation(1)}));
    EXPECT_EQ(venue_.cash().of(kDollar), start + U256{875 + 1'000});
    EXPECT_EQ(venue_.cash().of(kEther), pow10(27) - U256{600});
    venue_.undo(head(block_--).hash);
    EXPECT_EQ(venue_.cash().of(kDollar), start + U256{875});
    EXPECT_EQ(venue_.cash().of(kEther), pow10(27));
    // One reserve is read at each block: after a round a gift is known.
    market_.answer(kPool, "getVirtualUnderlyingBalance(address)", {dollar}, start + U256{880});
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(apply({}));
        poll();
    }
    EXPECT_EQ(venue_.cash().of(kDollar), start + U256{880});
    EXPECT_EQ(venue_.cash().corrected_count(), 1U);
}

TEST_F(NewerMarketTest, NoMoreIsQuotedThanThePoolHas) {
    market_.answer(kPool, "getVirtualUnderlyingBalance(address)", {underlying(kEther).to_word()}, pow10(18));
    bootstrap();
    const auto some = quotes(kNearPrice);
    ASSERT_EQ(some.size(), 1U);
    EXPECT_LE(some[0].seized.raw(), pow10(18));
    EXPECT_GT(some[0].seized.raw(), pow10(18) - pow10(12));
}

TEST_F(NewerMarketTest, AnL2PoolIsCalledInTwoWords) {
    market_.reverts(kPool, "liquidationCall(bytes32,bytes32)", {Hash32{}, Hash32{}}, Bytes(4));
    bootstrap();
    const auto found = quotes(kNearPrice);
    ASSERT_EQ(found.size(), 1U);
    const Call call = venue_.encode(found[0]);
    ASSERT_EQ(call.data.size(), 4U + 2U * 32U);
    EXPECT_EQ((std::array{call.data[0], call.data[1], call.data[2], call.data[3]}),
              (std::array<std::uint8_t, 4>{0xfd, 0x21, 0xec, 0xff}));
    const U256 first = U256::from_be(std::span{call.data}.subspan(4, 32));
    const U256 second = U256::from_be(std::span{call.data}.subspan(36, 32));
    EXPECT_EQ(first & U256{0xFFFF}, U256{0}) << "ether is the pool's first";
    EXPECT_EQ((first >> 16U) & U256{0xFFFF}, U256{2}) << "after a hole the dollar is its third";
    EXPECT_EQ(first >> 32U, at(1).to_word().as_u256());
    EXPECT_EQ(second, U256{7'500'000'000});
}

TEST_F(NewerMarketTest, ASentinelClosesTheMarketNearTheLineOnly) {
    market_.answer(kProvider, "getPriceOracleSentinel()", {}, kSentinel.to_word().as_u256());
    market_.answer(kSentinel, "isLiquidationAllowed()", {}, U256{0});
    market_.answer(kSentinel, "getSequencerOracle()", {}, kSequencerFeed.to_word().as_u256());
    market_.answer(kSequencerFeed, "aggregator()", {}, U256{kSequencerAggregator});
    bootstrap();
    EXPECT_THAT(candidates(kNearPrice), IsEmpty());
    EXPECT_THAT(quotes(kNearPrice), IsEmpty());
    EXPECT_THAT(candidates(U256{170'000'000'000}), ElementsAre(one_)) << "below 0.95";
    market_.answer(kSentinel, "isLiquidationAllowed()", {}, U256{1});
    ASSERT_TRUE(apply({}));
    poll();
    EXPECT_THAT(candidates(kNearPrice), ElementsAre(one_));
    // The sequencer went down: closed before the sentinel is asked again.
    ASSERT_TRUE(apply({event(at(kSequencerAggregator), kAnswerUpdated, {Hash32::from_u256(U256{1}), Hash32{}},
                             {U256{5}})}));
    EXPECT_THAT(candidates(kNearPrice), IsEmpty());
    poll();
    EXPECT_THAT(candidates(kNearPrice), ElementsAre(one_));
}

TEST_F(NewerMarketTest, ThePoolItselfChecksEveryReading) {
    const auto says = [this](const U256& factor) {
        codec::AbiWriter words;
        words.u256(U256{2'000'000'000'000}).u256(U256{1'500'000'000'000}).u256(U256{0});
        words.u256(U256{8'300}).u256(U256{8'000}).u256(factor);
        market_.answer(kPool, "getUserAccountData(address)", {at(1).to_word()}, words.take());
    };
    const U256 exact = wad_div_half_up(U256{16'600}, U256{15'000});
    says(exact + U256{1});
    const auto refused = market_.bootstrap(venue_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unproven);
    EXPECT_THAT(refused.error().context, HasSubstr("revision 10"));
    EXPECT_THAT(refused.error().context, HasSubstr("computes otherwise"));
    says(exact - U256{1});
    // 16600 / 15000 is 1.10666..., which 3.6 cuts off.
    EXPECT_TRUE(market_.bootstrap(venue_));
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
