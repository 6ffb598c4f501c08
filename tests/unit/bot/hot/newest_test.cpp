// SPDX-License-Identifier: Apache-2.0
#include "bot/hot/newest.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace plimsoll::bot {
namespace {

TEST(Newest, GivesOnceWhatWasPutLast) {
    Newest<int> slot;
    EXPECT_FALSE(slot.take());
    slot.put(1);
    slot.put(2);
    const auto taken = slot.take();
    ASSERT_TRUE(taken);
    EXPECT_EQ(*taken, 2);
    EXPECT_FALSE(slot.take());
}

TEST(Newest, LetsGoOfWhatNobodyTook) {
    const auto value = std::make_shared<int>(7);
    {
        Newest<std::shared_ptr<int>> slot;
        slot.put(value);
        slot.put(value);
        EXPECT_EQ(value.use_count(), 2);
    }
    EXPECT_EQ(value.use_count(), 1);
}

TEST(Newest, CarriesWholeValuesInOrderAndTheLastOneForSure) {
    constexpr int kMany = 50'000;
    Newest<std::vector<int>> slot;
    std::thread writer{[&slot] {
        for (int i = 1; i <= kMany; ++i)
            slot.put(std::vector<int>(3, i));
    }};
    int last = 0;
    while (last < kMany) {
        const auto taken = slot.take();
        if (!taken) continue;
        ASSERT_EQ(*taken, std::vector<int>(3, taken->front()));
        ASSERT_GT(taken->front(), last);
        last = taken->front();
    }
    writer.join();
}

}  // namespace
}  // namespace plimsoll::bot
