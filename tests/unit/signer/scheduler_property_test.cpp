// SPDX-License-Identifier: Apache-2.0
// The fault campaign: seeded random nodes, networks, crashes and operators against the promises.
#include "tests/unit/signer/storm.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

namespace plimsoll::signer {
namespace {

/// PLIMSOLL_FULL=1: ten times as many, and longer ones.
bool full() {
    return std::getenv("PLIMSOLL_FULL") != nullptr;
}

std::string run(std::uint32_t seed, const SchedulerDefects& defects, Storm::Count& count) {
    const int steps = full() ? 240 : 80;
    Storm storm{seed, defects};
    std::mt19937 random{seed ^ 0x5EEDU};
    for (int i = 0; i < steps && storm.violation().empty(); ++i)
        storm.step(static_cast<std::uint8_t>(random() % 256));
    storm.calm();
    count += storm.count();
    return storm.violation();
}

TEST(SchedulerStorm, AThousandStormsBreakNoPromise) {
    const std::uint32_t runs = full() ? 10'000 : 1'000;
    Storm::Count count;
    int broken = 0;
    for (std::uint32_t seed = 1; seed <= runs && broken < 5; ++seed) {
        const std::string violation = run(seed, {}, count);
        EXPECT_EQ(violation, "") << "seed " << seed;
        broken += violation.empty() ? 0 : 1;
    }
    std::cout << runs << " runs: " << count.landed << " landed, " << count.crashes << " crashes, "
              << count.undone << " undone, " << count.replaced << " replaced, " << count.reused
              << " re-used, " << count.fired << " fired, " << count.outbid << " outbid, " << count.cancelled
              << " cancelled\n";
    // The storm must reach what it is about, or its silence means nothing.
    EXPECT_GT(count.landed, runs);
    EXPECT_GT(count.crashes, runs / 4);
    EXPECT_GT(count.undone, runs / 10);
    EXPECT_GT(count.replaced, runs / 4);
    EXPECT_GT(count.reused, runs / 50);
    EXPECT_GT(count.fired, runs / 30);
    EXPECT_GT(count.outbid, runs / 10);
    EXPECT_GT(count.cancelled, runs / 10);
}

TEST(SchedulerStorm, EveryDeliberateDefectIsCaught) {
    using Flag = bool SchedulerDefects::*;
    const std::pair<const char*, Flag> defects[] = {
        {"send before persist", &SchedulerDefects::send_before_persist},
        {"nonce from the node", &SchedulerDefects::nonce_from_node},
        {"forget a replaced hash", &SchedulerDefects::forget_replaced},
        {"bump one field", &SchedulerDefects::bump_one_field},
        {"reuse after an ambiguous answer", &SchedulerDefects::reuse_after_ambiguous},
        {"drop the reorganised", &SchedulerDefects::drop_reorged},
        {"fall back at a second nonce", &SchedulerDefects::second_nonce_fallback},
        {"fire before it is durable", &SchedulerDefects::fire_before_persist},
    };
    for (const auto& [name, flag] : defects) {
        SchedulerDefects defect;
        defect.*flag = true;
        std::string violation;
        Storm::Count count;
        std::uint32_t seed = 0;
        while (violation.empty() && seed < 100)
            violation = run(++seed, defect, count);
        EXPECT_NE(violation, "") << name << " is not noticed";
        std::cout << name << ": seed " << seed << ": " << violation << '\n';
    }
}

}  // namespace
}  // namespace plimsoll::signer
