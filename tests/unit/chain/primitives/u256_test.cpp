// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/u256.hpp"

#include "tests/unit/chain/primitives/u256_oracle.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace plimsoll::testing {
namespace {

static_assert(sizeof(U256) == 32 && std::is_trivially_copyable_v<U256>);
static_assert(U256{7} * U256{6} == U256{42}, "arithmetic is constexpr");
static_assert(mul_div_down(U256::max(), U256::max(), U256::max()) == U256::max());

TEST(U256, AddsAndSubtractsAsUnboundedIntegersOrThrows) {
    Operands operands{1};
    for (int i = 0; i < kRandomCases; ++i) {
        const U256 a = operands.next();
        const U256 b = operands.next();
        const Big sum = to_big(a) + to_big(b);
        const Big difference = to_big(a) - to_big(b);
        ASSERT_EQ(checked([&] { return a + b; }), expected(sum));
        ASSERT_EQ(checked([&] { return a - b; }), expected(difference));
        ASSERT_EQ(wrapping_add(a, b), from_big(sum));
        ASSERT_EQ(wrapping_sub(a, b), from_big(difference + two_to_256()));
    }
}

TEST(U256, MultipliesAsUnboundedIntegersOrThrows) {
    Operands operands{2};
    for (int i = 0; i < kRandomCases; ++i) {
        const U256 a = operands.next();
        const U256 b = operands.next();
        ASSERT_EQ(checked([&] { return a * b; }), expected(to_big(a) * to_big(b)));
    }
}

TEST(U256, ComparesAsUnboundedIntegers) {
    Operands operands{3};
    for (int i = 0; i < kRandomCases; ++i) {
        const U256 a = operands.next();
        const U256 b = operands.next();
        ASSERT_EQ(a < b, to_big(a) < to_big(b));
        ASSERT_EQ(a == b, to_big(a) == to_big(b));
    }
    EXPECT_TRUE(U256{5} == U256{5} && U256{5} <= U256{5} && U256{5} >= U256{5});
}

TEST(U256, ShiftsAndMasksBitsBeyondTheEndAway) {
    Operands operands{4};
    for (int i = 0; i < kRandomCases; ++i) {
        const U256 a = operands.next();
        const U256 b = operands.next();
        const unsigned shift = operands.shift();
        ASSERT_EQ(a << shift, from_big((to_big(a) << shift) % two_to_256())) << shift;
        ASSERT_EQ(a >> shift, from_big(to_big(a) >> shift)) << shift;
        ASSERT_EQ(a & b, from_big(to_big(a) & to_big(b)));
        ASSERT_EQ(a | b, from_big(to_big(a) | to_big(b)));
        ASSERT_EQ(~a, from_big(two_to_256() - 1 - to_big(a)));
    }
}

TEST(U256, KnowsItsWidthAndItsBits) {
    EXPECT_EQ(U256{}.bit_width(), 0U);
    EXPECT_EQ(U256::max().bit_width(), 256U);
    for (unsigned i = 0; i < 256; ++i) {
        const U256 power = U256{1} << i;
        EXPECT_EQ(power.bit_width(), i + 1);
        EXPECT_TRUE(power.bit(i));
        EXPECT_EQ(power.fits64(), i < 64);
        EXPECT_EQ(power.fits128(), i < 128);
    }
    EXPECT_FALSE(U256::max().bit(256));
}

TEST(U256, CrossesBigEndianBytesUnchanged) {
    Operands operands{5};
    for (int i = 0; i < 10'000; ++i) {
        const U256 a = operands.next();
        const auto bytes = a.to_be();
        ASSERT_EQ(U256::from_be(bytes), a);
        Big rebuilt = 0;
        for (const std::uint8_t byte : bytes)
            rebuilt = rebuilt * 256 + byte;
        ASSERT_EQ(rebuilt, to_big(a));
    }
    EXPECT_THROW(static_cast<void>(U256::from_be(std::vector<std::uint8_t>(33))), ArithmeticError);
}

TEST(U256, BecomesADoubleForRanking) {
    EXPECT_EQ(U256{}.to_double(), 0.0);
    EXPECT_EQ(U256{1'000'000}.to_double(), 1e6);
    EXPECT_DOUBLE_EQ(pow10(60).to_double(), 1e60);
}

TEST(U256, RaisesTenUpToTheLastPowerThatFits) {
    Big expected_power = 1;
    for (unsigned i = 0; i <= 77; ++i, expected_power *= 10)
        EXPECT_EQ(to_big(pow10(i)), expected_power);
    EXPECT_THROW(static_cast<void>(pow10(78)), ArithmeticError);
}

}  // namespace
}  // namespace plimsoll::testing
