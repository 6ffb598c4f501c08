// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/request_budget.hpp"

#include <gtest/gtest.h>

namespace plimsoll::rpc {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr RequestBudget::Time kStart{seconds{1'000}};

/// How many requests of this use go at once.
int take_all(RequestBudget& budget, Use use, RequestBudget::Time now) {
    int count = 0;
    while (count < 1'000 && budget.allowed_at(use, now) <= now) {
        budget.take(now);
        ++count;
    }
    return count;
}

TEST(RequestBudget, HoldsNothingBackWithoutABound) {
    RequestBudget budget{BudgetParams{}};
    EXPECT_EQ(take_all(budget, Use::read, kStart), 1'000);
}

TEST(RequestBudget, KeepsAShareForTheFeedAndOneForSubmission) {
    RequestBudget budget{BudgetParams{10, 20, 20, 30}};
    EXPECT_EQ(take_all(budget, Use::read, kStart), 10);
    EXPECT_EQ(take_all(budget, Use::feed, kStart), 4);
    EXPECT_EQ(take_all(budget, Use::submit, kStart), 6);
}

TEST(RequestBudget, FillsAtItsRateAndNotAboveItsBurst) {
    RequestBudget budget{BudgetParams{10, 0, 0, 0}};
    EXPECT_EQ(take_all(budget, Use::submit, kStart), 10);
    EXPECT_EQ(budget.allowed_at(Use::read, kStart), kStart + milliseconds{100});
    EXPECT_EQ(take_all(budget, Use::read, kStart + milliseconds{250}), 2);
    EXPECT_EQ(take_all(budget, Use::read, kStart + milliseconds{300}), 1);
    EXPECT_EQ(take_all(budget, Use::read, kStart + seconds{3'600 * 24 * 365}), 10);
}

TEST(RequestBudget, ServesEverybodyHoweverSmallItIs) {
    for (const std::uint32_t share : {0U, 50U, 100U, 4'000'000'000U}) {
        const RequestBudget budget{BudgetParams{1, 1, share, share}};
        EXPECT_EQ(budget.allowed_at(Use::read, kStart), kStart) << share;
    }
}

TEST(RequestBudget, TakesWhatIsTakenUnaskedWithinBounds) {
    RequestBudget budget{BudgetParams{10, 10, 0, 0}};
    for (int i = 0; i < 1'000; ++i)
        budget.take(kStart);
    EXPECT_EQ(budget.allowed_at(Use::submit, kStart), kStart + milliseconds{1'100});
}

}  // namespace
}  // namespace plimsoll::rpc
