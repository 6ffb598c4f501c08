// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/quantity.hpp"

#include "chain/primitives/units.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <functional>
#include <type_traits>

namespace plimsoll::testing {
namespace {

static_assert(sizeof(Wei) == 32 && std::is_trivially_copyable_v<Wei>);
static_assert(!std::is_invocable_v<std::plus<>, Wei, Ray>, "different units never add");
static_assert(!std::is_invocable_v<std::less<>, Wei, Wad>, "different units never compare");
static_assert(!std::is_invocable_v<std::less<>, BlockNumber, Nonce>, "different counts never compare");
static_assert(!std::is_convertible_v<std::uint64_t, Wei> && !std::is_convertible_v<Wei, std::uint64_t>);
static_assert(!std::is_convertible_v<std::uint64_t, Gas>);

TEST(Quantity, IsCheckedLikeItsRawValue) {
    const Wei one{std::uint64_t{1}};
    EXPECT_EQ(one + one, Wei{std::uint64_t{2}});
    EXPECT_THROW(static_cast<void>(Wei{U256::max()} + one), ArithmeticError);
    EXPECT_THROW(static_cast<void>(Wei{} - one), ArithmeticError);
    EXPECT_LT(Wei{}, one);
}

TEST(Quantity, RoundsAsItIsTold) {
    const Wei amount{std::uint64_t{10}};
    EXPECT_EQ(mul_div(amount, U256{1}, U256{3}, Rounding::down), Wei{std::uint64_t{3}});
    EXPECT_EQ(mul_div(amount, U256{1}, U256{3}, Rounding::up), Wei{std::uint64_t{4}});
    EXPECT_EQ(mul_div(amount, U256{1}, U256{5}, Rounding::up), Wei{std::uint64_t{2}});
}

TEST(Quantity, ConvertsBetweenNamedUnits) {
    EXPECT_EQ(to_wei(Gwei{3}), Wei{std::uint64_t{3'000'000'000}});
    EXPECT_EQ(cost(Gas{21'000}, to_wei(Gwei{2})), Wei{std::uint64_t{42'000'000'000'000}});
}

TEST(Count, StepsAndOrders) {
    EXPECT_EQ(BlockNumber{7}.next(), BlockNumber{8});
    EXPECT_EQ(Nonce{7}.next(3), Nonce{10});
    EXPECT_LT(Timestamp{1}, Timestamp{2});
}

}  // namespace
}  // namespace plimsoll::testing
