// SPDX-License-Identifier: Apache-2.0
#include "bot/hot/spsc_queue.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace plimsoll::bot {
namespace {

TEST(SpscQueue, GivesBackWhatItTookInOrderAndNoMoreThanFits) {
    SpscQueue<std::unique_ptr<int>, 4> queue;
    std::unique_ptr<int> out;
    EXPECT_FALSE(queue.pop(out));
    for (int i = 0; i < 4; ++i)
        EXPECT_TRUE(queue.push(std::make_unique<int>(i)));
    auto fifth = std::make_unique<int>(4);
    EXPECT_FALSE(queue.push(std::move(fifth)));
    ASSERT_TRUE(fifth) << "what found no place stays";
    for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(queue.pop(out));
        EXPECT_EQ(*out, i);
    }
    EXPECT_FALSE(queue.pop(out));
    EXPECT_TRUE(queue.push(std::move(fifth)));
    EXPECT_TRUE(queue.pop(out));
    EXPECT_EQ(*out, 4);
}

TEST(SpscQueue, CarriesFromOneThreadToAnother) {
    constexpr int kMany = 100'000;
    SpscQueue<std::shared_ptr<int>, 8> queue;
    std::thread writer{[&queue] {
        for (int i = 0; i < kMany; ++i) {
            auto value = std::make_shared<int>(i);
            while (!queue.push(std::move(value)))
                std::this_thread::yield();
        }
    }};
    bool in_order = true;
    for (int i = 0; i < kMany; ++i) {
        std::shared_ptr<int> out;
        while (!queue.pop(out))
            std::this_thread::yield();
        in_order = in_order && out && *out == i && out.use_count() == 1;
    }
    writer.join();
    EXPECT_TRUE(in_order);
}

}  // namespace
}  // namespace plimsoll::bot
