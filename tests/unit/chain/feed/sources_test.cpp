// SPDX-License-Identifier: Apache-2.0
// Several sources: who is followed, who is asked, who is believed.
#include "chain/feed/tracker.hpp"
#include "tests/unit/chain/feed/scripted_chain.hpp"

#include <gtest/gtest.h>

#include <map>

namespace plimsoll::feed {
namespace {

class SourcesTest : public testing::Test {
  protected:
    explicit SourcesTest(std::size_t count = 3) : tracker{TrackerParams{8, 32, count, {}}}, nodes(count) {
        tracker.watch(WatchFilter{Watch{{kWatched}, {}}});
        for (std::size_t i = 0; i < count; ++i) {
            tracker.on_connected(static_cast<SourceId>(i));
            nodes[i].add(chain);
        }
    }
    ~SourcesTest() override { EXPECT_EQ(listener.broken(), ""); }

    void know(const std::vector<ScriptedBlock>& blocks) {
        for (ScriptedNode& node : nodes)
            node.add(blocks);
    }
    void head(SourceId source, const ScriptedBlock& block) {
        tracker.on_head(block.header, ReceiveTime{1}, source);
        settle();
    }
    void all(const ScriptedBlock& block) {
        for (std::size_t i = 0; i < nodes.size(); ++i)
            head(static_cast<SourceId>(i), block);
    }
    void begin(std::size_t last) {
        for (std::size_t i = 0; i <= last; ++i)
            all(chain[i]);
    }
    void settle() {
        for (int rounds = 0; rounds < 1'000; ++rounds) {
            drain(tracker, listener);
            const auto fetches = tracker.take_fetches();
            if (fetches.empty()) return;
            for (const Fetch& fetch : fetches) {
                ++asked[source_of(fetch)];
                nodes[source_of(fetch)].answer(tracker, fetch);
            }
        }
    }
    Agreement judged() const { return agreement(tracker.tip()->number, tracker.stands()); }
    Hash32 tip() const { return tracker.tip()->hash; }
    static Hash32 hash(const ScriptedBlock& block) { return block.header.head.hash; }

