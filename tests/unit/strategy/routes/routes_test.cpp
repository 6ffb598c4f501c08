// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/routes.hpp"

#include "strategy/routes/uniswap_v3.hpp"
#include "tests/unit/strategy/scripted/pools.hpp"
#include "tests/unit/strategy/scripted/venue.hpp"

#include <gtest/gtest.h>

namespace plimsoll::strategy {
namespace {

using scripted::address_of;
using scripted::ScriptedChain;

const Address kFirst = address_of(0x11);
const Address kSecond = address_of(0x22);
const Address kThird = address_of(0x33);

TokenAmount million(std::uint64_t count) {
    return TokenAmount{U256{count} * U256{1'000'000}};
}

/// Routes between three tokens with one pool of a billion millions a side, already warm.
class RoutesTest : public testing::Test {
  protected:
    RoutesTest() {
        chain.add_pool(kFirst, kSecond, 3000, million(1'000'000'000).raw(), million(1'000'000'000).raw());
        head.number = BlockNumber{7};
        head.hash = address_of(0x700).to_word();
        routes.start(head, {{kFirst, million(1), million(10'000'000)},
                            {kSecond, million(1), million(10'000'000)},
                            {kThird, million(1), million(10'000'000)}});
        discover();
    }
    void discover() {
        std::vector<ReadRequest> reads;
        routes.discover(next_id, reads);
        for (const ReadRequest& read : reads)
            ASSERT_TRUE(routes.accept(chain.answer(read)).has_value());
    }
    std::size_t refresh() {
        std::vector<ReadRequest> reads;
        routes.refresh(head, next_id, reads);
        for (const ReadRequest& read : reads)
            EXPECT_TRUE(routes.accept(chain.answer(read)).has_value());
        return reads.size();
    }
    [[nodiscard]] Result<CurveSwap> quote(const TokenAmount& amount, const TokenAmount& consumed = {}) const {
        return routes.pools().quote(routes.pools().directions(kFirst, kSecond).front(), amount, consumed);
    }
    Head next_block(std::vector<Log> logs) {
        ++head.number.value;
        head.hash = Hash32::from_u256(U256{head.number.value});
        routes.apply(head, logs);
        return head;
    }

