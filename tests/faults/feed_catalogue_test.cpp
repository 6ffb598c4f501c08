// SPDX-License-Identifier: Apache-2.0
// The catalogue's failures of heads, logs and subscriptions, over real sockets. The number is the scenario's.
#include "chain/async/deadline.hpp"
#include "chain/primitives/keccak.hpp"
#include "tests/faults/feed_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace plimsoll::faults {
namespace {

using async::Task;
using std::chrono::milliseconds;

Task<void> start(FeedWorld& world) {
    const bool settled = co_await world.settled();
    EXPECT_TRUE(settled) << world.trouble();
    for (int i = 0; i < 4; ++i)
        world.mine();
    const bool followed = co_await world.settled();
    EXPECT_TRUE(followed) << world.trouble();
}

TEST(Catalogue, s30_a_changed_finalized_hash_stops_sending_until_an_operator_resumes) {
    FeedWorld::Setup setup = setup_of(1);
    setup.feed.finality_every = 2;
    in_world(setup, [](FeedWorld& world) -> Task<void> {
        co_await start(world);
        world.nodes[0].final_block = world.chain.ancestor(1).head().hash;
        for (int i = 0; i < 4; ++i) {
            world.mine();
            co_await expect_settled(world);
        }
        // Four blocks leave the chain, and the one that was final is among them.
        world.all_advance(world.reorg(6, 7).head().hash);
        const auto is_stopped = [&world] {
            return world.book.readiness().has(NotReady::finality_violated) && world.at_tip();
        };
        const bool stopped = co_await world.until(is_stopped);
        EXPECT_TRUE(stopped) << world.trouble();
        EXPECT_NE(world.feed->finality_violation().find("final"), std::string::npos);
        EXPECT_TRUE(world.right()) << "the chain of now is followed all the same";
        const std::uint64_t sends = world.book.sends();
        world.nodes[0].final_block = world.chain.ancestor(3).head().hash;
        for (int i = 0; i < 3; ++i)
            world.mine();
        const auto is_followed = [&world] { return world.at_tip(); };
        const bool followed = co_await world.until(is_followed);
        EXPECT_TRUE(followed);
        EXPECT_EQ(world.book.sends(), sends);
        world.feed->resume_finality();
        co_await expect_settled(world);
    });
}

TEST(Catalogue, s31_a_log_taken_back_is_undone_though_no_head_says_so) {
    in_world(setup_of(1), [](FeedWorld& world) -> Task<void> {
        co_await start(world);
        // The same object as before, with "removed":true; the head of the new block is never told.
        const Hash32 fork = world.reorg(1, 1).head().hash;
        FeedNode::Telling silent;
        silent.heads = false;
        silent.logs = false;
        world.nodes[0].advance(fork, silent);
        co_await expect_settled(world);
        EXPECT_GE(world.feed->counters().removed_logs, 1U);
        EXPECT_EQ(world.feed->counters().undone, 1U);
        EXPECT_TRUE(world.book.was(NotReady::endpoints_disagree)) << "in between it does not know";
    });
}

TEST(Catalogue, s31_logs_dropped_in_a_deep_reorg_are_read_by_block_hash) {
    in_world(setup_of(1), [](FeedWorld& world) -> Task<void> {
        co_await start(world);
        FeedNode::Telling lossy;  // "drops logs of blocks in reorgs deeper than one"
        lossy.only_last = true;
        lossy.logs = false;
        lossy.removed = false;
        world.nodes[0].advance(world.reorg(3, 4).head().hash, lossy);
        co_await expect_settled(world);
        EXPECT_EQ(world.feed->counters().undone, 3U);
        EXPECT_EQ(world.book.new_starts(), 0U);
    });
}

TEST(Catalogue, s32_skipped_heads_are_fetched_before_anything_is_done) {
    in_world(setup_of(1), [](FeedWorld& world) -> Task<void> {
        co_await start(world);
        world.chain.mine({Note{1, 1}});
        world.chain.mine({Note{1, 2}, Note{2, 1}});
        FeedNode::Telling skipping;
        skipping.only_last = true;
        skipping.logs = false;
        world.nodes[0].advance(world.chain.mine({Note{3, 3}}).head().hash, skipping);  // N, then N + 3
        co_await expect_settled(world);
        EXPECT_EQ(world.feed->counters().gap_blocks, 2U);
        EXPECT_EQ(world.feed->counters().gaps, 1U);
        EXPECT_EQ(world.feed->counters().resyncs, 0U);
    });
}

TEST(Catalogue, s33_a_head_that_goes_back_undoes_nothing) {
    in_world(setup_of(2), [](FeedWorld& world) -> Task<void> {
        co_await start(world);
        const std::uint64_t undone = world.feed->counters().undone;
        // A load balancer asks an older node.
        world.nodes[0].tell_head(world.chain.ancestor(3).header);
        world.nodes[1].tell_head(world.chain.ancestor(1).header);
        const auto is_counted = [&world] { return world.feed->counters().went_back == 2; };
        const bool counted = co_await world.until(is_counted);
        EXPECT_TRUE(counted);
        EXPECT_EQ(world.feed->counters().undone, undone);
        EXPECT_TRUE(world.at_tip());
        world.mine();
        co_await expect_settled(world);
        // The same number, another hash: of one of two it is no reason to move, but one not to send.
        const Hash32 before = world.chain.tip().head().hash;
        const Hash32 other = world.reorg(1, 1).head().hash;
        world.nodes[0].advance(other);
        const auto is_doubted = [&world] { return world.book.readiness().has(NotReady::endpoints_disagree); };
        const bool doubted = co_await world.until(is_doubted);
        EXPECT_TRUE(doubted);
        EXPECT_EQ(world.book.tip(), before);
        world.nodes[1].advance(other);
        co_await expect_settled(world);
    });
}

TEST(Catalogue, s55_a_socket_that_died_in_silence_is_replaced_while_the_other_goes_on) {
    in_world(setup_of(2), [](FeedWorld& world) -> Task<void> {
        co_await start(world);
        world.nodes[0].node().freeze();  // no close frame, no data
        const Hash32 dead = world.nodes[0].newest();
        const auto begun = std::chrono::steady_clock::now();
        while (world.feed->counters().silences == 0 &&
               std::chrono::steady_clock::now() - begun < std::chrono::seconds{5}) {
            world.nodes[1].advance(world.chain.mine({Note{1, 5}}).head().hash);
            co_await async::sleep_for(milliseconds{20});
        }
        EXPECT_GE(world.feed->counters().silences, 1U);
        const auto is_went_on = [&world] { return world.at_tip(); };
        const bool went_on = co_await world.until(is_went_on);
        EXPECT_TRUE(went_on) << world.trouble();
        EXPECT_EQ(world.nodes[0].newest(), dead);
        EXPECT_FALSE(world.book.was(NotReady::stale_head));
        world.nodes[0].node().freeze(false);
        world.nodes[0].go_to(world.chain.tip().head().hash);
        const auto is_back = [&world] { return world.feed->agreement().near_tip == 2; };
        const bool back = co_await world.until(is_back);
        EXPECT_TRUE(back) << world.trouble();
        EXPECT_GE(world.nodes[0].node().connections(), 2U);
        co_await expect_settled(world);
    });
}

TEST(Catalogue, s56_after_a_close_frame_or_a_drop_the_feed_resubscribes_and_fills) {
    in_world(setup_of(1), [](FeedWorld& world) -> Task<void> {
        co_await start(world);
        const auto closed = [](FeedWorld& inner, unsigned code) -> Task<void> {
            const std::uint64_t connects = inner.feed->counters().connects;
            const std::string id = inner.nodes[0].head_subscription();
            if (code == 1006)
                inner.nodes[0].node().cut();  // 1006 is never on the wire: it is a dropped socket
            if (code != 1006) inner.nodes[0].node().hang_up(code, "Connection dropped by remote peer.");
            inner.chain.mine({Note{4, code}});
            inner.nodes[0].go_to(inner.chain.mine({Note{5, code}}).head().hash);
            const bool settled = co_await inner.settled();
            EXPECT_TRUE(settled) << code << inner.trouble();
            EXPECT_GT(inner.feed->counters().connects, connects) << code;
            EXPECT_NE(inner.nodes[0].head_subscription(), id) << code;
            inner.mine();
            const bool followed = co_await inner.settled();
            EXPECT_TRUE(followed) << code << inner.trouble();
        };
        for (const unsigned code : {1000U, 1001U, 1006U, 1008U, 1011U, 1012U, 1013U})
            co_await closed(world, code);
        EXPECT_EQ(world.feed->counters().resyncs, 0U);
        EXPECT_EQ(world.book.new_starts(), 0U);
    });
}

TEST(Catalogue, s57_an_overflow_is_counted_and_filled) {
    FeedWorld::Setup setup = setup_of(1);
    setup.feed.replace_after = milliseconds{60'000};
    in_world(setup, [](FeedWorld& world) -> Task<void> {
        co_await start(world);
        // The logs of a block whose head has not come, and then more of a block that nobody has heard of than
        // anybody would keep.
        const ModelBlock& block = world.chain.mine({Note{1, 1}, Note{2, 2}, Note{3, 3}});
        for (const Log& log : block.logs)
            world.nodes[0].tell_log(log);
        Log stray = block.logs[0];
        stray.block_hash = keccak256("unheard of");
        for (stray.index = 0; stray.index < 4'200; ++stray.index) {
            world.nodes[0].tell_log(stray);
            if (stray.index % 64 != 63) continue;
            // What was told is read before this is answered: the socket never fills up.
            const Result<ChainId> read = co_await world.endpoints[0].chain_id();
            EXPECT_TRUE(read.has_value());
        }
        const auto is_overflowed = [&world] { return world.feed->counters().overflows > 100; };
        const bool overflowed = co_await world.until(is_overflowed);
        EXPECT_TRUE(overflowed);
        world.nodes[0].go_to(block.head().hash);
        world.nodes[0].tell_head(block.header);
        co_await expect_settled(world);
        // The server's side of the same: it hangs up on who reads too slowly.
        world.nodes[0].node().hang_up(1008, "subscription queue overflow");
        world.nodes[0].go_to(world.chain.mine({Note{1, 1}}).head().hash);
        co_await expect_settled(world);
        EXPECT_EQ(world.feed->counters().resyncs, 0U);
    });
}

TEST(Catalogue, s58_ids_of_an_old_subscription_and_of_nobody_are_dropped_and_counted) {
    in_world(setup_of(1), [](FeedWorld& world) -> Task<void> {
        co_await start(world);
        const std::string old = world.nodes[0].head_subscription();
        world.nodes[0].node().cut();
        const auto is_back = [&world, &old] {
            return world.nodes[0].listeners() == 1 && world.nodes[0].head_subscription() != old;
        };
        const bool back = co_await world.until(is_back);
        EXPECT_TRUE(back);
        co_await expect_settled(world);
        const Head tip = *world.feed->tip();
        const std::uint64_t before = world.endpoints[0].counters().foreign_notifications;
        rpc::Header false_head = world.chain.tip().header;
        false_head.head.parent_hash = false_head.head.hash;
        false_head.head.hash = keccak256("nobody's");
        false_head.head.number = false_head.head.number.next();
        for (const std::string& id : {old, std::string{"0xcd0c3e8af590364c09d0fa6a1210faf5"}}) {
            world.nodes[0].node().tell(
                R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":")" + id +
                R"(","result":)" + header_json(false_head) + "}}");
        }
        const auto is_counted = [&world, before] {
            return world.endpoints[0].counters().foreign_notifications == before + 2;
        };
        const bool counted = co_await world.until(is_counted);
        EXPECT_TRUE(counted);
        EXPECT_EQ(*world.feed->tip(), tip);
        co_await expect_settled(world);
    });
}

