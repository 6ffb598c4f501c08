// SPDX-License-Identifier: Apache-2.0
#include "chain/async/backoff.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

namespace plimsoll::async {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, DoublesUpToItsCap) {
    Backoff backoff{{milliseconds{100}, milliseconds{1'000}}};
    for (const int expected : {100, 200, 400, 800, 1'000, 1'000}) {
        EXPECT_EQ(backoff.next(static_cast<std::uint64_t>(expected - expected / 2)), milliseconds{expected});
    }
    EXPECT_EQ(backoff.attempts(), 6U);
    backoff.reset();
    EXPECT_EQ(backoff.next(0), milliseconds{50});
}

RC_GTEST_PROP(Backoff, StaysInTheUpperHalfOfTheUnditheredDelay, (std::uint64_t bits, std::uint8_t before)) {
    const auto first = *rc::gen::inRange<std::int64_t>(1, 5'000);
    const auto cap = *rc::gen::inRange<std::int64_t>(first, 100'000);
    Backoff backoff{{milliseconds{first}, milliseconds{cap}}};
    for (unsigned i = 0; i < before; ++i)
        static_cast<void>(backoff.next(bits + i));
    const double undithered =
        std::min(static_cast<double>(cap), static_cast<double>(first) * std::pow(2.0, before));
    const auto delay = static_cast<double>(backoff.next(bits).count());
    RC_ASSERT(delay <= undithered);
    RC_ASSERT(delay >= undithered / 2 - 1);
}

TEST(Backoff, KeepsAServersHintWithinItsBounds) {
    const Backoff backoff{{milliseconds{100}, milliseconds{1'000}}};
    EXPECT_EQ(backoff.clamp(milliseconds{0}), milliseconds{100});
    EXPECT_EQ(backoff.clamp(milliseconds{500}), milliseconds{500});
    EXPECT_EQ(backoff.clamp(milliseconds{86'400'000}), milliseconds{1'000});
}

}  // namespace
}  // namespace plimsoll::async
