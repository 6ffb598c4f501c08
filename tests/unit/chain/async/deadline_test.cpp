// SPDX-License-Identifier: Apache-2.0
#include "chain/async/deadline.hpp"

#include "chain/async/all_of.hpp"
#include "tests/unit/chain/async/run_task.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace plimsoll::async {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// Counts the frames that hold one.
struct Guard {
    explicit Guard(int& live) : live_{live} { ++live_; }
    ~Guard() { --live_; }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

  private:
    int& live_;
};

Task<Result<std::string>> answer_after(milliseconds delay, int& live) {
    const Guard guard{live};
    const std::string owned(64, 'x');
    co_await sleep_for(delay);
    co_return owned;
}

Task<Result<std::string>> throw_at_once() {
    throw std::runtime_error{"broken"};
    co_return std::string{};
}

TEST(Deadline, GivesTheAnswerThatIsInTime) {
    asio::io_context io;
    int live = 0;
    run_task(io, [](int& alive) -> Task<void> {
        const auto answer = co_await with_deadline(answer_after(milliseconds{1}, alive), milliseconds{5'000});
        EXPECT_EQ(answer.value(), std::string(64, 'x'));
    }(live));
    EXPECT_EQ(live, 0);
}

TEST(Deadline, EndsAndUnwindsTheOperationThatIsLate) {
    asio::io_context io;
    int live = 0;
    const auto begin = Clock::now();
    run_task(io, [](int& alive) -> Task<void> {
        const auto answer =
            co_await with_deadline(answer_after(milliseconds{60'000}, alive), milliseconds{5});
        EXPECT_EQ(answer ? Errc{} : answer.error().code, Errc::timed_out);
        EXPECT_FALSE(answer.has_value());
        EXPECT_EQ(alive, 0);
    }(live));
    EXPECT_LT(Clock::now() - begin, milliseconds{10'000});
}

TEST(Deadline, LetsAnExceptionThroughAtOnce) {
    asio::io_context io;
    const auto begin = Clock::now();
    const auto body = []() -> Task<void> { co_await with_deadline(throw_at_once(), milliseconds{60'000}); };
    EXPECT_THROW(run_task(io, body()), std::runtime_error);
    EXPECT_LT(Clock::now() - begin, milliseconds{10'000});
}

TEST(Deadline, IsCancelledFromOutside) {
    asio::io_context io;
    int live = 0;
    const auto waits = [](int& alive) -> Task<void> {
        static_cast<void>(
            co_await with_deadline(answer_after(milliseconds{60'000}, alive), milliseconds{60'000}));
        ADD_FAILURE() << "went on after its cancellation";
    };
    run_task(io, all_of(waits(live), sleep_for(milliseconds{2})));
    EXPECT_EQ(live, 0);
}

}  // namespace
}  // namespace plimsoll::async