TEST(Catalogue, s59_a_notification_before_the_subscribe_answer_is_not_lost) {
    in_world(setup_of(1), [](FeedWorld& world) -> Task<void> {
        co_await start(world);
        FeedNode& node = world.nodes[0];
        // The next connection is told a head before it knows the subscription's id; asked for its newest
        // block, the node answers with an older one, so that only the notification knows of the tip.
        const ModelBlock& early = world.chain.mine({Note{6, 6}});
        node.instead = [&node, &early](const Asked& asked) -> std::optional<std::vector<Step>> {
            if (asked.text.find("newHeads") == std::string::npos) return std::nullopt;
            FeedNode* const self = &node;
            self->instead = nullptr;
            const std::string id = self->reserve_subscription(asked);
            return std::vector<Step>{
                say(R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":")" + id +
                    R"(","result":)" + header_json(early.header) + "}}"),
                reply(asked, '"' + id + '"')};
        };
        node.node().cut();
        const auto is_followed = [&world] { return world.at_tip(); };
        const bool followed = co_await world.until(is_followed);
        EXPECT_TRUE(followed) << world.trouble();
        EXPECT_EQ(world.endpoints[0].counters().foreign_notifications, 0U);
        node.go_to(early.head().hash);
        world.mine();
        co_await expect_settled(world);
    });
}