    std::vector<ScriptedBlock> chain = make_chain('a', 1, 20, Hash32{});
    Tracker tracker;
    std::vector<ScriptedNode> nodes;
    Listener listener;
    std::map<SourceId, int> asked;
};

class TwoSourcesTest : public SourcesTest {
  protected:
    TwoSourcesTest() : SourcesTest{2} {}
};

TEST_F(SourcesTest, FollowsWhoeverTellsFirst) {
    for (std::size_t i = 0; i < 9; ++i)
        head(static_cast<SourceId>(i % 3), chain[i]);
    EXPECT_EQ(tip(), hash(chain[8]));
    EXPECT_EQ(tracker.counters().heads, 9U);
    EXPECT_EQ(tracker.counters().gaps, 0U);
    head(0, chain[8]);
    EXPECT_EQ(tracker.counters().confirmed_heads, 1U);
    EXPECT_EQ(judged().why, Agreement::Why::agreed);
}

TEST_F(SourcesTest, FillsAGapWithReadsSideBySide) {
    head(0, chain[0]);
    tracker.on_head(chain[6].header, ReceiveTime{1}, 1);
    const auto fetches = tracker.take_fetches();
    ASSERT_EQ(fetches.size(), 5U) << "the parent by hash, the rest by number";
    EXPECT_EQ(std::get<FetchHeader>(fetches[0]).hash, hash(chain[5]));
    for (const Fetch& fetch : fetches) {
        EXPECT_EQ(std::get<FetchHeader>(fetch).source, 1U);
        nodes[1].answer(tracker, fetch);
    }
    settle();
    EXPECT_EQ(tip(), hash(chain[6]));
    EXPECT_EQ(tracker.counters().gap_blocks, 5U);
}

TEST_F(SourcesTest, GuessesOfAnotherChainAreNotBelieved) {
    head(0, chain[0]);
    const auto other = make_chain('b', 2, 9, hash(chain[0]));
    nodes[1].add(other);  // by number, it answers from its newest chain
    head(1, chain[6]);
    EXPECT_EQ(tip(), hash(chain[6]));
    EXPECT_EQ(tracker.counters().undone, 0U);
}

TEST_F(SourcesTest, MovesWithTheMajority) {
    begin(4);
    const auto fork = make_chain('b', 5, 6, hash(chain[3]));
    know(fork);
    head(0, fork[1]);
    EXPECT_EQ(tip(), hash(chain[4])) << "two of three stand on ours";
    EXPECT_FALSE(judged().may_send());
    head(1, fork[0]);
    EXPECT_EQ(tip(), hash(fork[1]));
    EXPECT_EQ(tracker.counters().reorgs, 1U);
    EXPECT_EQ(tracker.counters().undone, 1U);
    head(2, chain[5]);
    EXPECT_EQ(tip(), hash(fork[1])) << "as long, with one voice";
    EXPECT_EQ(judged().why, Agreement::Why::another_hash);
    head(2, fork[1]);
    EXPECT_EQ(judged().why, Agreement::Why::agreed);
}

TEST_F(TwoSourcesTest, OfTwoTheLongerChainIsFollowed) {
    begin(4);
    const auto fork = make_chain('b', 5, 6, hash(chain[3]));
    know(fork);
    head(0, fork[0]);
    EXPECT_EQ(tip(), hash(chain[4]));
    EXPECT_EQ(judged().why, Agreement::Why::another_hash);
    head(0, fork[1]);
    EXPECT_EQ(tip(), hash(fork[1]));
    EXPECT_EQ(judged().why, Agreement::Why::outvoted) << "the other still stands on what was undone";
    head(1, fork[1]);
    EXPECT_EQ(judged().why, Agreement::Why::agreed);
}

TEST_F(TwoSourcesTest, AQuietSourceDoesNotVote) {
    begin(4);
    tracker.set_standing(1, Standing::quiet);
    const auto fork = make_chain('b', 5, 5, hash(chain[3]));
    know(fork);
    head(0, fork[0]);
    EXPECT_EQ(tip(), hash(fork[0]));
    EXPECT_EQ(judged().why, Agreement::Why::alone);
}

TEST_F(TwoSourcesTest, ADistrustedSourceDoesNotLeadUnlessItIsTheLast) {
    begin(4);
    tracker.set_standing(0, Standing::distrusted);
    head(0, chain[5]);
    EXPECT_EQ(tip(), hash(chain[4]));
    tracker.on_disconnected(1);
    settle();
    EXPECT_EQ(tip(), hash(chain[5])) << "better than none";
}

TEST_F(TwoSourcesTest, ASourceThatGoesBackIsNoReorg) {
    begin(9);
    head(1, chain[5]);
    head(1, chain[4]);
    EXPECT_EQ(tip(), hash(chain[9]));
    EXPECT_EQ(tracker.counters().went_back, 2U);
    EXPECT_EQ(tracker.counters().undone, 0U);
    EXPECT_EQ(judged().near_tip, 1U);
}

TEST_F(TwoSourcesTest, AsksTheOtherWhenOneDoesNotKnow) {
    begin(0);
    nodes[0] = ScriptedNode{};
    asked.clear();
    head(0, chain[2]);
    EXPECT_EQ(tip(), hash(chain[2]));
    EXPECT_GE(asked[1], 2) << "the missing header, and its logs";
    EXPECT_FALSE(tracker.take_hopeless());
}

TEST_F(TwoSourcesTest, TurnsToTheOtherWhenOneIsGone) {
    begin(0);
    tracker.on_head(chain[2].header, ReceiveTime{1}, 0);
    const auto lost = tracker.take_fetches();
    ASSERT_FALSE(lost.empty());
    tracker.on_disconnected(0);
    EXPECT_TRUE(tracker.take_fetches().empty());
    head(1, chain[3]);
    EXPECT_EQ(tip(), hash(chain[3]));
    EXPECT_EQ(judged().why, Agreement::Why::alone);
}

TEST_F(TwoSourcesTest, FindsALieOfNumberAndOfParent) {
    begin(4);
    head(0, make_block('x', 9, hash(chain[4]), {1}));
    auto lies = tracker.take_lies();
    ASSERT_EQ(lies.size(), 1U);
    EXPECT_EQ(lies[0].source, 0U);
    EXPECT_NE(lies[0].what.find("number 9 on a parent 5"), std::string::npos) << lies[0].what;
    head(1, make_block('y', 9, block_hash('y', 8), {}));
    lies = tracker.take_lies();
    ASSERT_EQ(lies.size(), 1U);
    EXPECT_EQ(lies[0].source, 1U);
    EXPECT_NE(lies[0].what.find("nobody has the parent"), std::string::npos) << lies[0].what;
    EXPECT_EQ(judged().why, Agreement::Why::another_hash);
    all(chain[5]);
    EXPECT_EQ(tip(), hash(chain[5]));
    EXPECT_TRUE(tracker.take_lies().empty());
    EXPECT_EQ(judged().why, Agreement::Why::agreed);
}

TEST_F(TwoSourcesTest, TwoTellingsOfOneHashAreADisagreement) {
    begin(4);
    ScriptedBlock other = chain[5];
    other.header.head.timestamp = Timestamp{77};
    head(0, chain[5]);
    head(1, other);
    EXPECT_EQ(tracker.counters().contradictions, 1U);
    EXPECT_EQ(judged().why, Agreement::Why::another_hash);
    head(1, chain[6]);
    EXPECT_EQ(judged().why, Agreement::Why::agreed);
}

TEST_F(TwoSourcesTest, ATakenBackLogIsADoubtUntilTheSourceIsAsked) {
    begin(4);
    Log removed = chain[4].logs[0];
    removed.removed = true;
    const auto fork = make_chain('b', 5, 5, hash(chain[3]));
    for (const SourceId source : {SourceId{0}, SourceId{1}}) {
        tracker.on_log(Log{removed}, ReceiveTime{2}, source);
        EXPECT_EQ(judged().why, Agreement::Why::another_hash);
        nodes[source].add(fork);
        settle();
    }
    EXPECT_EQ(tip(), hash(fork[0])) << "though no head of it was told";
    EXPECT_EQ(tracker.counters().removed_logs, 2U);
    EXPECT_EQ(judged().why, Agreement::Why::agreed);
}

TEST_F(TwoSourcesTest, ALogTakenBackFromASourcesOwnBranchIsADoubtToo) {
    begin(4);
    const auto fork = make_chain('b', 5, 5, hash(chain[3]));
    know(fork);
    head(0, fork[0]);
    EXPECT_EQ(judged().why, Agreement::Why::another_hash);
    Log removed = fork[0].logs[0];
    removed.removed = true;
    nodes[0].canonical(hash(chain[4]));
    tracker.on_log(std::move(removed), ReceiveTime{2}, 0);
    settle();
    EXPECT_EQ(judged().why, Agreement::Why::agreed) << "it was asked, and is back";
}

TEST_F(SourcesTest, OneFarAheadDoesNotMakeTheOthersBeginAnew) {
    begin(4);
    head(0, make_block('x', 1'000'000, block_hash('x', 999), {}));
    EXPECT_EQ(tip(), hash(chain[4]));
    EXPECT_EQ(tracker.counters().resyncs, 0U);
    EXPECT_FALSE(tracker.behind());
    all(chain[5]);
    EXPECT_EQ(tip(), hash(chain[5]));
}

TEST_F(SourcesTest, WhoBeganFarAheadAloneIsLeftByTheMajority) {
    head(0, make_block('x', 1'000'000, block_hash('x', 999), {}));
    listener.expect_new_base();
    head(1, chain[4]);
    head(2, chain[4]);
    EXPECT_EQ(tip(), hash(chain[4]));
    EXPECT_EQ(tracker.counters().resyncs, 1U);
}

TEST_F(TwoSourcesTest, BeginsWhereItIsToldAndFillsTheGapFromThere) {
    tracker.begin_at(chain[3].header.head);
    all(chain[9]);
    EXPECT_EQ(tip(), hash(chain[9]));
    EXPECT_EQ(listener.sealed(), shown({chain.begin() + 4, chain.begin() + 10}));
    tracker.begin_at(chain[6].header.head);
    listener.expect_new_base();
    settle();
    EXPECT_EQ(tip(), hash(chain[9]));
    EXPECT_EQ(tracker.counters().undone, 0U) << "forgotten, not undone";
}

TEST_F(TwoSourcesTest, ABaseThatIsNotOfThisChainIsAResync) {
    tracker.begin_at(make_block('x', 4, block_hash('x', 3), {}).header.head);
    listener.expect_new_base();
    all(chain[9]);
    EXPECT_EQ(tracker.counters().resyncs, 1U);
    EXPECT_EQ(tracker.counters().undone, 0U) << "the base was not told by us";
    EXPECT_EQ(tip(), hash(chain[9]));
}

TEST_F(TwoSourcesTest, AReorgBelowWhatWasFinalIsNoticed) {
    begin(9);
    tracker.on_finalized(chain[6].header.head);
    const auto shallow = make_chain('b', 9, 11, hash(chain[7]));
    know(shallow);
    all(shallow.back());
    EXPECT_FALSE(tracker.finality().broken()) << tracker.finality().why();
    const auto deep = make_chain('c', 6, 12, hash(chain[4]));
    know(deep);
    all(deep.back());
    EXPECT_TRUE(tracker.finality().broken());
    EXPECT_EQ(tip(), hash(deep.back())) << "it is followed all the same";
    tracker.resume_finality();
    EXPECT_FALSE(tracker.finality().broken());
    tracker.on_finalized(chain[8].header.head);
    EXPECT_TRUE(tracker.finality().broken()) << "another block is final than the one we have";
}

}  // namespace
}  // namespace plimsoll::feed
