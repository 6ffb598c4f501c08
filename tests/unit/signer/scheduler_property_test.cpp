// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/signer/storm.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plimsoll::signer {
namespace {

RC_GTEST_PROP(SchedulerProperty, WhateverHappensThePromisesHold, (std::uint32_t seed)) {
    const auto steps = *rc::gen::resize(200, rc::gen::arbitrary<std::vector<std::uint8_t>>());
    Storm storm{seed};
    for (const std::uint8_t step : steps) {
        storm.step(step);
        if (!storm.violation().empty()) break;
    }
    storm.calm();
    RC_ASSERT(storm.violation() == "");
}

// The storm must reach what it is about, or its silence means nothing.
TEST(SchedulerProperty, StormsLandTransactions) {
    std::size_t landed = 0;
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        Storm storm{seed};
        for (std::uint32_t i = 0; i < 300; ++i)
            storm.step(static_cast<std::uint8_t>((i * 7 + seed * 13 + i / 5) % 256));
        storm.calm();
        EXPECT_EQ(storm.violation(), "") << "seed " << seed;
        landed += storm.landed();
    }
    EXPECT_GT(landed, 200U);
}

}  // namespace
}  // namespace plimsoll::signer