TEST(Catalogue, s66_a_stale_endpoint_is_outvoted_and_read_from_no_more) {
    in_world(setup_of(3), [](FeedWorld& world) -> Task<void> {
        co_await start(world);
        // The third keeps its old head and goes on to serve it.
        for (int i = 0; i < 8; ++i) {
            const Hash32 newest = world.chain.mine({Note{1, 7}}).head().hash;
            world.nodes[0].advance(newest);
            world.nodes[1].advance(newest);
            const bool followed = co_await world.settled();
            EXPECT_TRUE(followed) << world.trouble();
        }
        EXPECT_EQ(world.healths[2].state(), rpc::EndpointState::lagging) << world.healths[2].why();
        EXPECT_EQ(world.feed->agreement().why, feed::Agreement::Why::agreed);
        EXPECT_EQ(world.feed->agreement().alive, 2U);
        EXPECT_EQ(world.feed->sources()[2].lag, 8U);
        // One of the two others turns to a chain of its own: one against one is no agreement.
        const Hash32 other = world.reorg(1, 1).head().hash;
        world.nodes[0].advance(other);
        const auto is_doubted = [&world] { return world.book.readiness().has(NotReady::endpoints_disagree); };
        const bool doubted = co_await world.until(is_doubted);
        EXPECT_TRUE(doubted);
        world.nodes[1].advance(other);
        world.nodes[2].advance(other);
        co_await expect_settled(world);
    });
}

