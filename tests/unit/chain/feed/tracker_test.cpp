// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/tracker.hpp"

#include "tests/unit/chain/feed/scripted_chain.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace plimsoll::feed {
namespace {

class TrackerTest : public testing::Test {
  protected:
    TrackerTest() {
        tracker.watch(WatchFilter{Watch{{kWatched}, {}}});
        tracker.on_connected();
        node.add(chain);
    }
    ~TrackerTest() override { EXPECT_EQ(listener.broken(), ""); }

    void head(const ScriptedBlock& block) { tracker.on_head(block.header, ReceiveTime{1}); }
    void log(const ScriptedBlock& block, std::size_t i) {
        tracker.on_log(Log{block.logs.at(i)}, ReceiveTime{1});
    }
    void follow(const std::vector<ScriptedBlock>& blocks) {
        for (const ScriptedBlock& block : blocks) {
            head(block);
            settle(tracker, node, listener);
        }
    }
    std::vector<std::string> upto(std::uint64_t number) const {
        return shown({chain.begin(), chain.begin() + static_cast<std::ptrdiff_t>(number)});
    }

    std::vector<ScriptedBlock> chain = make_chain('a', 1, 20, Hash32{});
    Tracker tracker{TrackerParams{8, 32}};
    ScriptedNode node;
    Listener listener;
};

TEST_F(TrackerTest, SealsEachBlockWithItsLogs) {
    follow(chain);
    EXPECT_EQ(listener.sealed(), shown(chain));
    EXPECT_EQ(tracker.counters().sealed_by_bloom, 5U) << "blocks 4, 8, 12, 16 and 20 have no logs";
    EXPECT_TRUE(tracker.caught_up());
}

TEST_F(TrackerTest, TellsEarlyLogsAtOnceAndSealsOnlyWithTheCompleteAnswer) {
    head(chain[0]);
    const auto fetches = tracker.take_fetches();
    ASSERT_EQ(fetches.size(), 1U);
    drain(tracker, listener);
    EXPECT_EQ(listener.events(), 1U);
    log(chain[0], 0);
    drain(tracker, listener);
    EXPECT_EQ(listener.events(), 2U);
    EXPECT_TRUE(listener.sealed().empty());
    node.answer(tracker, fetches[0]);
    drain(tracker, listener);
    EXPECT_EQ(listener.sealed(), upto(1));
    log(chain[0], 0);
    EXPECT_EQ(tracker.counters().duplicate_logs, 1U);
    EXPECT_EQ(tracker.counters().early_logs, 1U);
}

TEST_F(TrackerTest, TakesLogsThatComeBeforeTheirHead) {
    log(chain[1], 0);
    log(chain[1], 1);
    head(chain[0]);
    head(chain[1]);
    settle(tracker, node, listener);
    EXPECT_EQ(listener.sealed(), upto(2));
    EXPECT_EQ(tracker.counters().logs, 3U);
}

TEST_F(TrackerTest, TakesABlockBackWhenAnEarlyLogCameOutOfOrder) {
    head(chain[2]);  // logs 1, 3, 5
    const auto fetches = tracker.take_fetches();
    log(chain[2], 1);
    drain(tracker, listener);
    node.answer(tracker, fetches.at(0));
    drain(tracker, listener);
    EXPECT_EQ(listener.sealed(), shown({chain[2]}));
    EXPECT_EQ(tracker.counters().restarted_blocks, 1U);
}

TEST_F(TrackerTest, AsksAgainWhenTheAnswerContradictsWhatWasTold) {
    head(chain[0]);
    auto fetches = tracker.take_fetches();
    log(chain[0], 0);
    drain(tracker, listener);
    tracker.on_logs(std::get<FetchLogs>(fetches.at(0)).ticket, {}, ReceiveTime{2});
    drain(tracker, listener);
    EXPECT_TRUE(listener.sealed().empty());
    fetches = tracker.take_fetches();
    ASSERT_EQ(fetches.size(), 1U);
    EXPECT_EQ(std::get<FetchLogs>(fetches[0]).attempt, 1U);
    node.answer(tracker, fetches[0]);
    drain(tracker, listener);
    EXPECT_EQ(listener.sealed(), upto(1));
    EXPECT_EQ(tracker.counters().retries, 1U);
}

TEST_F(TrackerTest, FillsSkippedHeads) {
    follow({chain[0], chain[4]});
    EXPECT_EQ(listener.sealed(), upto(5));
    EXPECT_EQ(tracker.counters().gap_blocks, 3U);
    EXPECT_EQ(tracker.counters().gaps, 1U);
}

TEST_F(TrackerTest, GoesOnWithHeadsThatComeWhileAGapIsFilled) {
    follow({chain[0]});
    head(chain[4]);
    head(chain[5]);
    head(chain[6]);
    EXPECT_TRUE(tracker.behind());
    settle(tracker, node, listener);
    EXPECT_EQ(listener.sealed(), upto(7));
}

TEST_F(TrackerTest, UndoesToTheCommonAncestor) {
    follow({chain.begin(), chain.begin() + 10});
    const auto fork = make_chain('b', 8, 11, chain[6].header.head.hash);
    node.add(fork);
    follow({fork.back()});
    auto expected = upto(7);
    for (const std::string& block : shown(fork))
        expected.push_back(block);
    EXPECT_EQ(listener.sealed(), expected);
    EXPECT_EQ(tracker.counters().undone, 3U);
}

TEST_F(TrackerTest, FollowsAReorgToAShorterChainAndBack) {
    follow({chain.begin(), chain.begin() + 10});
    const auto fork =
        make_chain('b', 9, 9, chain[7].header.head.hash);  // a number seen before, as evm_revert gives
    node.add(fork);
    follow(fork);
    auto expected = upto(8);
    expected.push_back(shown(fork)[0]);
    EXPECT_EQ(listener.sealed(), expected);
    follow({chain[9]});
    EXPECT_EQ(listener.sealed(), upto(10));
}

TEST_F(TrackerTest, UndoesAnOpenBlock) {
    follow({chain.begin(), chain.begin() + 4});
    head(chain[4]);
    log(chain[4], 0);
    drain(tracker, listener);
    const auto fork = make_chain('b', 5, 6, chain[3].header.head.hash);
    node.add(fork);
    follow(fork);
    auto expected = upto(4);
    for (const std::string& block : shown(fork))
        expected.push_back(block);
    EXPECT_EQ(listener.sealed(), expected);
    EXPECT_EQ(tracker.counters().undone, 1U);
}

TEST_F(TrackerTest, BeginsAnewWhenAReorgIsTooDeep) {
    follow(chain);
    const auto fork = make_chain('b', 5, 21, chain[3].header.head.hash);
    node.add(fork);
    head(fork.back());
    listener.expect_new_base();
    settle(tracker, node, listener);
    EXPECT_EQ(tracker.counters().resyncs, 1U);
    EXPECT_EQ(tracker.counters().undone, 9U) << "all that can be undone";
    ASSERT_FALSE(listener.sealed().empty());
    EXPECT_EQ(listener.sealed().back(), shown(fork).back());
}

TEST_F(TrackerTest, BeginsAnewWhenAGapIsTooLong) {
    const auto far = make_chain('a', 1, 100, Hash32{});
    node.add(far);
    follow({far[0]});
    listener.expect_new_base();
    follow({far[80]});
    EXPECT_EQ(tracker.counters().resyncs, 1U);
    EXPECT_EQ(listener.sealed().back(), shown({far[80]})[0]);
    follow({far[81]});
    EXPECT_EQ(listener.sealed().back(), shown({far[81]})[0]);
}

TEST_F(TrackerTest, IgnoresWhatItKnows) {
    follow({chain.begin(), chain.begin() + 6});
    follow({chain[3], chain[5], chain[0]});
    EXPECT_EQ(tracker.counters().duplicate_heads, 3U);
    EXPECT_EQ(listener.sealed(), upto(6));
}

TEST_F(TrackerTest, CountsRemovedForeignAndLateLogs) {
    follow({chain.begin(), chain.begin() + 3});
    Log removed = chain[2].logs[0];
    removed.removed = true;
    tracker.on_log(std::move(removed), {});
    Log foreign = chain[2].logs[0];
    foreign.address = kOther;
    tracker.on_log(std::move(foreign), {});
    Log late = chain[2].logs[0];
    late.index = 99;
    tracker.on_log(std::move(late), {});
    drain(tracker, listener);
    EXPECT_EQ(tracker.counters().removed_logs, 1U);
    EXPECT_EQ(tracker.counters().foreign_logs, 1U);
    EXPECT_EQ(tracker.counters().late_logs, 1U);
    EXPECT_EQ(listener.sealed(), upto(3));
}

TEST_F(TrackerTest, DistrustsABloomThatLied) {
    std::vector<ScriptedBlock> lying = make_chain('c', 1, 6, Hash32{});
    for (ScriptedBlock& block : lying)
        block.header.bloom = {};
    node.add(lying);
    follow(lying);
    EXPECT_EQ(tracker.counters().sealed_by_bloom, 6U);
    log(lying[4], 0);
    settle(tracker, node, listener);
    EXPECT_EQ(tracker.counters().bloom_lies, 1U);
    const auto truth = shown(lying);
    EXPECT_EQ(listener.sealed()[4], truth[4]) << "taken back, and sealed with its logs";
    EXPECT_EQ(listener.sealed()[5], truth[5]);
    const auto next = make_chain('c', 7, 7, lying.back().header.head.hash);
    node.add(next);
    follow(next);
    EXPECT_EQ(listener.sealed().back(), shown(next)[0]);
}

TEST_F(TrackerTest, SealsForTheWatchOfTheMoment) {
    ScriptedBlock block = make_block('a', 1, Hash32{}, {1, 3});
    Log extra = block.logs[0];
    extra.address = kOther;
    extra.index = 2;
    block.logs.push_back(extra);
    std::swap(block.logs[1], block.logs[2]);
    block.header.has_bloom = false;
    node.add({block});
    head(block);
    const auto narrow = tracker.take_fetches();
    log(block, 0);
    drain(tracker, listener);
    tracker.watch(WatchFilter{Watch{{kWatched, kOther}, {}}});
    for (const Fetch& fetch : narrow)
        node.answer(tracker, fetch);  // of the watch before: not enough
    drain(tracker, listener);
    EXPECT_TRUE(listener.sealed().empty());
    settle(tracker, node, listener);
    EXPECT_EQ(listener.sealed(), std::vector<std::string>{"a1:1,2,3,"});
}

TEST_F(TrackerTest, WatchesNothingWithoutAWatch) {
    tracker.watch(WatchFilter{});
    head(chain[2]);
    EXPECT_TRUE(tracker.take_fetches().empty());
    drain(tracker, listener);
    EXPECT_EQ(listener.sealed(), std::vector<std::string>{"a3:"});
}

TEST_F(TrackerTest, FillsTheGapAfterAReconnect) {
    follow({chain.begin(), chain.begin() + 3});
    head(chain[3]);  // no logs: sealed by bloom
    head(chain[4]);
    drain(tracker, listener);
    tracker.on_disconnected();
    EXPECT_TRUE(tracker.take_fetches().empty());
    tracker.on_connected();
    head(chain[11]);
    settle(tracker, node, listener);
    EXPECT_EQ(listener.sealed(), upto(12));
}

TEST_F(TrackerTest, IgnoresAnswersOfTheConnectionBefore) {
    head(chain[0]);
    const auto before = tracker.take_fetches();
    tracker.on_disconnected();
    for (const Fetch& fetch : before)
        node.answer(tracker, fetch);
    drain(tracker, listener);
    EXPECT_TRUE(listener.sealed().empty());
    tracker.on_connected();
    settle(tracker, node, listener);
    EXPECT_EQ(listener.sealed(), upto(1));
}

TEST_F(TrackerTest, SaysWhenReadsAreHopeless) {
    const ScriptedNode knows_nothing;
    head(chain[0]);
    drain(tracker, listener);
    for (int i = 0; i < 6; ++i) {
        for (const Fetch& fetch : tracker.take_fetches())
            knows_nothing.answer(tracker, fetch);
    }
    EXPECT_TRUE(tracker.take_hopeless());
    EXPECT_FALSE(tracker.take_hopeless());
}

TEST_F(TrackerTest, DropsABranchWhoseParentNobodyHas) {
    follow({chain.begin(), chain.begin() + 5});
    const auto lost = make_chain('x', 9, 9, block_hash('x', 8));
    head(lost[0]);
    settle(tracker, node, listener);
    EXPECT_TRUE(tracker.take_hopeless());
    follow({chain[5]});
    EXPECT_EQ(listener.sealed(), upto(6));
}

TEST_F(TrackerTest, BoundsWhatItHolds) {
    for (int i = 0; i < 10'000; ++i) {
        Log stray = chain[9].logs[0];
        stray.index = static_cast<std::uint32_t>(i);
        tracker.on_log(std::move(stray), {});
    }
    EXPECT_GT(tracker.counters().overflows, 5'000U);
    follow({chain.begin(), chain.begin() + 10});
    EXPECT_EQ(listener.sealed(), upto(10)) << "the complete answer decides";
}

}  // namespace
}  // namespace plimsoll::feed