    ReadId last_id = 0;
    NextReadId next_id = [this] { return ++last_id; };
    ScriptedChain chain;
    Head head;
    Routes routes{ScriptedChain::contracts(), 8};
};

TEST_F(RoutesTest, FindsThePoolsThatAreThere) {
    EXPECT_TRUE(routes.discovered());
    EXPECT_EQ(routes.lookups(), 12U);  // three pairs in four tiers
    EXPECT_EQ(routes.pools().size(), 1U);
    EXPECT_EQ(routes.pools().directions(kFirst, kSecond).size(), 1U);
    EXPECT_TRUE(routes.pools().directions(kFirst, kThird).empty());
    Watch watch;
    routes.append_watch(watch);
    EXPECT_EQ(watch.addresses, std::vector<Address>{chain.pool(0).address});
}

TEST_F(RoutesTest, ReadsBothDirectionsOnceAndThenRests) {
    EXPECT_FALSE(routes.warm());
    EXPECT_EQ(quote(million(1)).error().code, Errc::not_found);
    EXPECT_EQ(refresh(), 2U);
    EXPECT_TRUE(routes.warm());
    EXPECT_EQ(refresh(), 0U);
    const CurvePoint truth = chain.pool(0).quote(true, million(1'000));
    const auto found = quote(million(1'000));
    ASSERT_TRUE(found.has_value());
    EXPECT_LE(found->out, truth.out);
    EXPECT_GT(found->out.raw() * U256{1'000'001}, truth.out.raw() * U256{1'000'000});
}

TEST_F(RoutesTest, SwapMakesTheCurvesDirtyAndAnAnswerMakesThemFresh) {
    refresh();
    const DirectionId direction = routes.pools().directions(kFirst, kSecond).front();
    next_block({chain.pool(0).sell(true, million(50'000'000))});
    EXPECT_FALSE(routes.pools().fresh(direction));
    EXPECT_EQ(refresh(), 2U);
    EXPECT_TRUE(routes.pools().fresh(direction));
    EXPECT_LE(quote(million(1'000))->out, chain.pool(0).quote(true, million(1'000)).out);
}

TEST_F(RoutesTest, StaleCurveFollowsThePriceAndStaysBelowTheTruth) {
    refresh();
    const TokenAmount before = quote(million(100'000))->out;
    for (const bool down : {true, true, false, false, false}) {
        next_block({chain.pool(0).sell(down, million(100'000'000))});
        const TokenAmount truth = chain.pool(0).quote(true, million(100'000)).out;
        const auto stale = quote(million(100'000));
        ASSERT_TRUE(stale.has_value());
        EXPECT_LE(stale->out, truth);
        EXPECT_GT(stale->out.raw() * U256{1'001}, truth.raw() * U256{1'000});  // the price is right
        EXPECT_NE(stale->out, before);
    }
}

TEST_F(RoutesTest, UndoneSwapMakesTheCurveDirtyAgainWithTheOldPrice) {
    refresh();
    const TokenAmount before = quote(million(1'000))->out;
    const Head moved = next_block({chain.pool(0).sell(true, million(100'000'000))});
    refresh();
    const TokenAmount after = quote(million(1'000))->out;
    EXPECT_LT(after, before);
    routes.undo(moved.hash);
    const TokenAmount undone = quote(million(1'000))->out;
    EXPECT_GT(undone, after);
    EXPECT_LE(undone, before);
    EXPECT_FALSE(routes.pools().fresh(routes.pools().directions(kFirst, kSecond).front()));
}

TEST_F(RoutesTest, AnswerOvertakenByASwapIsUsedButStillDirty) {
    std::vector<ReadRequest> reads;
    routes.refresh(head, next_id, reads);
    std::vector<ReadResult> answers;
    for (const ReadRequest& read : reads)
        answers.push_back(chain.answer(read));
    next_block({chain.pool(0).sell(true, million(1'000'000))});
    for (const ReadResult& answer : answers)
        ASSERT_TRUE(routes.accept(answer).has_value());
    EXPECT_TRUE(quote(million(1'000)).has_value());
    EXPECT_FALSE(routes.pools().fresh(0));
    EXPECT_EQ(refresh(), 2U);
    EXPECT_TRUE(routes.pools().fresh(0));
}

TEST_F(RoutesTest, FailedReadIsNotRepeatedInTheSameBlock) {
    std::vector<ReadRequest> reads;
    routes.refresh(head, next_id, reads);
    for (const ReadRequest& read : reads)
        ASSERT_TRUE(
            routes.accept(ReadResult{read.id, read.block_hash, fail(Errc::timed_out, "")}).has_value());
    EXPECT_EQ(refresh(), 0U);
    next_block({});
    EXPECT_EQ(refresh(), 2U);
}

TEST_F(RoutesTest, CandidateBeyondTheCurveMakesItLonger) {
    refresh();
    EXPECT_EQ(quote(million(20'000'000)).error().code, Errc::limit_exceeded);
    routes.prefer(kFirst, kSecond, million(20'000'000));
    EXPECT_EQ(refresh(), 1U);
    EXPECT_TRUE(quote(million(20'000'000)).has_value());
}

TEST_F(RoutesTest, SharpenedAmountIsReadExactly) {
    refresh();
    const TokenAmount odd = million(7'654'321);
    EXPECT_LT(quote(odd)->out, chain.pool(0).quote(true, odd).out);
    routes.sharpen(kFirst, kSecond, odd);
    EXPECT_EQ(refresh(), 1U);
    EXPECT_EQ(quote(odd)->out, chain.pool(0).quote(true, odd).out);
    routes.sharpen(kFirst, kSecond, odd);
    EXPECT_EQ(refresh(), 0U);
}

TEST_F(RoutesTest, CurvesOfUnneededPairsAreLeftAlone) {
    const Routes::Need need{kFirst, kSecond, million(100)};
    routes.restrict_to({&need, 1});
    EXPECT_EQ(refresh(), 1U);
}

TEST(UniswapV3, SoldOutPoolHasNoPoint) {
    const auto quote = [](const U256& price) {
        Bytes data;
        for (const U256& word : {U256{5}, price, U256{3}, U256{1}}) {
            const auto bytes = word.to_be();
            data.insert(data.end(), bytes.begin(), bytes.end());
        }
        return uniswap_v3::read_quote(data, TokenAmount{9});
    };
    EXPECT_FALSE(quote(U256{4295128740ULL})->has_value());
    EXPECT_FALSE(quote(*parse_decimal("1461446703485210103287273052203988822378723970341"))->has_value());
    const auto found = quote(U256{4295128741ULL});
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->out, TokenAmount{5});
    EXPECT_EQ((*found)->ticks, 3U);
    EXPECT_FALSE(uniswap_v3::read_quote(Bytes(64), TokenAmount{9}).has_value());
}

TEST(UniswapV3, TopicsAreThoseOfTheDeployedPools) {
    // As every block explorer shows them.
    EXPECT_EQ(to_string(uniswap_v3::kSwapTopic),
              "0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67");
    EXPECT_EQ(to_string(uniswap_v3::kMintTopic),
              "0x7a53080ba414158be7ec69b987b5fb7d07dee101fe85488f0853ae16239d0bde");
    EXPECT_EQ(to_string(uniswap_v3::kBurnTopic),
              "0x0c396cd989a39f4459b5fa1aed6a9a8dcdbc45908acfd67e028cd568da98982c");
}

TEST(Route, PathIsTokenFeeToken) {
    EXPECT_TRUE(encode_path(Route{}).empty());
    const Bytes one = encode_path(Route{Hop{address_of(9), kFirst, kSecond, 500}});
    ASSERT_EQ(one.size(), 43U);
    EXPECT_EQ(one[19], 0x11);
    EXPECT_EQ(one[21], 0x01);  // 500 = 0x01f4
    EXPECT_EQ(one[22], 0xf4);
    EXPECT_EQ(one[42], 0x22);
    const Route two{Hop{address_of(9), kFirst, kSecond, 500}, Hop{address_of(8), kSecond, kThird, 10000}};
    EXPECT_EQ(encode_path(two).size(), 66U);
}

}  // namespace
}  // namespace plimsoll::strategy
