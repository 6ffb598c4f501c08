// SPDX-License-Identifier: Apache-2.0
// Random faults over two endpoints; and the proof that five mistakes would be noticed.
//   PLIMSOLL_RUNS=n or --runs n: how many runs (200); PLIMSOLL_CAMPAIGN_SEED=s: the first seed.
#include "tests/faults/campaign.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace plimsoll::faults {
namespace {

/// The words of the command line: the test's main is GoogleTest's.
std::vector<std::string> command_line() {
    std::ifstream file{"/proc/self/cmdline", std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size(); at = text.find('\0', at) + 1)
        out.emplace_back(text.c_str() + at);
    return out;
}

std::size_t wanted_runs() {
    const std::vector<std::string> words = command_line();
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i] == "--runs") return std::stoul(words[i + 1]);
    }
    if (const char* const runs = std::getenv("PLIMSOLL_RUNS")) return std::stoul(runs);
    return PLIMSOLL_SANITIZED ? 24 : 200;
}

std::uint64_t first_seed() {
    const char* const seed = std::getenv("PLIMSOLL_CAMPAIGN_SEED");
    return seed == nullptr ? 1 : std::stoull(seed);
}

TEST(FeedCampaign, AfterAnyFaultsTheStateIsTheChains) {
    const auto results = run_campaigns(first_seed(), wanted_runs(), false);
    RunResult sum;
    for (const RunResult& one : results) {
        EXPECT_EQ(one.broken, "") << "seed " << one.seed << ", after " << one.steps << " steps";
        sum.sealed += one.sealed;
        sum.undone += one.undone;
        sum.sends += one.sends;
        sum.resyncs += one.resyncs;
        sum.not_ready += one.not_ready;
    }
    std::cout << results.size() << " runs: " << sum.sealed << " blocks sealed, " << sum.undone << " undone, "
              << sum.resyncs << " resyncs, " << sum.sends << " sends, " << sum.not_ready
              << " times not ready\n";
    EXPECT_EQ(results.size(), wanted_runs());
    // It is no proof if nothing happened.
    EXPECT_GT(sum.sealed, 10 * results.size());
    EXPECT_GT(sum.undone, results.size());
    EXPECT_GT(sum.sends, results.size());
    EXPECT_GT(sum.not_ready, results.size());
}

/// A feed with this mistake does not survive the campaign.
void expect_noticed(const feed::FeedDefects& defects, const std::string& as) {
    constexpr std::size_t kRuns = 200;
    std::string all;
    for (const RunResult& one : run_campaigns(1, kRuns, true, defects))
        all += one.broken.empty() ? "" : "seed " + std::to_string(one.seed) + ": " + one.broken + "\n";
    EXPECT_NE(all.find(as), std::string::npos) << all;
}

TEST(FeedCampaign, NoticesLogsThatAreAppliedTwice) {
    feed::FeedDefects defects;
    defects.apply_twice = true;
    expect_noticed(defects, "twice");
}

TEST(FeedCampaign, NoticesASkippedUndo) {
    feed::FeedDefects defects;
    defects.skip_undo = true;
    expect_noticed(defects, "a block");
}

TEST(FeedCampaign, NoticesThatTheFirstHeadIsTrusted) {
    feed::FeedDefects defects;
    defects.trust_first_head = true;
    expect_noticed(defects, "sent on an invented block");
}

TEST(FeedCampaign, NoticesAForgottenGap) {
    feed::FeedDefects defects;
    defects.forget_gap = true;
    expect_noticed(defects, "a block did not follow the one before");
}

TEST(FeedCampaign, NoticesThatRemovedLogsAreIgnored) {
    feed::FeedDefects defects;
    defects.ignore_removed = true;
    expect_noticed(defects, "a reorg without a head was missed");
}

}  // namespace
}  // namespace plimsoll::faults
