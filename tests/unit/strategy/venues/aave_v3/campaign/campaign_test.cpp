// SPDX-License-Identifier: Apache-2.0
// Random events against a full exact recomputation; what is compared with what says campaign.hpp. Set
// PLIMSOLL_CAMPAIGN_EVENTS, PLIMSOLL_CAMPAIGN_SEED or PLIMSOLL_CAMPAIGN_ACCOUNTS for more events, for others,
// or for fewer accounts when a failure is to be made small.
#include "tests/unit/strategy/venues/aave_v3/campaign/campaign.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <vector>

namespace plimsoll::strategy::aave_v3::campaign {
namespace {

/// A market grows old in a campaign: after so many events another one begins.
constexpr std::size_t kEventsOfOne = 10'000;
constexpr std::uint64_t kSeed = 20'261'123;

std::size_t number_in(const char* name, std::size_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::size_t events_wanted() {
    if (PLIMSOLL_SANITIZED) return 200;  // for the memory's sake only
    const std::size_t usual = std::getenv("PLIMSOLL_FULL") == nullptr ? 20'000 : 50'000;
    return number_in("PLIMSOLL_CAMPAIGN_EVENTS", usual);
}

Plan plan_of(std::uint64_t revision, std::uint64_t seed, std::size_t events) {
    Plan out;
    out.revision = revision;
    out.seed = seed;
    out.events = events;
    out.accounts = number_in("PLIMSOLL_CAMPAIGN_ACCOUNTS", PLIMSOLL_SANITIZED ? 400 : 10'000);
    return out;
}

void campaigns(std::uint64_t revision) {
    std::uint64_t seed = number_in("PLIMSOLL_CAMPAIGN_SEED", kSeed);
    std::size_t left = events_wanted() / 2;
    Outcome sum;
    while (left != 0) {
        const std::size_t events = std::min(left, kEventsOfOne);
        const Outcome outcome = run(plan_of(revision, seed++, events));
        ASSERT_EQ(outcome.broken, "");
        ASSERT_EQ(outcome.events, events);
        sum.events += outcome.events;
        sum.looks += outcome.looks;
        sum.sweeps += outcome.sweeps;
        sum.what_ifs += outcome.what_ifs;
        sum.undone += outcome.undone;
        sum.newcomers += outcome.newcomers;
        sum.checkpoints += outcome.checkpoints;
        sum.most_below = std::max(sum.most_below, outcome.most_below);
        left -= events;
    }
    std::cout << "campaign: revision " << revision << ", " << sum.events << " events: " << sum.looks
              << " looks at changes, " << sum.sweeps << " at everybody, " << sum.what_ifs << " what-ifs, "
              << sum.undone << " blocks undone, " << sum.newcomers << " newcomers below the line, at most "
              << sum.most_below << " at once, " << sum.checkpoints
              << " checkpoints; none missed, none false\n";
    // Else it would have compared nothing with nothing.
    EXPECT_GT(sum.newcomers, sum.events / 50);
    EXPECT_GT(sum.undone, sum.events / 100);
}

TEST(Campaign, NobodyIsMissedAndNobodyIsFalseOnTheOldestRules) {
    campaigns(1);
}

TEST(Campaign, NobodyIsMissedAndNobodyIsFalseOnNewerRules) {
    campaigns(10);
}

class AMistake : public testing::TestWithParam<Mistake> {};

TEST_P(AMistake, IsFound) {
    Plan plan = plan_of(10, kSeed, 4'000);
    plan.accounts = PLIMSOLL_SANITIZED ? 300 : 1'000;
    plan.mistake = GetParam();
    const Outcome outcome = run(plan);
    EXPECT_NE(outcome.broken, "");
    EXPECT_GT(outcome.events, 0U) << outcome.broken;
}

std::vector<Mistake> mistakes() {
    if (PLIMSOLL_SANITIZED) return {Mistake::forgets_touched};
    return {Mistake::forgets_touched, Mistake::loose_bound, Mistake::eager_bound, Mistake::loses_log,
            Mistake::keeps_undone};
}

INSTANTIATE_TEST_SUITE_P(Campaign, AMistake, testing::ValuesIn(mistakes()));

}  // namespace
}  // namespace plimsoll::strategy::aave_v3::campaign
