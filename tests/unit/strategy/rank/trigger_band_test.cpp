// SPDX-License-Identifier: Apache-2.0
#include "strategy/rank/trigger_band.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plimsoll::strategy {
namespace {

const auto kAlways = [](const U256&) { return true; };

TEST(AnswerBand, GoesFromTheFirstBelowToTheFarEnd) {
    const auto below = [](const U256& answer) { return answer <= U256{1'937}; };
    const auto band = answer_band(U256{2'000}, U256{1'900}, below, kAlways);
    ASSERT_TRUE(band);
    EXPECT_EQ(band->least, U256{1'900});
    EXPECT_EQ(band->most, U256{1'937});
}

TEST(AnswerBand, RisesToo) {
    const auto below = [](const U256& answer) { return answer > U256{2'050}; };
    const auto band = answer_band(U256{2'000}, U256{2'100}, below, kAlways);
    ASSERT_TRUE(band);
    EXPECT_EQ(band->least, U256{2'051});
    EXPECT_EQ(band->most, U256{2'100});
}

TEST(AnswerBand, EndsBeforeTheFirstStepThatDoesNotHold) {
    const auto below = [](const U256& answer) { return answer <= U256{1'000}; };
    const auto until = [&](std::uint64_t last) {
        return answer_band(U256{1'100}, U256{200}, below,
                           [last](const U256& answer) { return answer >= U256{last}; });
    };
    EXPECT_EQ(until(200)->least, U256{200});
    EXPECT_EQ(until(201)->least, U256{600});
    EXPECT_EQ(until(700)->least, U256{800});
    EXPECT_EQ(until(950)->least, U256{950});
    EXPECT_EQ(until(951)->least, U256{1'000}) << "the first step is a sixteenth";
    EXPECT_EQ(until(1'000)->least, U256{1'000});
    EXPECT_FALSE(until(1'001)) << "the nearest does not hold";
}

TEST(AnswerBand, NothingWhereNothingIsBelow) {
    const auto never = [](const U256&) { return false; };
    EXPECT_FALSE(answer_band(U256{2'000}, U256{1'900}, never, kAlways));
}

RC_GTEST_PROP(AnswerBand, IsTheWholeSideOfEveryLine, (std::uint32_t today, std::uint32_t line)) {
    const U256 from{std::uint64_t{today} + 1};
    const bool falling = line <= today;
    const auto below = [&](const U256& answer) {
        return falling ? answer <= U256{line} : answer >= U256{line};
    };
    RC_PRE(!below(from));
    const U256 far = falling ? U256{} : U256{std::uint64_t{1} << 33U};
    const auto band = answer_band(from, far, below, kAlways);
    RC_ASSERT(band.has_value());
    RC_ASSERT((falling ? band->most : band->least) == U256{line});
    RC_ASSERT((falling ? band->least : band->most) == far);
}

}  // namespace
}  // namespace plimsoll::strategy
