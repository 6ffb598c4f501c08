// SPDX-License-Identifier: Apache-2.0
#include "chain/async/task_group.hpp"

#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "tests/unit/chain/async/run_task.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace plimsoll::async {
namespace {

using std::chrono::milliseconds;

struct Tally {
    int finished = 0;
    int unwound = 0;
};

Task<void> work(Tally& tally, milliseconds delay) {
    struct Count {
        Tally& tally;
        std::string owned;
        ~Count() { ++tally.unwound; }
    };
    const Count count{tally, std::string(64, 'x')};
    co_await sleep_for(delay);
    ++tally.finished;
}

Task<void> child_fails_after(milliseconds delay) {
    co_await sleep_for(delay);
    throw std::runtime_error{"child"};
}

Task<void> spawn_many(TaskGroup& group, Tally& tally) {
    for (int i = 0; i < 50; ++i) {
        group.spawn(work(tally, milliseconds{i % 5}));
        if (i % 10 == 0) co_await sleep_for(milliseconds{1});
    }
    while (group.active() != 0)
        co_await sleep_for(milliseconds{1});
}

TEST(TaskGroup, RunsWhatIsSpawnedWhileItRuns) {
    asio::io_context io;
    TaskGroup group{io.get_executor()};
    Tally tally;
    run_task(io, all_of(group.run(), spawn_many(group, tally)));
    EXPECT_EQ(tally.finished, 50);
    EXPECT_EQ(tally.unwound, 50);
}

TEST(TaskGroup, CancelsAndAwaitsItsChildrenWhenItIsCancelled) {
    asio::io_context io;
    TaskGroup group{io.get_executor()};
    Tally tally;
    for (int i = 0; i < 3; ++i)
        group.spawn(work(tally, milliseconds{3'600'000}));
    run_task(io, all_of(group.run(), sleep_for(milliseconds{3})));
    EXPECT_EQ(tally.finished, 0);
    EXPECT_EQ(tally.unwound, 3);
    group.spawn(work(tally, milliseconds{0}));  // too late: dropped
    EXPECT_EQ(group.active(), 0U);
}

TEST(TaskGroup, EndsWithTheFirstChildThatThrows) {
    asio::io_context io;
    TaskGroup group{io.get_executor()};
    Tally tally;
    group.spawn(work(tally, milliseconds{3'600'000}));
    group.spawn(child_fails_after(milliseconds{2}));
    EXPECT_THROW(run_task(io, group.run()), std::runtime_error);
    EXPECT_EQ(tally.unwound, 1);
    EXPECT_EQ(group.active(), 0U);
}

TEST(TaskGroup, SeesAChildThatThrewBeforeItRan) {
    asio::io_context io;
    TaskGroup group{io.get_executor()};
    Tally tally;
    group.spawn(child_fails_after(milliseconds{0}));
    group.spawn(work(tally, milliseconds{3'600'000}));
    const auto later = [](TaskGroup& late) -> Task<void> {
        co_await sleep_for(milliseconds{5});
        co_await late.run();
    };
    EXPECT_THROW(run_task(io, later(group)), std::runtime_error);
    EXPECT_EQ(tally.unwound, 1);
}

}  // namespace
}  // namespace plimsoll::async
