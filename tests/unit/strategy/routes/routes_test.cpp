// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/routes.hpp"

#include "strategy/routes/uniswap_v3.hpp"
#include "tests/unit/strategy/scripted/pools.hpp"
#include "tests/unit/strategy/scripted/venue.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace plimsoll::strategy {
namespace {

using scripted::address_of;
using scripted::Pool;
using scripted::ScriptedChain;

const Address kFirst = address_of(0x11);
const Address kSecond = address_of(0x22);
const Address kThird = address_of(0x33);

TokenAmount million(std::uint64_t count) {
    return TokenAmount{U256{count} * U256{1'000'000}};
}

/// Routes between three tokens with one pool of a billion millions a side.
class RoutesTest : public testing::Test {
  protected:
    RoutesTest() {
        chain.add_pool(kFirst, kSecond, 3000, million(1'000'000'000).raw(), million(1'000'000'000).raw());
        head.number = BlockNumber{7};
        head.hash = address_of(0x700).to_word();
    }
    void start(std::vector<Address> intermediates = {}) {
        routes.start(head, {{kFirst, million(1)}, {kSecond, million(1)}, {kThird, million(1)}},
                     std::move(intermediates), kFirst);
        std::vector<ReadRequest> reads;
        routes.discover(next_id, reads);
        while (!reads.empty()) {
            for (const ReadRequest& read : std::exchange(reads, {}))
                ASSERT_TRUE(routes.accept(chain.answer(read)).has_value());
            routes.discover(next_id, reads);
        }
    }
    std::vector<ReadRequest> due() {
        std::vector<ReadRequest> reads;
        routes.refresh(head, next_id, reads);
        return reads;
    }
    /// Answers what is due until nothing is; says how many requests that were.
    std::size_t refresh() {
        std::size_t out = 0;
        for (std::vector<ReadRequest> reads = due(); !reads.empty(); reads = due()) {
            for (const ReadRequest& read : reads)
                EXPECT_TRUE(routes.accept(chain.answer(read)).has_value());
            out += reads.size();
        }
        return out;
    }
    [[nodiscard]] uniswap_v3::SwapOutcome quote(const TokenAmount& amount) const {
        return routes.pools().sell(routes.pools().directions(kFirst, kSecond).front(), amount, {});
    }
    void expect_exact() const {
        for (const std::uint64_t amount : {1ULL, 77'777ULL, 50'000'000ULL}) {
            const auto truth = chain.pool(0).quote(true, million(amount));
            const auto ours = quote(million(amount));
            ASSERT_EQ(ours.end, uniswap_v3::SwapEnd::filled);
            EXPECT_EQ(ours.amount_out, truth.amount_out);
            EXPECT_EQ(ours.after.sqrt_price, truth.after.sqrt_price);
        }
    }
    Head next_block(const std::vector<Log>& logs) {
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

TEST_F(RoutesTest, FindsThePoolsAndReadsThemOnce) {
    start();
    EXPECT_TRUE(routes.discovered());
    EXPECT_EQ(routes.steps(), 13U);  // three pairs in four tiers, one pool
    EXPECT_EQ(routes.steps_done(), 13U);
    EXPECT_EQ(routes.pools().size(), 1U);
    EXPECT_EQ(routes.pools().directions(kFirst, kSecond).size(), 1U);
    EXPECT_TRUE(routes.pools().directions(kFirst, kThird).empty());
    EXPECT_GE(routes.reader().compared(), 4U);  // two amounts in two directions
    Watch watch;
    routes.append_watch(watch);
    EXPECT_EQ(watch.addresses, std::vector<Address>{chain.pool(0).address});
    expect_exact();
}

TEST_F(RoutesTest, FollowsSwapsMintsAndBurnsWithoutReading) {
    start();
    const unsigned reads = static_cast<unsigned>(last_id);
    next_block({chain.pool(0).sell(true, million(50'000'000))});
    expect_exact();
    const auto liquidity = static_cast<uniswap_v3::i128>(chain.pool(0).state.slot.liquidity);
    next_block({chain.pool(0).provide(-1200, 600, liquidity),
                chain.pool(0).provide(-3000, -1200, 2 * liquidity),
                chain.pool(0).sell(false, million(10'000'000))});
    expect_exact();
    EXPECT_GT(quote(million(800'000'000)).ticks, 1U);
    next_block({chain.pool(0).provide(-1200, 600, -liquidity / 2)});
    next_block(
        {chain.pool(0).provide(-1200, 600, -liquidity / 2), chain.pool(0).provide(-3000, -1200, -liquidity)});
    expect_exact();
    EXPECT_EQ(last_id, reads);
}

TEST_F(RoutesTest, UndoneBlocksLeaveNoTrace) {
    start();
    const Pool before = chain.pool(0);
    std::vector<Hash32> blocks;
    const auto liquidity = static_cast<uniswap_v3::i128>(before.state.slot.liquidity);
    blocks.push_back(next_block({chain.pool(0).sell(true, million(70'000'000))}).hash);
    blocks.push_back(next_block({chain.pool(0).provide(-6000, -600, liquidity),
                                 chain.pool(0).sell(true, million(90'000'000))})
                         .hash);
    blocks.push_back(next_block({chain.pool(0).provide(-6000, -600, -liquidity)}).hash);
    expect_exact();
    for (; !blocks.empty(); blocks.pop_back())
        routes.undo(blocks.back());
    chain.pool(0) = before;
    expect_exact();
    EXPECT_EQ(routes.pools().state(0).slot, before.state.slot);
    EXPECT_EQ(routes.pools().state(0).liquidity.ticks().size(), 0U);  // the only position's ends are far away
}

TEST_F(RoutesTest, SaleBeyondWhatIsKnownIsNotAnsweredUntilMoreIsRead) {
    start();
    refresh();
    EXPECT_EQ(quote(million(2'000'000'000)).end, uniswap_v3::SwapEnd::beyond);
    EXPECT_TRUE(due().empty());
    for (int i = 0; i < 8 && quote(million(2'000'000'000)).end == uniswap_v3::SwapEnd::beyond; ++i) {
        routes.prepare(kFirst, kSecond, million(2'000'000'000));
        EXPECT_GT(refresh(), 0U);
    }
    const auto truth = chain.pool(0).quote(true, million(2'000'000'000));
    EXPECT_EQ(quote(million(2'000'000'000)).amount_out, truth.amount_out);
    routes.prepare(kFirst, kSecond, million(2'000'000'000));
    EXPECT_EQ(refresh(), 0U);
}

TEST_F(RoutesTest, PriceNearTheEndOfWhatIsKnownIsFollowed) {
    start();
    for (int i = 0; i < 12; ++i) {
        next_block({chain.pool(0).sell(true, million(400'000'000))});
        refresh();
        EXPECT_EQ(quote(million(1'000)).amount_out, chain.pool(0).quote(true, million(1'000)).amount_out);
    }
}

TEST_F(RoutesTest, WordsThatAPositionOvertookAreReadAgain) {
    start();
    refresh();
    routes.prepare(kFirst, kSecond, million(2'000'000'000));
    const std::vector<ReadRequest> reads = due();
    ASSERT_EQ(reads.size(), 1U);
    const ReadResult old = chain.answer(reads.front());
    // A position in the words that are being read.
    next_block({chain.pool(0).provide(-30'000, -24'000, uniswap_v3::i128{1'000'000'000'000})});
    ASSERT_TRUE(routes.accept(old).has_value());
    for (int i = 0; i < 8; ++i) {
        refresh();
        routes.prepare(kFirst, kSecond, million(5'000'000'000));
    }
    const auto truth = chain.pool(0).quote(true, million(5'000'000'000));
    EXPECT_GT(truth.ticks, 0U);
    EXPECT_EQ(quote(million(5'000'000'000)).amount_out, truth.amount_out);
}

TEST_F(RoutesTest, PoolThatComputesOtherwiseIsRefusedAndNamed) {
    chain.pool(0).quoter_error = 1;
    start();
    EXPECT_TRUE(routes.discovered());
    EXPECT_EQ(routes.refused(), 1U);
    EXPECT_EQ(quote(million(1)).end, uniswap_v3::SwapEnd::beyond);
    const auto told = routes.reader().take_refusals();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_NE(told.front().find(to_string(chain.pool(0).address)), std::string::npos);
    Watch watch;
    routes.append_watch(watch);
    EXPECT_TRUE(watch.addresses.empty());
}

TEST_F(RoutesTest, ComparisonGoesOnWhileFollowing) {
    start();
    const std::uint64_t before = routes.reader().compared();
    for (int i = 0; i < 8; ++i) {
        next_block({chain.pool(0).sell(true, million(1'000'000))});
        refresh();
    }
    EXPECT_GT(routes.reader().compared(), before);
    EXPECT_EQ(routes.refused(), 0U);
    chain.pool(0).quoter_error = 1;
    for (int i = 0; i < 8; ++i) {
        next_block({});
        refresh();
    }
    EXPECT_EQ(routes.refused(), 1U);
}

TEST_F(RoutesTest, LogThatContradictsWhatIsKnownHasThePoolReadAgain) {
    start();
    Pool stranger = chain.pool(0);
    const Log wrong = stranger.provide(-600, 600, 1000);
    Log burn = stranger.provide(-600, 600, -1000);
    static_cast<void>(wrong);
    const Head block = next_block({burn});  // of a position that never was
    EXPECT_EQ(quote(million(1)).end, uniswap_v3::SwapEnd::beyond);
    refresh();
    expect_exact();
    routes.undo(block.hash);
    EXPECT_EQ(quote(million(1)).end, uniswap_v3::SwapEnd::beyond);  // read at a block that is no more
    refresh();
    expect_exact();
}

TEST_F(RoutesTest, FailedReadIsAnErrorAtFirstAndTriedAgainLater) {
    start();
    refresh();
    routes.prepare(kFirst, kSecond, million(2'000'000'000));
    for (const ReadRequest& read : due())
        ASSERT_TRUE(
            routes.accept(ReadResult{read.id, read.block_hash, fail(Errc::timed_out, "")}).has_value());
    EXPECT_TRUE(due().empty());
    next_block({});
    routes.prepare(kFirst, kSecond, million(2'000'000'000));
    EXPECT_EQ(due().size(), 1U);

    Routes other{ScriptedChain::contracts(), 8};
    other.start(head, {{kFirst, million(1)}, {kSecond, million(1)}}, {}, kFirst);
    std::vector<ReadRequest> reads;
    other.discover(next_id, reads);
    ASSERT_TRUE(other.accept(chain.answer(reads.front())).has_value());
    reads.clear();
    other.discover(next_id, reads);
    ASSERT_EQ(reads.size(), 1U);
    EXPECT_FALSE(
        other.accept(ReadResult{reads.front().id, head.hash, fail(Errc::timed_out, "")}).has_value());
}

TEST_F(RoutesTest, IntermediatesAreThoseNamedOrThoseWithTheMostPools) {
    chain.add_pool(kSecond, kThird, 500, million(1'000'000).raw(), million(1'000'000).raw());
    start();
    ASSERT_EQ(routes.intermediates().size(), 2U);  // Third has one partner only
    EXPECT_EQ(routes.intermediates()[0], kFirst);
    EXPECT_EQ(routes.intermediates()[1], kSecond);
    start({kThird});
    ASSERT_EQ(routes.intermediates().size(), 1U);
    EXPECT_EQ(routes.intermediates()[0], kThird);
}

TEST(TickMath, PricesAndTicksAreEachOthersInverseUpToTheEnds) {
    using namespace uniswap_v3;
    EXPECT_EQ(sqrt_price_at(kMinTick), kMinSqrtPrice);
    EXPECT_EQ(sqrt_price_at(kMaxTick), kMaxSqrtPrice);
    EXPECT_EQ(sqrt_price_at(0), U256{1} << 96U);
    EXPECT_EQ(tick_at(kMinSqrtPrice), kMinTick);
    EXPECT_EQ(tick_at(wrapping_sub(kMaxSqrtPrice, U256{1})), kMaxTick - 1);
    for (Tick tick = kMinTick; tick < kMaxTick; tick += 997) {
        const U256 price = sqrt_price_at(tick);
        ASSERT_EQ(tick_at(price), tick);
        if (tick > kMinTick) {
            ASSERT_EQ(tick_at(price - U256{1}), tick - 1);
        }
    }
    EXPECT_THROW((void)sqrt_price_at(kMaxTick + 1), ArithmeticError);
    EXPECT_THROW((void)tick_at(kMaxSqrtPrice), ArithmeticError);
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
