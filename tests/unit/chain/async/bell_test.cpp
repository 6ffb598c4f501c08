// SPDX-License-Identifier: Apache-2.0
#include "chain/async/bell.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>

namespace plimsoll::async {
namespace {

using boost::system::error_code;

/// A loop that nobody but its thread may touch.
class Bells : public testing::Test {
  protected:
    asio::io_context io_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
    Bell bell_{io_.get_executor()};
};

TEST_F(Bells, IsHeardWithWhatWasWrittenBefore) {
    constexpr std::uint64_t kLast = 20'000;
    std::uint64_t written = 0;  // no atomic: the bell orders it
    std::atomic<std::uint64_t> seen{0};
    std::function<void(const error_code&)> heard = [&](const error_code& error) {
        ASSERT_FALSE(error) << error.message();
        const std::uint64_t now = written;
        if (now < kLast) bell_.wait(heard);
        seen.store(now);
    };
    bell_.wait(heard);
    std::thread other{[&, rope = bell_.rope()] {
        for (std::uint64_t i = 1; i <= kLast; ++i) {
            written = i;
            rope.pull();
            while (seen.load() != i)
                std::this_thread::yield();
        }
    }};
    io_.run();
    other.join();
    EXPECT_EQ(seen, kLast);
}

TEST_F(Bells, ManyPullsThatNobodyWaitedForAreHeardOnce) {
    for (int i = 0; i < 3; ++i)
        bell_.rope().pull();
    int heard = 0;
    bell_.wait([&](const error_code& error) {
        EXPECT_FALSE(error);
        ++heard;
        bell_.wait([&](const error_code&) { ++heard; });
    });
    io_.run_for(std::chrono::milliseconds{20});
    EXPECT_EQ(heard, 1);
    bell_.close();
    io_.restart();
    io_.run();
    EXPECT_EQ(heard, 2) << "the wait that was under way";
}

TEST_F(Bells, IsNotHeardBeforeTheCallReturned) {
    bell_.rope().pull();
    bool returned = false;
    bell_.wait([&](const error_code&) { EXPECT_TRUE(returned); });
    returned = true;
    EXPECT_EQ(io_.run(), 1U);
}

TEST_F(Bells, TellsThatItWasClosedWhileSomebodyWaited) {
    error_code told;
    bell_.wait([&](const error_code& error) { told = error; });
    bell_.close();
    io_.run();
    EXPECT_EQ(told, asio::error::operation_aborted);
}

TEST(Bell, ItsRopeMayBePulledWhenItIsGone) {
    std::optional<Bell::Rope> rope;
    {
        asio::io_context io;
        Bell bell{io.get_executor()};
        rope = bell.rope();
    }
    rope->pull();
}

}  // namespace
}  // namespace plimsoll::async