TEST(Catalogue, s67_what_was_missed_during_a_reconnect_is_filled_exactly) {
    in_world(setup_of(1), [](FeedWorld& world) -> Task<void> {
        co_await start(world);
        const std::uint64_t sealed = world.book.sealed();
        world.nodes[0].node().refuse(true);
        world.nodes[0].node().cut();
        for (std::uint64_t i = 0; i < 3; ++i)  // the reconnect lasts three blocks
            world.nodes[0].go_to(world.chain.mine({Note{i, 1}, Note{i, 2}}).head().hash);
        const auto is_noticed = [&world] { return world.book.readiness().has(NotReady::catching_up); };
        const bool noticed = co_await world.until(is_noticed);
        EXPECT_TRUE(noticed);
        world.nodes[0].node().refuse(false);
        co_await expect_settled(world);
        EXPECT_EQ(world.book.sealed(), sealed + 3);
        EXPECT_EQ(world.feed->counters().undone, 0U);
        EXPECT_EQ(world.feed->counters().resyncs, 0U);
    });
}

TEST(Catalogue, s68_a_jump_of_the_wall_clock_is_treated_like_a_reconnect) {
    using Wall = std::chrono::system_clock;
    const auto offset = std::make_shared<std::chrono::seconds>(0);
    FeedWorld::Setup setup = setup_of(2);
    setup.feed.wall = [offset] { return Wall::now() + *offset; };
    setup.feed.suspend_after = milliseconds{12'000};
    setup.feed.max_clock_skew = milliseconds{60'000};
    in_world(setup, [offset](FeedWorld& world) -> Task<void> {
        co_await start(world);
        const std::uint64_t connects = world.feed->counters().connects;
        const auto jump = [](FeedWorld& inner, std::uint64_t times) -> Task<void> {
            const auto is_noticed = [&inner, times] { return inner.feed->counters().lost_times == times; };
            const bool noticed = co_await inner.until(is_noticed);
            EXPECT_TRUE(noticed);
        };
        *offset = std::chrono::seconds{300};  // the machine slept for five minutes
        co_await jump(world, 1);
        const auto is_skewed = [&world] {
            world.mine();
            return world.book.readiness().has(NotReady::clock_skew);
        };
        const bool skewed = co_await world.until(is_skewed);
        EXPECT_TRUE(skewed) << "blocks of five minutes ago, or a wall clock that is wrong";
        const std::uint64_t sends = world.book.sends();
        world.mine();
        const auto is_followed = [&world] { return world.at_tip(); };
        const bool followed = co_await world.until(is_followed);
        EXPECT_TRUE(followed);
        EXPECT_EQ(world.book.sends(), sends);
        *offset = std::chrono::seconds{0};  // and the clock is set right
        co_await jump(world, 2);
        EXPECT_GE(world.feed->counters().connects, connects + 2);
        const auto is_well = [&world] {
            world.mine();
            return !world.book.readiness().has(NotReady::clock_skew);
        };
        const bool well = co_await world.until(is_well);
        EXPECT_TRUE(well);
        co_await expect_settled(world);
    });
}

}  // namespace
}  // namespace plimsoll::faults
