// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/u256.hpp"
#include "tests/unit/chain/primitives/u256_oracle.hpp"

#include <gtest/gtest.h>

namespace plimsoll::testing {
namespace {

void expect_mul_div(const U256& a, const U256& b, const U256& denominator) {
    const Big product = to_big(a) * to_big(b);
    if (denominator.is_zero()) {
        EXPECT_THROW(static_cast<void>(mul_div_down(a, b, denominator)), ArithmeticError);
        EXPECT_THROW(static_cast<void>(mul_div_up(a, b, denominator)), ArithmeticError);
        return;
    }
    const Big divisor = to_big(denominator);
    const Big up = (product + divisor - 1) / divisor;
    ASSERT_EQ(checked([&] { return mul_div_down(a, b, denominator); }), expected(product / divisor))
        << to_decimal(a) << " * " << to_decimal(b) << " / " << to_decimal(denominator);
    ASSERT_EQ(checked([&] { return mul_div_up(a, b, denominator); }), expected(up))
        << to_decimal(a) << " * " << to_decimal(b) << " / " << to_decimal(denominator);
}

void expect_divides(const U256& a, const U256& b) {
    ASSERT_EQ(a / b, from_big(to_big(a) / to_big(b))) << to_decimal(a) << " / " << to_decimal(b);
    ASSERT_EQ(a % b, from_big(to_big(a) % to_big(b))) << to_decimal(a) << " % " << to_decimal(b);
}

TEST(U256Division, DividesAsUnboundedIntegersOrThrowsOnZero) {
    Operands operands{11};
    for (int i = 0; i < kRandomCases; ++i) {
        const U256 a = operands.next();
        const U256 b = operands.next();
        if (b.is_zero()) {
            ASSERT_THROW(static_cast<void>(a / b), ArithmeticError);
            ASSERT_THROW(static_cast<void>(a % b), ArithmeticError);
        } else {
            expect_divides(a, b);
        }
    }
}

TEST(U256Division, MulDivRoundsTheFullProduct) {
    Operands operands{12};
    for (int i = 0; i < kRandomCases; ++i)
        expect_mul_div(operands.next(), operands.next(), operands.next());
}

TEST(U256Division, MulDivIsExactNextToAQuotientOf256Bits) {
    Operands operands{13};
    for (int i = 0; i < 50'000; ++i) {
        const U256 a = operands.next();
        const U256 divisor = operands.next();
        if (a.is_zero() || divisor.is_zero()) continue;
        // b such that a * b / divisor is just below, at or just above 2^256.
        const Big edge = two_to_256() * to_big(divisor) / to_big(a);
        for (int step = -1; step <= 1; ++step) {
            const Big b = edge + step;
            if (b >= 0 && b < two_to_256()) expect_mul_div(a, from_big(b), divisor);
        }
    }
}

/// Operands for which the estimate of a quotient limb is one too large even after Knuth's correction, so that
/// the divisor must be added back (after Hacker's Delight, divmnu tests, scaled from 16-bit to 64-bit limbs).
TEST(U256Division, AddsTheDivisorBackWhereTheEstimateIsTooLarge) {
    constexpr std::uint64_t kTop = std::uint64_t{1} << 63U;
    constexpr std::uint64_t kOnes = ~std::uint64_t{0};
    expect_divides(U256::from_limbs({3, 0, kTop, 0}), U256::from_limbs({1, 0, kTop >> 2U, 0}));
    expect_divides(U256::from_limbs({0, 0, kTop, kTop - 1}), U256::from_limbs({1, 0, kTop, 0}));
    expect_divides(U256::from_limbs({0, kOnes - 1, kTop, 0}), U256::from_limbs({kOnes, kTop, 0, 0}));
    expect_divides(U256::from_limbs({kOnes, kOnes, kTop - 1, kTop}), U256::from_limbs({kOnes, 0, kTop, 0}));
    expect_divides(U256::from_limbs({0, 0, 0, kTop}), U256::from_limbs({kOnes, kOnes, kTop, 0}));
}

/// Numerators just around multiples of the divisor with long runs of ones: the region where remainders sit at
/// 0 and d - 1.
TEST(U256Division, IsExactAroundMultiplesOfTheDivisor) {
    Operands operands{14};
    for (int i = 0; i < 50'000; ++i) {
        const U256 divisor = operands.next();
        const U256 factor = operands.next();
        if (divisor.is_zero()) continue;
        const Big product = to_big(divisor) * to_big(factor);
        for (const Big& numerator : {Big{product - 1}, product, Big{product + 1}}) {
            if (numerator >= 0 && numerator < two_to_256()) expect_divides(from_big(numerator), divisor);
        }
    }
}

TEST(U256Division, MulDivUpNeverWrapsAtTheTop) {
    EXPECT_EQ(mul_div_up(U256::max(), U256{1}, U256{1}), U256::max());
    EXPECT_THROW(static_cast<void>(mul_div_up(U256::max(), U256{3}, U256{2})), ArithmeticError);
    // (2^256 - 2) * (2^255 + 1) = (2^256 - 1) * 2^255 + (2^255 - 2): the floor fits, the ceiling is 2^256.
    const U256 half = U256{1} << 255U;
    EXPECT_EQ(mul_div_down(U256::max() - U256{1}, half + U256{1}, half), U256::max());
    EXPECT_THROW(static_cast<void>(mul_div_up(U256::max() - U256{1}, half + U256{1}, half)), ArithmeticError);
}

}  // namespace
}  // namespace plimsoll::testing
