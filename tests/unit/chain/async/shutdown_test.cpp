// SPDX-License-Identifier: Apache-2.0
#include "chain/async/shutdown.hpp"

#include "chain/async/all_of.hpp"
#include "chain/async/condition.hpp"
#include "chain/async/deadline.hpp"
#include "tests/unit/chain/async/run_task.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace plimsoll::async {
namespace {

using std::chrono::milliseconds;

int g_given_up = 0;

Task<void> wait_and_count(Shutdown& shutdown, int& woken) {
    co_await shutdown.wait();
    ++woken;
    co_await sleep_for(milliseconds{20});  // lets the others wake as well
}

Task<void> signal_twice(Shutdown& shutdown) {
    co_await sleep_for(milliseconds{5});
    std::raise(SIGTERM);
    co_await shutdown.wait();
    EXPECT_EQ(g_given_up, 0);
    std::raise(SIGINT);
    co_await sleep_for(milliseconds{1'000});
}

TEST(Shutdown, WakesAllAndStaysSet) {
    asio::io_context io;
    Shutdown shutdown{io.get_executor()};
    int woken = 0;
    const auto request = [](Shutdown& latch) -> Task<void> {
        co_await sleep_for(milliseconds{2});
        latch.request();
        co_await sleep_for(milliseconds{2'000});
    };
    run_task(io, all_of(wait_and_count(shutdown, woken), wait_and_count(shutdown, woken), request(shutdown)));
    EXPECT_EQ(woken, 2);
    EXPECT_TRUE(shutdown.requested());
    run_task(io, shutdown.wait());
}

TEST(Shutdown, SetsTheLatchAtTheFirstSignalAndGivesUpAtTheSecond) {
    asio::io_context io;
    Shutdown shutdown{io.get_executor()};
    g_given_up = 0;
    run_task(io, all_of(watch_signals(shutdown, [] { ++g_given_up; }), signal_twice(shutdown)));
    EXPECT_TRUE(shutdown.requested());
    EXPECT_EQ(g_given_up, 1);
}

Task<void> await_change(Condition& condition, const bool& flag, int& woken) {
    while (!flag)
        co_await condition.wait();
    ++woken;
    co_await sleep_for(milliseconds{20});
}

TEST(Condition, WakesEveryWaiterAndEndsOneWithADeadline) {
    asio::io_context io;
    Condition condition{io.get_executor()};
    bool flag = false;
    int woken = 0;
    const auto body = [](Condition& change, bool& set) -> Task<void> {
        const auto begin = std::chrono::steady_clock::now();
        co_await change.wait_until(begin + milliseconds{3});
        EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds{3});
        set = true;
        change.notify_all();
        co_await sleep_for(milliseconds{2'000});
    };
    run_task(io, all_of(await_change(condition, flag, woken), await_change(condition, flag, woken),
                        body(condition, flag)));
    EXPECT_EQ(woken, 2);
}

TEST(Condition, ThrowsInATaskThatIsCancelled) {
    asio::io_context io;
    Condition condition{io.get_executor()};
    const auto waits = [](Condition& change) -> Task<void> {
        co_await change.wait();
        ADD_FAILURE() << "nobody notified";
    };
    const auto waits_until = [](Condition& change) -> Task<void> {
        co_await change.wait_until(std::chrono::steady_clock::now() + std::chrono::hours{1});
        ADD_FAILURE() << "nobody notified";
    };
    run_task(io, all_of(waits(condition), waits_until(condition), sleep_for(milliseconds{2})));
}

}  // namespace
}  // namespace plimsoll::async
