// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/health.hpp"

#include "chain/feed/watch_filter.hpp"

#include <gtest/gtest.h>

namespace plimsoll::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr FeedHealth::State kNothing{false, false, true};
constexpr FeedHealth::State kWell{true, false, true};
constexpr FeedHealth::State kOpen{true, false, false};
constexpr FeedHealth::State kBehind{true, true, false};

TEST(FeedHealth, IsReadyWhenABlockIsSealed) {
    FeedHealth health{milliseconds{30'000}};
    FeedHealth::Clock::time_point now{};
    EXPECT_EQ(health.update(now, kNothing), Readiness{NotReady::starting});
    EXPECT_EQ(health.update(now, kNothing), std::nullopt);
    health.connected(now);
    health.head(now);
    EXPECT_EQ(health.update(now, kWell), Readiness{});
    EXPECT_EQ(health.update(now, kOpen), std::nullopt) << "an open block is the usual state";
}

TEST(FeedHealth, TellsAStaleHeadAndItsEnd) {
    FeedHealth health{milliseconds{30'000}};
    FeedHealth::Clock::time_point now{};
    health.connected(now);
    health.head(now);
    static_cast<void>(health.update(now, kWell));
    now += seconds{31};
    EXPECT_EQ(health.update(now, kWell), Readiness{NotReady::stale_head});
    EXPECT_EQ(health.silence(now), seconds{31});
    health.head(now);
    EXPECT_EQ(health.update(now, kWell), Readiness{});
}

TEST(FeedHealth, IsCatchingUpFromALossUntilAllIsFilled) {
    FeedHealth health{milliseconds{30'000}};
    FeedHealth::Clock::time_point now{};
    health.connected(now);
    health.head(now);
    static_cast<void>(health.update(now, kWell));
    health.disconnected();
    EXPECT_EQ(health.update(now, kWell), Readiness{NotReady::catching_up});
    EXPECT_EQ(health.silence(now + seconds{99}), seconds{0});
    health.connected(now + seconds{5});
    EXPECT_EQ(health.update(now + seconds{5}, kBehind), std::nullopt);
    EXPECT_EQ(health.update(now + seconds{5}, kWell), Readiness{});
    EXPECT_EQ(health.silence(now + seconds{6}), seconds{1});
    EXPECT_EQ(health.update(now + seconds{6}, kBehind), Readiness{NotReady::catching_up});
}

TEST(WatchFilter, MatchesEmitterAndFirstTopic) {
    const Address pool{{1}};
    const Hash32 topic{{2}};
    Log log;
    log.address = pool;
    log.topic_count = 1;
    log.topics[0] = topic;
    EXPECT_TRUE((WatchFilter{Watch{{pool}, {}}}.matches(log)));
    EXPECT_TRUE((WatchFilter{Watch{{Address{}, pool}, {Hash32{}, topic}}}.matches(log)));
    EXPECT_FALSE((WatchFilter{Watch{{pool}, {Hash32{}}}}.matches(log)));
    EXPECT_FALSE((WatchFilter{Watch{{Address{}}, {}}}.matches(log)));
    EXPECT_FALSE(WatchFilter{}.matches(log));
    log.topic_count = 0;
    EXPECT_FALSE((WatchFilter{Watch{{pool}, {Hash32{}}}}.matches(log)))
        << "an anonymous log has no first topic";
}

}  // namespace
}  // namespace plimsoll::feed
