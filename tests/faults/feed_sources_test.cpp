// SPDX-License-Identifier: Apache-2.0
// The feed over several sources: what it costs, how fast it switches, where it may begin.
#include "chain/async/deadline.hpp"
#include "chain/primitives/hex.hpp"
#include "tests/faults/feed_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <numeric>

namespace plimsoll::faults {
namespace {

using async::Task;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

std::uint64_t requests(const FeedWorld& world) {
    std::uint64_t out = 0;
    for (const feed::SourceView& source : world.feed->sources())
        out += source.requests;
    return out;
}

/// Silence is no reason to replace a connection: for what takes longer than `quick_feed` allows it.
FeedWorld::Setup patient() {
    FeedWorld::Setup out = setup_of(2);
    out.feed.replace_after = milliseconds{0};
    return out;
}

TEST(FeedSources, InSteadyStateABlockCostsOneRequestAndAnEmptyOneNone) {
    FeedWorld::Setup setup = patient();
    setup.feed.finality_every = 16;
    in_world(setup, [](FeedWorld& world) -> Task<void> {
        co_await expect_all_settled(world);
        const std::uint64_t before = requests(world);
        for (int i = 0; i < 32; ++i) {
            if (i % 2 == 0) world.mine();
            if (i % 2 == 1) world.mine({});
            co_await expect_settled(world);
        }
        const std::uint64_t cost = requests(world) - before;
        EXPECT_EQ(world.feed->counters().sealed, 33U);
        EXPECT_GE(world.feed->counters().sealed_by_bloom, 16U);
        // 16 blocks with logs, and each node is asked twice at most what is final.
        EXPECT_LE(cost, 16U + 2 * 2);
        EXPECT_GE(cost, 16U);
    });
}

TEST(FeedSources, TheOtherSourceCarriesOnWhenOneDies) {
    constexpr milliseconds kBlockTime{250};
    std::vector<double> times;
    in_world(patient(), [&times, kBlockTime](FeedWorld& world) -> Task<void> {
        co_await expect_all_settled(world);
        for (int round = 0; round < 10; ++round) {
            const std::size_t victim = static_cast<std::size_t>(round % 2);
            for (int i = 0; i < 2; ++i) {
                // The one that dies is the one that had been first.
                const Hash32 newest = world.chain.mine({Note{1, 8}}).head().hash;
                world.nodes[victim].advance(newest);
                co_await async::sleep_for(milliseconds{5});
                world.nodes[1 - victim].advance(newest);
                const bool settled = co_await world.settled();
                EXPECT_TRUE(settled) << world.trouble();
            }
            world.nodes[victim].node().refuse(true);
            world.nodes[victim].node().cut();
            const Clock::time_point died = Clock::now();
            co_await async::sleep_for(kBlockTime / 2);
            world.nodes[1 - victim].advance(world.chain.mine({Note{2, 8}}).head().hash);
            const bool followed = co_await world.settled();
            EXPECT_TRUE(followed) << world.trouble();
            times.push_back(std::chrono::duration<double>(Clock::now() - died).count());
            world.nodes[victim].node().refuse(false);
            world.nodes[victim].go_to(world.chain.tip().head().hash);
            const auto is_back = [&world] { return world.feed->agreement().near_tip == 2; };
            const bool back = co_await world.until(is_back);
            EXPECT_TRUE(back) << world.trouble();
        }
        EXPECT_EQ(world.book.new_starts(), 0U);
        EXPECT_EQ(world.feed->counters().resyncs, 0U);
        EXPECT_FALSE(world.book.was(NotReady::catching_up)) << "nothing was missed";
    });
    const double block_time = std::chrono::duration<double>(kBlockTime).count();
    const double worst = *std::max_element(times.begin(), times.end()) / block_time;
    const double mean = std::accumulate(times.begin(), times.end(), 0.0) / (block_time * 10);
    std::cout << "from the death of the active feed to the next sealed block by the other, in block times of "
              << kBlockTime.count() << " ms: " << mean << " on average, " << worst
              << " at worst (half of one until the block is there)\n";
    EXPECT_LT(worst, 2.0);
}

TEST(FeedSources, WhoLagsStandsElsewhereOrIsGoneIsNotBelieved) {
    in_world(setup_of(3), [](FeedWorld& world) -> Task<void> {
        co_await expect_all_settled(world);
        world.mine();
        co_await expect_all_settled(world);
        for (int i = 0; i < 8; ++i) {
            const Hash32 newest = world.chain.mine({Note{1, 8}}).head().hash;
            world.nodes[0].advance(newest);
            world.nodes[1].advance(newest);
            const bool followed = co_await world.settled();
            EXPECT_TRUE(followed) << world.trouble();
        }
        EXPECT_FALSE(world.feed->believes(2)) << "eight blocks behind";
        world.nodes[2].advance(world.chain.tip().head().hash);
        const auto caught_up = [&world] { return world.feed->believes(2); };
        const bool back = co_await world.until(caught_up);
        EXPECT_TRUE(back) << world.trouble();
        world.nodes[2].tell_head(
            world.chain.build(world.chain.tip().head().parent_hash, {Note{9, 9}}).header);
        const auto elsewhere = [&world] { return !world.feed->believes(2); };
        const bool left = co_await world.until(elsewhere);
        EXPECT_TRUE(left) << "on a block of its own";
        EXPECT_EQ(world.healths[2].state(), rpc::EndpointState::alive) << "and nothing else against it";
        EXPECT_TRUE(world.feed->believes(0));
        world.nodes[0].node().refuse(true);
        world.nodes[0].node().cut();
        const auto gone = [&world] { return !world.feed->believes(0); };
        const bool cut = co_await world.until(gone);
        EXPECT_TRUE(cut);
        EXPECT_TRUE(world.feed->believes(1));
    });
}

TEST(FeedSources, OverHttpHeadsArePolled) {
    FeedWorld::Setup setup = setup_of(2);
    setup.over_http = true;
    in_world(setup, [](FeedWorld& world) -> Task<void> {
        co_await expect_settled(world);
        for (int i = 0; i < 5; ++i) {
            world.mine();
            world.mine();
            co_await expect_settled(world);
        }
        world.all_advance(world.reorg(2, 3).head().hash);
        co_await expect_settled(world);
        EXPECT_EQ(world.nodes[0].count("eth_subscribe"), 0U);
        EXPECT_EQ(world.book.new_starts(), 0U);
    });
}

TEST(FeedSources, BeginsAtASnapshotsBlockAndFillsFromThere) {
    in_world(patient(), [](FeedWorld& world) -> Task<void> {
        const Hash32 snapshot = world.chain.mine({Note{7, 7}}).head().hash;
        for (std::uint64_t i = 0; i < 300; ++i)
            world.chain.mine(i % 3 == 0 ? std::vector<Note>{} : std::vector<Note>{Note{i % 5, i}});
        for (FeedNode& node : world.nodes)
            node.go_to(world.chain.tip().head().hash);
        world.book.load(snapshot);
        world.feed->begin_at(world.chain.find(snapshot)->head());
        const Clock::time_point begun = Clock::now();
        co_await expect_settled(world);
        std::cout << "300 blocks filled in "
                  << std::chrono::duration_cast<milliseconds>(Clock::now() - begun).count() << " ms\n";
        EXPECT_EQ(world.book.sealed(), 300U);
        EXPECT_EQ(world.book.new_starts(), 0U);
        EXPECT_EQ(world.feed->counters().resyncs, 0U);
        // While it runs: back to the snapshot, and the same again.
        world.book.load(snapshot);
        world.feed->begin_at(world.chain.find(snapshot)->head());
        co_await expect_settled(world);
        EXPECT_EQ(world.book.sealed(), 600U);
    });
}

TEST(FeedSources, TellsPendingTransactionsOnceThatGoToItsTargets) {
    FeedWorld::Setup setup = setup_of(2);
    setup.pending = true;
    in_world(setup, [](FeedWorld& world) -> Task<void> {
        world.feed->watch_pending({kWatchedContract});
        co_await expect_all_settled(world);
        const auto transaction = [](char digit, const Address& to) {
            return R"({"hash":"0x)" + std::string(64, digit) + R"(","from":"0x)" + std::string(40, '1') +
                   R"(","to":")" + to_hex(to.bytes) +
                   R"(","value":"0x0","input":"0xb1dc65a4","nonce":"0x1","blockHash":null,"blockNumber":null})";
        };
        for (FeedNode& node : world.nodes) {
            node.tell_pending(transaction('a', kWatchedContract));
            node.tell_pending(transaction('b', Address{{0x77}}));
            node.tell_pending('"' + ("0x" + std::string(64, 'c')) + '"');
            node.tell_pending(transaction('d', kWatchedContract));
        }
        const auto is_told = [&world] { return world.book.pending().size() == 2; };
        const bool told = co_await world.until(is_told);
        EXPECT_TRUE(told) << world.book.pending().size();
        co_await async::sleep_for(milliseconds{20});
        EXPECT_EQ(world.book.pending().size(), 2U);
        if (testing::Test::HasFailure()) co_return;
        const auto& first = std::get<PendingTransaction>(world.book.pending()[0].body);
        EXPECT_EQ(first.to, kWatchedContract);
        EXPECT_EQ(first.input.size(), 4U);
    });
}

TEST(FeedSources, ALyingSourceIsNamedAndNoLongerCounts) {
    in_world(setup_of(3), [](FeedWorld& world) -> Task<void> {
        co_await expect_all_settled(world);
        world.mine();
        co_await expect_all_settled(world);
        rpc::Header lie = world.chain.build(world.chain.tip().head().hash, {}).header;
        lie.head.number = lie.head.number.next(3);
        world.nodes[2].tell_head(lie);
        const auto is_named = [&world] { return world.healths[2].state() == rpc::EndpointState::lying; };
        const bool named = co_await world.until(is_named);
        EXPECT_TRUE(named) << world.trouble();
        EXPECT_NE(world.feed->sources()[2].why.find("on a parent"), std::string::npos);
        EXPECT_EQ(world.feed->counters().lies, 1U);
        EXPECT_EQ(world.feed->agreement().alive, 2U);
        EXPECT_TRUE(world.feed->believes(0) && world.feed->believes(1));
        EXPECT_FALSE(world.feed->believes(2));
        world.mine();
        co_await expect_settled(world);
    });
}

}  // namespace
}  // namespace plimsoll::faults
