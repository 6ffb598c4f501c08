// SPDX-License-Identifier: Apache-2.0
#include "chain/async/all_of.hpp"

#include "chain/async/deadline.hpp"
#include "tests/unit/chain/async/run_task.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace plimsoll::async {
namespace {

using std::chrono::milliseconds;

Task<void> forever(int& unwound) {
    struct Count {
        int& value;
        ~Count() { ++value; }
    };
    const Count count{unwound};
    co_await sleep_for(std::chrono::hours{1});
    ADD_FAILURE() << "outlived its family";
}

Task<void> fail_after(milliseconds delay) {
    co_await sleep_for(delay);
    throw std::runtime_error{"first"};
}

TEST(AllOf, EndsWithItsFirstMemberAndUnwindsTheOthers) {
    asio::io_context io;
    int unwound = 0;
    run_task(io, all_of(forever(unwound), sleep_for(milliseconds{2}), forever(unwound)));
    EXPECT_EQ(unwound, 2);
}

TEST(AllOf, RethrowsWhatTheFirstOneThrew) {
    asio::io_context io;
    int unwound = 0;
    EXPECT_THROW(run_task(io, all_of(forever(unwound), fail_after(milliseconds{2}))), std::runtime_error);
    EXPECT_EQ(unwound, 1);
}

TEST(AllOf, NestsLikeATree) {
    asio::io_context io;
    int unwound = 0;
    run_task(io, all_of(all_of(forever(unwound), forever(unwound)),
                        all_of(forever(unwound), sleep_for(milliseconds{2}))));
    EXPECT_EQ(unwound, 3);
}

}  // namespace
}  // namespace plimsoll::async
