// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/endpoint_health.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

// A namespace of its own: some states and some meanings of answers have the same name.
namespace plimsoll::rpc::health {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using enum EndpointState;

constexpr EndpointHealth::Time kStart{seconds{1'000}};

Hash32 hash_of(std::uint8_t seed) {
    Hash32 out;
    out.bytes.fill(seed);
    return out;
}

AnswerSeen answer(ErrorClass meaning, std::optional<milliseconds> hint = std::nullopt, Use use = Use::read) {
    AnswerSeen out;
    out.meaning = meaning;
    out.use = use;
    out.hint = hint;
    out.latency = milliseconds{10};
    out.text = "as the node says";
    return out;
}

/// One thing that happens, and what is thought of the endpoint afterwards.
struct Happening {
    const char* what;
    std::function<void(EndpointHealth&, EndpointHealth::Time)> happens;
    EndpointState then;
    seconds after{1};
};

void expect_story(const std::vector<Happening>& story) {
    EndpointHealth health;
    EndpointHealth::Time now = kStart;
    EXPECT_EQ(to_string(health.state()), to_string(undialed));
    for (const Happening& one : story) {
        now += one.after;
        one.happens(health, now);
        health.tick(now);
        EXPECT_EQ(to_string(health.state()), to_string(one.then)) << one.what;
        EXPECT_EQ(health.why().empty(), one.then == alive) << one.what;
    }
}

const Error kRefused{Errc::disconnected, "connection refused"};
const Error kWrongChain{Errc::wrong_chain, "on chain 5, not 1"};

void open(EndpointHealth& health, EndpointHealth::Time now) {
    health.opened(now);
}
void fail_to_open(EndpointHealth& health, EndpointHealth::Time now) {
    health.failed(kRefused, now);
}
void lose(EndpointHealth& health, EndpointHealth::Time now) {
    health.lost(kRefused, now);
}
void close(EndpointHealth& health, EndpointHealth::Time now) {
    health.closed(now);
}
void pass(EndpointHealth&, EndpointHealth::Time) {}

std::function<void(EndpointHealth&, EndpointHealth::Time)> answers(ErrorClass meaning, int times = 1) {
    return [meaning, times](EndpointHealth& health, EndpointHealth::Time now) {
        for (int i = 0; i < times; ++i)
            health.answered(answer(meaning), 0, now);
    };
}

std::function<void(EndpointHealth&, EndpointHealth::Time)> heads(std::uint64_t own, std::uint64_t best) {
    return [own, best](EndpointHealth& health, EndpointHealth::Time now) {
        health.head(BlockNumber{own}, hash_of(static_cast<std::uint8_t>(own)), now);
        health.best_head(BlockNumber{best}, now);
    };
}

TEST(EndpointHealth, FollowsItsConnections) {
    expect_story({{"refused", fail_to_open, unreachable},
                  {"the feed's", open, alive},
                  {"the reader's", open, alive},
                  {"one of two is lost", lose, alive},
                  {"both", lose, unreachable},
                  {"back", open, alive},
                  {"by ourselves", close, undialed},
                  {"another chain",
                   [](EndpointHealth& health, EndpointHealth::Time now) { health.failed(kWrongChain, now); },
                   wrong_chain},
                  {"still", pass, wrong_chain, seconds{100'000}},
                  {"put right", open, alive}});
}

TEST(EndpointHealth, CountsErrorsInARow) {
    const AnswerSeen garbage{ErrorClass::unknown, Use::read, true, std::nullopt, milliseconds{1}, "html"};
    expect_story(
        {{"connected", open, alive},
         {"four", answers(ErrorClass::transport, 4), alive},
         {"a revert is an answer", answers(ErrorClass::execution_reverted), alive},
         {"four again", answers(ErrorClass::transport, 4), alive},
         {"five with garbage",
          [garbage](EndpointHealth& health, EndpointHealth::Time now) { health.answered(garbage, 0, now); },
          unreachable},
         {"time does not mend it", pass, unreachable, seconds{100'000}},
         {"an answer does", answers(ErrorClass::none), alive}});
}

TEST(EndpointHealth, LagsByBlocksOrBySilence) {
    expect_story({{"connected", open, alive},
                  {"at the tip", heads(100, 100), alive},
                  {"five behind", heads(100, 105), alive},
                  {"six behind", heads(100, 106), lagging},
                  {"caught up", heads(106, 106), alive},
                  {"a chain that stands still is nobody's fault", pass, alive, seconds{3'600}},
                  {"one behind and silent for long", heads(106, 107), lagging},
                  {"ahead of all", heads(109, 107), alive},
                  {"thrown back by a load balancer", heads(90, 109), lagging}});
}

TEST(EndpointHealth, MostSeriousReasonStands) {
    const auto sync = [](bool is) {
        return [is](EndpointHealth& health, EndpointHealth::Time now) { health.syncing(is, now); };
    };
    const auto lie = [](EndpointHealth& health, EndpointHealth::Time now) {
        health.lied("its block 7 has another hash when asked again", now);
    };
    expect_story({{"connected", open, alive},
                  {"behind", heads(1, 100), lagging},
                  {"and syncing", sync(true), syncing},
                  {"and limited", answers(ErrorClass::rate_limited), rate_limited, seconds{0}},
                  {"and broken", answers(ErrorClass::transport, 5), unreachable, seconds{0}},
                  {"and a liar", lie, lying},
                  {"answers do not mend that", answers(ErrorClass::none), lying},
                  {"time does", pass, syncing, seconds{600}},
                  {"synced", sync(false), lagging},
                  {"and there", heads(100, 100), alive}});
}

TEST(EndpointHealth, WaitsLongerEachTimeItIsTold) {
    EndpointHealth health;
    health.opened(kStart);
    EndpointHealth::Time now = kStart;
    std::vector<milliseconds> waits;
    for (int i = 0; i < 10; ++i) {
        health.answered(answer(ErrorClass::rate_limited), ~std::uint64_t{0}, now);
        health.answered(answer(ErrorClass::rate_limited), 0, now);  // of the same burst: no worse
        const auto at = health.allowed_at(Use::read, now);
        waits.push_back(std::chrono::duration_cast<milliseconds>(at - now));
        now = at;
    }
    for (std::size_t i = 1; i < waits.size(); ++i)
        EXPECT_GE(waits[i], waits[i - 1] * 5 / 4 * (waits[i - 1] < milliseconds{15'000}));
    EXPECT_GE(waits.front(), milliseconds{125});
    EXPECT_LE(waits.back(), milliseconds{30'000});
    EXPECT_GE(waits.back(), milliseconds{15'000});
    EXPECT_EQ(health.counts().pauses, 10U);
    EXPECT_EQ(health.counts().answers[static_cast<std::size_t>(ErrorClass::rate_limited)], 20U);
    health.answered(answer(ErrorClass::none), 0, now);
    health.answered(answer(ErrorClass::rate_limited), 0, now);
    EXPECT_LE(health.allowed_at(Use::read, now), now + milliseconds{250}) << "forgiven";
}

TEST(EndpointHealth, BelievesHintsWithinBounds) {
    struct Case {
        milliseconds hint;
        milliseconds least;
        milliseconds most;
    };
    const Case cases[] = {{milliseconds{0}, milliseconds{50}, milliseconds{63}},
                          {milliseconds{4}, milliseconds{50}, milliseconds{63}},
                          {milliseconds{2'000}, milliseconds{2'000}, milliseconds{2'500}},
                          {milliseconds{86'400'000}, milliseconds{300'000}, milliseconds{375'000}},
                          {milliseconds{-5}, milliseconds{50}, milliseconds{63}}};
    for (const Case& c : cases) {
        for (const std::uint64_t random : {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{12'345}}) {
            EndpointHealth health;
            health.opened(kStart);
            health.answered(answer(ErrorClass::rate_limited, c.hint), random, kStart);
            const auto wait = health.allowed_at(Use::feed, kStart) - kStart;
            EXPECT_GE(wait, c.least) << c.hint.count();
            EXPECT_LE(wait, c.most) << c.hint.count();
        }
    }
}

TEST(EndpointHealth, DoesNotSpinOnAHintOfNothing) {
    EndpointHealth health;
    health.opened(kStart);
    EndpointHealth::Time now = kStart;
    for (int i = 0; i < 8; ++i) {
        health.answered(answer(ErrorClass::rate_limited, milliseconds{0}), 0, now);
        now = health.allowed_at(Use::read, now);
    }
    EXPECT_GE(now - kStart, seconds{10});
}

TEST(EndpointHealth, KeepsSubmissionOutOfTheOthersPauses) {
    EndpointHealth health;
    health.opened(kStart);
    health.answered(answer(ErrorClass::rate_limited, milliseconds{9'000}), 0, kStart);
    EXPECT_EQ(health.allowed_at(Use::submit, kStart), kStart);
    EXPECT_EQ(health.allowed_at(Use::feed, kStart), kStart + milliseconds{9'000});
    health.answered(answer(ErrorClass::rate_limited, milliseconds{700}, Use::submit), 0, kStart);
    EXPECT_EQ(health.allowed_at(Use::submit, kStart), kStart + milliseconds{700});
    EXPECT_EQ(health.allowed_at(Use::feed, kStart), kStart + milliseconds{9'000});
}

TEST(EndpointHealth, BreaksTheCircuitWhenTheQuotaHasEnded) {
    EndpointHealth health;
    health.opened(kStart);
    for (int i = 0; i < 20; ++i)
        health.answered(answer(ErrorClass::quota_ended), 0, kStart);
    EXPECT_EQ(health.state(), rate_limited);
    EXPECT_NE(health.why().find("as the node says"), std::string::npos);
    const auto first = health.allowed_at(Use::read, kStart);
    EXPECT_GE(first - kStart, seconds{30});
    EXPECT_LE(first - kStart, seconds{60});
    EXPECT_EQ(health.counts().quota_ends, 1U);
    EndpointHealth::Time now = first;
    for (int i = 0; i < 8; ++i) {
        health.answered(answer(ErrorClass::quota_ended), 0, now);
        const auto next = health.allowed_at(Use::read, now);
        EXPECT_LE(next - now, minutes{15});
        now = next;
    }
    EXPECT_GE(now - first, minutes{30}) << "longer and longer";
    EXPECT_EQ(health.counts().quota_ends, 9U);
}

TEST(EndpointHealth, KnowsItsLatestHeadsAndItsLatency) {
    EndpointHealth health;
    EXPECT_FALSE(health.lag().has_value());
    health.opened(kStart);
    for (std::uint8_t i = 1; i <= 40; ++i)
        heads(i, 41)(health, kStart);
    EXPECT_EQ(health.lag(), 1U);
    EXPECT_EQ(health.head(), BlockNumber{40});
    EXPECT_TRUE(health.knows(hash_of(40)));
    EXPECT_TRUE(health.knows(hash_of(9)));
    EXPECT_FALSE(health.knows(hash_of(8))) << "long ago";
    EXPECT_EQ(health.latency(), milliseconds{0});
    health.answered(answer(ErrorClass::none), 0, kStart);
    EXPECT_EQ(health.latency(), milliseconds{10});
    AnswerSeen slow = answer(ErrorClass::none);
    slow.latency = milliseconds{90};
    health.answered(slow, 0, kStart);
    EXPECT_EQ(health.latency(), milliseconds{20});
}

TEST(EndpointHealth, LetsNoSingleNodeOfThreeMoveTheBestHead) {
    const auto best = [](std::vector<std::uint64_t> heads) {
        std::vector<BlockNumber> numbers;
        for (const std::uint64_t head : heads)
            numbers.push_back(BlockNumber{head});
        return best_of(std::move(numbers));
    };
    EXPECT_EQ(best({}), std::nullopt);
    EXPECT_EQ(best({7}), BlockNumber{7});
    EXPECT_EQ(best({7, 9}), BlockNumber{9});
    EXPECT_EQ(best({7, 1'000'000, 9}), BlockNumber{9});
    EXPECT_EQ(best({9, 9, 0, 1}), BlockNumber{9});
}

TEST(EndpointHealth, CountsWhatIsAsked) {
    EndpointHealthParams params;
    params.budget = BudgetParams{10, 2, 0, 0};
    EndpointHealth health{params};
    health.opened(kStart);
    health.asked(Method::get_logs, false, kStart);
    EXPECT_EQ(health.allowed_at(Use::read, kStart), kStart);
    health.asked(Method::call, true, kStart);
    EXPECT_EQ(health.allowed_at(Use::read, kStart), kStart + milliseconds{100});
    EXPECT_EQ(health.counts().requests[static_cast<std::size_t>(Method::get_logs)], 1U);
    EXPECT_EQ(health.counts().total_requests(), 2U);
    EXPECT_EQ(health.counts().waits, 1U);
}

}  // namespace
}  // namespace plimsoll::rpc::health
