// SPDX-License-Identifier: Apache-2.0
// Bootstrap, waiting blocks, gaps, reorgs and what-ifs.
#include "tests/unit/strategy/scripted/stage.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plimsoll::strategy::scripted {
namespace {

Market one_borrower() {
    Market market = three_assets();
    const AccountId id = market.add_holder(address_of(0xA001));
    market.holders[id].collateral[kEther] = ether(10);
    market.holders[id].debt[kDollar] = dollars(15'000);
    return market;
}

std::size_t notices(const Stage& stage, Notice::Kind kind) {
    return static_cast<std::size_t>(std::count_if(stage.notices.begin(), stage.notices.end(),
                                                  [&](const Notice& notice) { return notice.kind == kind; }));
}

TEST(Bootstrap, TellsTheCompleteWatchAndBecomesReadyOnce) {
    Stage stage{one_borrower()};
    EXPECT_EQ(stage.engine().state(), EngineState::waiting);
    stage.boot();
    EXPECT_EQ(notices(stage, Notice::Kind::ready), 1U);
    ASSERT_EQ(stage.watches.size(), 1U);
    EXPECT_EQ(stage.watches.front().addresses.size(), 4U);  // the venue and three pools
    EXPECT_EQ(stage.watches.front().topics.size(), 6U);     // its two, and Initialize, Swap, Mint, Burn
    EXPECT_EQ(stage.engine().applied()->hash, stage.heads.back().hash);
    EXPECT_EQ(stage.engine().counts().pools, 3U);
}

TEST(Bootstrap, BlocksThatBeganBeforeTheWatchAreCompletedByAQuery) {
    Stage stage{one_borrower()};
    const Log missed = stage.venue().market().price_log(kEther, usd(1'850));
    std::vector<LogQuery> queries;
    stage.chain.logs = [&](const LogQuery& query) {
        queries.push_back(query);
        Log log = missed;
        log.block_hash = stage.heads.at(1).hash;
        log.block_number = stage.heads.at(1).number;
        return std::vector<Log>{log};
    };
    stage.hold = true;
    stage.block();  // the one that is read
    stage.block();  // began before anybody watched: its log was not told
    stage.block();
    stage.hold = false;
    stage.answer_all();
    ASSERT_EQ(queries.size(), 1U);
    EXPECT_EQ(queries.front().from, stage.heads.at(1).number);
    EXPECT_EQ(queries.front().to, stage.heads.at(2).number);
    EXPECT_EQ(queries.front().addresses.size(), 4U);
    EXPECT_EQ(stage.engine().state(), EngineState::ready);
    stage.tick();
    EXPECT_EQ(stage.venue().prices()[kEther], usd(1'850));
    EXPECT_EQ(stage.sends().size(), 1U);
    EXPECT_EQ(stage.venue().applied, 2U);  // each waiting block once, never the pinned one
}

TEST(Bootstrap, BeginsAgainAtTheNewestHeadWhenAReadFails) {
    Stage stage{one_borrower()};
    stage.hold = true;
    stage.block();
    const ReadRequest first = stage.reads.front();
    stage.reads.clear();
    stage.tell(ReadResult{first.id, first.block_hash, fail(Errc::timed_out, "no answer")});
    EXPECT_EQ(stage.engine().state(), EngineState::waiting);
    EXPECT_EQ(stage.engine().counts().resyncs, 1U);
    stage.hold = false;
    const Head head = stage.block();
    EXPECT_EQ(stage.engine().state(), EngineState::ready);
    EXPECT_EQ(stage.engine().applied()->hash, head.hash);
}

TEST(Bootstrap, BeginsAgainWhenItsBlockIsUndone) {
    Stage stage{one_borrower()};
    stage.hold = true;
    stage.block();
    stage.undo_block();
    EXPECT_EQ(stage.engine().counts().resyncs, 1U);
    stage.hold = false;
    stage.answer_all();  // of the undone block: passed over
    EXPECT_EQ(stage.engine().state(), EngineState::waiting);
    stage.boot();
    EXPECT_EQ(stage.engine().state(), EngineState::ready);
}

TEST(Bootstrap, RefusedMarketStopsTheEngineWithItsError) {
    Market market = one_borrower();
    market.refuse = Error{Errc::unproven, "POOL_REVISION 99"};
    Stage stage{market};
    stage.block();
    EXPECT_EQ(stage.engine().state(), EngineState::stopped);
    ASSERT_TRUE(stage.engine().error().has_value());
    EXPECT_EQ(stage.engine().error()->code, Errc::unproven);
    stage.block();
    EXPECT_TRUE(stage.reads.empty());
}

TEST(Bootstrap, NativeAssetThatIsNoReserveIsAnError) {
    Market market = one_borrower();
    EngineParams params = default_params(market);
    params.native_asset = address_of(0x99);
    Stage stage{market, ScriptedChain{}, params};
    stage.block();
    EXPECT_EQ(stage.engine().state(), EngineState::stopped);
    EXPECT_EQ(stage.engine().error()->code, Errc::config_invalid);
}

TEST(Blocks, UndoneBlockTakesItsPricesBack) {
    Stage stage{one_borrower()};
    stage.boot();
    const Head before = *stage.engine().applied();
    stage.tell(Readiness{NotReady::catching_up});
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    EXPECT_EQ(stage.venue().prices()[kEther], usd(1'850));
    stage.undo_block();
    EXPECT_EQ(stage.venue().prices()[kEther], usd(2'000));
    EXPECT_EQ(stage.engine().applied()->hash, before.hash);
    stage.take();
    stage.tell(Readiness{});
    EXPECT_TRUE(stage.take().empty());
    stage.block();
    EXPECT_EQ(stage.engine().state(), EngineState::ready);
    EXPECT_EQ(stage.engine().counts().resyncs, 0U);
}

TEST(Blocks, UndoneBlockThatIsNotSealedLeavesNothing) {
    Stage stage{one_borrower()};
    stage.boot();
    const Head open = stage.begin_block();
    stage.log(stage.venue().market().price_log(kEther, usd(1'850)));
    stage.tell(BlockUndone{open.hash});
    --stage.number;
    stage.block();
    EXPECT_EQ(stage.venue().prices()[kEther], usd(2'000));
    EXPECT_EQ(stage.engine().counts().resyncs, 0U);
}

TEST(Blocks, UndoingThePinnedBlockBeginsAgain) {
    Stage stage{one_borrower()};
    stage.boot();
    while (stage.heads.size() > 1)
        stage.undo_block();
    stage.undo_block();
    EXPECT_EQ(stage.engine().counts().resyncs, 1U);
    EXPECT_EQ(stage.engine().state(), EngineState::waiting);
}

TEST(Blocks, SealWithAnotherNumberOfLogsIsNotBelieved) {
    Stage stage{one_borrower()};
    stage.boot();
    const Head open = stage.begin_block();
    stage.tell(BlockSealed{open.hash, 2});
    EXPECT_EQ(stage.engine().counts().resyncs, 1U);
}

TEST(Blocks, BlockWithoutItsParentBeginsAgain) {
    Stage stage{one_borrower()};
    stage.boot();
    stage.heads.clear();  // the next one names no parent
    stage.block();
    EXPECT_EQ(stage.engine().counts().resyncs, 1U);
}

TEST(Blocks, PolledPriceIsAwaitedAndAppliedAfterItsBlock) {
    Market market = one_borrower();
    market.assets[kEther].polled = true;
    Stage stage{market};
    Usd ether_price = usd(2'000);
    stage.chain.other = [&](const Call&) {
        const auto word = ether_price.raw().to_be();
        return Bytes(word.begin(), word.end());
    };
    stage.boot();
    stage.hold = true;
    ether_price = usd(1'850);
    stage.begin_block();
    ASSERT_EQ(stage.reads.size(), 1U);  // asked as soon as the block begins
    stage.answer_one();                 // answered before it is sealed
    EXPECT_EQ(stage.venue().prices()[kEther], usd(2'000));
    stage.seal();
    EXPECT_EQ(stage.venue().prices()[kEther], usd(1'850));
    EXPECT_EQ(stage.sends().size(), 1U);
}

TEST(Blocks, LatePolledPriceLeadsToADecisionWhenItArrives) {
    Market market = one_borrower();
    market.assets[kEther].polled = true;
    Stage stage{market};
    Usd ether_price = usd(2'000);
    stage.chain.other = [&](const Call&) {
        const auto word = ether_price.raw().to_be();
        return Bytes(word.begin(), word.end());
    };
    stage.boot();
    stage.hold = true;
    ether_price = usd(1'850);
    stage.block();
    EXPECT_TRUE(stage.sends().empty());
    stage.answer_all();
    EXPECT_EQ(stage.sends().size(), 1U);
}

/// Blocks that can be undone are bounded by number, and by the memory that takes.
std::size_t undoable(std::uint32_t depth, std::size_t bytes) {
    Market market = one_borrower();
    EngineParams params = default_params(market);
    params.undo_depth = depth;
    params.undo_bytes = bytes;
    ScriptedChain chain;
    add_deep_pools(chain, market);
    Stage stage{market, chain, params};
    stage.boot();
    for (int i = 0; i < 40; ++i)
        stage.block();
    const bool deep = depth >= 40;
    EXPECT_EQ(stage.engine().counts().undo_dropped != 0, deep);
    EXPECT_LE(stage.engine().counts().undo_bytes, bytes);
    std::size_t undone = 0;
    for (; stage.engine().counts().resyncs == 0; ++undone)
        stage.undo_block();
    return undone - 1;
}

TEST(Undo, IsBoundedInBlocksAndInBytes) {
    EXPECT_EQ(undoable(7, 1U << 20U), 7U);
    // A block of the scripted market is said to take 1,000 bytes, its head about a hundred and fifty.
    const std::size_t by_bytes = undoable(1'000, 12'000);
    EXPECT_GE(by_bytes, 9U);
    EXPECT_LE(by_bytes, 11U);
}

TEST(Speculation, UnsealedPriceIsDecidedOnAndMarked) {
    Market market = one_borrower();
    EngineParams params = default_params(market);
    params.speculate = true;
    ScriptedChain chain;
    add_deep_pools(chain, market);
    Stage stage{market, chain, params};
    stage.boot();
    const Head open = stage.begin_block();
    stage.log(stage.venue().market().price_log(kEther, usd(1'850)));
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_TRUE(sends.front().speculative);
    EXPECT_EQ(sends.front().block_hash, open.hash);
    EXPECT_EQ(stage.venue().prices()[kEther], usd(2'000));  // the book is untouched
    stage.seal();
    stage.tick();
    EXPECT_TRUE(stage.sends().empty());  // one intent an account
}

/// How many reads an unsealed price leads to that makes somebody with so much ether sink.
std::size_t reads_of_a_what_if(std::uint64_t held, std::uint64_t pool_ether) {
    Market market = three_assets();
    const AccountId id = market.add_holder(address_of(0xA001));
    market.holders[id].collateral[kEther] = ether(held);
    market.holders[id].debt[kDollar] = dollars(held * 1'500);
    EngineParams params = default_params(market);
    params.speculate = true;
    ScriptedChain chain;
    chain.add_pool(market.assets[kEther].token, market.assets[kDollar].token, 500, ether(pool_ether).raw(),
                   dollars(pool_ether * 2'000).raw());
    Stage stage{market, chain, params};
    stage.boot();
    stage.begin_block();
    stage.hold = true;
    stage.log(stage.venue().market().price_log(kEther, usd(1'850)));
    EXPECT_EQ(stage.sends().size(), pool_ether > held ? 1U : 0U);
    return stage.reads.size();
}

TEST(Speculation, PoolsAreReadAtOnceOnlyWhereSomethingCannotBeSold) {
    EXPECT_EQ(reads_of_a_what_if(10, 100'000), 0U);
    EXPECT_GT(reads_of_a_what_if(10'000, 100), 0U);
}

TEST(Speculation, IsOffByDefault) {
    Stage stage{one_borrower()};
    stage.boot();
    stage.begin_block();
    stage.log(stage.venue().market().price_log(kEther, usd(1'850)));
    EXPECT_TRUE(stage.take().empty());
    stage.seal();
    EXPECT_FALSE(stage.sends().front().speculative);
}

}  // namespace
}  // namespace plimsoll::strategy::scripted
