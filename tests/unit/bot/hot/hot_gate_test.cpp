// SPDX-License-Identifier: Apache-2.0
#include "bot/hot/hot_gate.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace plimsoll::bot {
namespace {

TEST(HotGate, IsClosedUntilItIsOpened) {
    HotGate gate;
    EXPECT_FALSE(gate.is_open());
    EXPECT_FALSE(gate.claim(1, 0));
    gate.open(1);
    EXPECT_TRUE(gate.is_open());
    EXPECT_FALSE(gate.close()) << "nothing left";
    EXPECT_FALSE(gate.claim(1, 0)) << "it is closed again";
}

TEST(HotGate, OneEntryOfItsEpochLeavesAndIsToldOnce) {
    HotGate gate;
    gate.open(7);
    EXPECT_FALSE(gate.claim(6, 3)) << "of an older table";
    EXPECT_TRUE(gate.claim(7, 3));
    EXPECT_FALSE(gate.claim(7, 4));
    EXPECT_FALSE(gate.is_open());
    EXPECT_EQ(gate.close(), 3U);
    EXPECT_FALSE(gate.close());
    gate.open(8);
    EXPECT_TRUE(gate.claim(8, 0)) << "the first entry too";
    EXPECT_EQ(gate.close(), 0U);
}

/// However the two threads meet: what one claimed the other is told, and nothing else.
TEST(HotGate, NeitherThreadIsWrongAboutTheOther) {
    constexpr std::uint32_t kRounds = 200'000;
    HotGate gate;
    std::atomic<std::uint32_t> epoch{0};
    std::atomic<bool> over{false};
    std::uint64_t claimed = 0;
    std::uint64_t claimed_sum = 0;
    std::thread other{[&] {
        while (!over.load()) {
            const std::uint32_t now = epoch.load();
            if (!gate.claim(now, now % 64)) continue;
            ++claimed;
            claimed_sum += now % 64;
        }
    }};
    std::uint64_t told = 0;
    std::uint64_t told_sum = 0;
    for (std::uint32_t round = 1; round <= kRounds; ++round) {
        epoch.store(round);
        gate.open(round);
        if (round % 3 == 0) std::this_thread::yield();
        if (const auto left = gate.close()) {
            EXPECT_EQ(*left, round % 64);
            ++told;
            told_sum += *left;
        }
    }
    over.store(true);
    other.join();
    EXPECT_EQ(claimed, told);
    EXPECT_EQ(claimed_sum, told_sum);
    EXPECT_GT(told, 0U) << "they never met";
}

}  // namespace
}  // namespace plimsoll::bot
