// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/health.hpp"

#include "chain/feed/clock_watch.hpp"
#include "chain/feed/watch_filter.hpp"

#include <gtest/gtest.h>

namespace plimsoll::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

FeedHealth::State well() {
    FeedHealth::State out;
    out.sealed_any = true;
    out.connected = true;
    out.caught_up = true;
    out.agreed = true;
    return out;
}

TEST(FeedHealth, IsReadyWhenABlockIsSealed) {
    FeedHealth health{milliseconds{30'000}};
    FeedHealth::Clock::time_point now{};
    FeedHealth::State state;
    EXPECT_EQ(health.update(now, state), Readiness{NotReady::starting});
    EXPECT_EQ(health.update(now, state), std::nullopt);
    health.advanced(now);
    EXPECT_EQ(health.update(now, well()), Readiness{});
    state = well();
    state.caught_up = false;
    EXPECT_EQ(health.update(now, state), std::nullopt) << "an open block is the usual state";
}

TEST(FeedHealth, TellsAStaleHeadAndItsEnd) {
    FeedHealth health{milliseconds{30'000}};
    FeedHealth::Clock::time_point now{};
    health.advanced(now);
    static_cast<void>(health.update(now, well()));
    now += seconds{31};
    EXPECT_EQ(health.update(now, well()), Readiness{NotReady::stale_head});
    health.advanced(now);
    EXPECT_EQ(health.update(now, well()), Readiness{});
}

TEST(FeedHealth, IsCatchingUpFromALossUntilAllIsFilled) {
    FeedHealth health{milliseconds{30'000}};
    FeedHealth::Clock::time_point now{};
    health.advanced(now);
    static_cast<void>(health.update(now, well()));
    FeedHealth::State lost = well();
    lost.connected = false;
    lost.agreed = false;
    EXPECT_EQ(health.update(now, lost), Readiness{NotReady::catching_up});
    FeedHealth::State behind = well();
    behind.behind = true;
    behind.caught_up = false;
    EXPECT_EQ(health.update(now, behind), std::nullopt);
    EXPECT_EQ(health.update(now, well()), Readiness{});
    EXPECT_EQ(health.update(now, behind), Readiness{NotReady::catching_up});
}

TEST(FeedHealth, TellsEachReasonOfItsOwn) {
    FeedHealth health{milliseconds{30'000}};
    const FeedHealth::Clock::time_point now{};
    health.advanced(now);
    static_cast<void>(health.update(now, well()));
    FeedHealth::State state = well();
    state.agreed = false;
    EXPECT_EQ(health.update(now, state), Readiness{NotReady::endpoints_disagree});
    state.skewed = true;
    EXPECT_EQ(health.update(now, state), (Readiness{NotReady::endpoints_disagree, NotReady::clock_skew}));
    state = well();
    state.finality_violated = true;
    EXPECT_EQ(health.update(now, state), Readiness{NotReady::finality_violated});
}

TEST(FeedHealth, TellsAReasonBeforeAndItsEndAfter) {
    FeedHealth health{milliseconds{30'000}};
    const FeedHealth::Clock::time_point now{};
    FeedHealth::State bad = well();
    bad.agreed = false;
    static_cast<void>(health.update(now, well()));
    EXPECT_EQ(health.update(now, bad, FeedHealth::Tell::reasons_only),
              Readiness{NotReady::endpoints_disagree});
    EXPECT_EQ(health.update(now, well(), FeedHealth::Tell::reasons_only), std::nullopt);
    EXPECT_EQ(health.update(now, well()), Readiness{});
}

TEST(HeadWatchdog, MeasuresSilenceOnAConnection) {
    HeadWatchdog watchdog;
    HeadWatchdog::Clock::time_point now{};
    EXPECT_EQ(watchdog.silence(now), seconds{0});
    watchdog.connected(now);
    EXPECT_EQ(watchdog.silence(now + seconds{7}), seconds{7});
    watchdog.head(now + seconds{5});
    EXPECT_EQ(watchdog.silence(now + seconds{7}), seconds{2});
    watchdog.disconnected();
    EXPECT_EQ(watchdog.silence(now + seconds{70}), seconds{0});
}

TEST(ClockWatch, NoticesLostTimeAndJumpsOfTheWallClock) {
    ClockWatch watch{milliseconds{0}, milliseconds{12'000}};
    ClockWatch::Steady steady{};
    ClockWatch::Wall wall{seconds{1'700'000'000}};
    EXPECT_FALSE(watch.lost_time(steady, wall));
    const auto pass = [&](int by_steady, int by_wall) {
        steady += seconds{by_steady};
        wall += seconds{by_wall};
        return watch.lost_time(steady, wall);
    };
    EXPECT_FALSE(pass(1, 1));
    EXPECT_FALSE(pass(1, 3)) << "a small correction";
    EXPECT_TRUE(pass(1, 300)) << "suspended: the steady clock stood still";
    EXPECT_FALSE(pass(1, 1));
    EXPECT_TRUE(pass(1, -300));
    EXPECT_TRUE(pass(13, 13)) << "the process did not run";
    EXPECT_FALSE(pass(11, 11));
}

TEST(ClockWatch, ComparesTheChainWithTheWall) {
    const ClockWatch::Wall wall{seconds{1'700'000'000}};
    ClockWatch off{milliseconds{0}, milliseconds{12'000}};
    off.head(Timestamp{1}, wall);
    EXPECT_FALSE(off.skewed());
    ClockWatch watch{milliseconds{60'000}, milliseconds{12'000}};
    const auto skewed = [&](std::uint64_t timestamp) {
        watch.head(Timestamp{timestamp}, wall);
        return watch.skewed();
    };
    EXPECT_FALSE(skewed(1'700'000'000));
    EXPECT_FALSE(skewed(1'699'999'940));
    EXPECT_TRUE(skewed(1'699'999'939));
    EXPECT_FALSE(skewed(1'700'000'060));
    EXPECT_TRUE(skewed(1'700'000'061));
    EXPECT_TRUE(skewed(~std::uint64_t{0}));
    EXPECT_FALSE(skewed(1'700'000'001));
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
