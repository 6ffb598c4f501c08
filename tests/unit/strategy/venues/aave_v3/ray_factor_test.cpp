// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/ray_factor.hpp"

#include "tests/unit/chain/primitives/u256_oracle.hpp"

#include <gtest/gtest.h>

#include <random>

namespace plimsoll::strategy::aave_v3 {
namespace {

using plimsoll::testing::Big;
using plimsoll::testing::from_big;
using plimsoll::testing::to_big;
using Rounding = RayFactor::Rounding;

constexpr int kFactors = PLIMSOLL_SANITIZED ? 500 : 5'000;
const Big kBigOne = to_big(kRay);

Big unbounded(u128 value) {
    return to_big(U256::from_u128(value));
}

Big rounded(const Big& scaled, const Big& index, Rounding rounding) {
    const Big addend = rounding == Rounding::down ? Big{0}
                       : rounding == Rounding::up ? Big{kBigOne - 1}
                                                  : Big{kBigOne / 2};
    return (scaled * index + addend) / kBigOne;
}

/// How many of the three roundings are sure; those are right.
int sure_ones(u128 scaled, u128 index) {
    int out = 0;
    for (const Rounding rounding : {Rounding::down, Rounding::half_up, Rounding::up}) {
        const RayFactor::Product got = RayFactor{index}.times(scaled, rounding);
        if (!got.sure) continue;
        ++out;
        EXPECT_EQ(unbounded(got.value), rounded(unbounded(scaled), unbounded(index), rounding))
            << unbounded(scaled) << " * " << unbounded(index);
    }
    return out;
}

class Chance {
  public:
    u128 below(unsigned bits) {
        const u128 out = (u128{random_()} << 64U) | random_();
        return bits == 0 ? 0 : out >> (128U - bits);
    }
    std::uint64_t word() { return random_(); }

  private:
    std::mt19937_64 random_{71};
};

/// x with x * number = 1 modulo RAY; the number must not be divisible by 2 or 5.
Big inverse(const Big& number) {
    Big a = number % kBigOne;
    Big b = kBigOne;
    Big x = 1;
    Big y = 0;
    while (b != 0) {
        const Big quotient = a / b;
        const Big rest = a % b;
        const Big next = x - quotient * y;
        a = b;
        b = rest;
        x = y;
        y = next;
    }
    return (x % kBigOne + kBigOne) % kBigOne;
}

TEST(RayFactor, IsRightWheneverItIsSureAtEverySize) {
    Chance chance;
    for (int i = 0; i < kFactors && !::testing::Test::HasFailure(); ++i) {
        const auto scaled_bits = static_cast<unsigned>(chance.word() % 129);
        const auto index_bits = static_cast<unsigned>(chance.word() % 129);
        static_cast<void>(sure_ones(chance.below(scaled_bits), chance.below(index_bits)));
    }
}

TEST(RayFactor, IsSureOfNearlyAllRealBalances) {
    Chance chance;
    int sure = 0;
    for (int i = 0; i < kFactors; ++i)
        sure += sure_ones(chance.below(90), kRay.low128() + chance.below(92));
    EXPECT_GT(sure, 3 * kFactors - kFactors / 100);
}

// Balances whose product with the index leaves exactly so much modulo RAY: next to where a rounding jumps.
TEST(RayFactor, IsNotSureOfAWrongNeighbour) {
    Chance chance;
    int sure = 0;
    for (int i = 0; i < kFactors / 50 && !::testing::Test::HasFailure(); ++i) {
        const u128 index = kRay.low128() + chance.below(91) / 10 * 10 + 1;
        const Big back = inverse(unbounded(index));
        ASSERT_EQ(back * unbounded(index) % kBigOne, 1);
        for (const Big& jump : {Big{0}, Big{kBigOne / 2}}) {
            for (int away = -3; away <= 3; ++away) {
                const Big scaled = (jump + away + kBigOne) * back % kBigOne;
                sure += sure_ones(from_big(scaled).low128(), index);
            }
        }
    }
    // Next to a whole number "half up" is sure, next to a half the other two are, and nothing at all is
    // nothing when rounded down.
    EXPECT_EQ(sure, kFactors / 50 * (7 * (1 + 2) + 1));
}

TEST(RayFactor, IsRightOrUnsureAtTheEndsOfItsRange) {
    constexpr u128 kOneBit = 1;
    for (unsigned bits = 80; bits < 128; ++bits) {
        for (int away = -1; away <= 1; ++away) {
            const u128 number = (kOneBit << bits) + static_cast<u128>(away);
            for (const u128 other :
                 {kRay.low128(), kRay.low128() + 1, kRay.low128() * 3 - 1, (kOneBit << 105U) - 1,
                  kOneBit << 105U, (kOneBit << 96U) - 1, kOneBit << 96U, ~u128{0}}) {
                static_cast<void>(sure_ones(number, other));
                static_cast<void>(sure_ones(other, number));
            }
        }
    }
    EXPECT_EQ(sure_ones((kOneBit << 96U) + 12'345, kRay.low128() * 3 / 2), 0) << "too large a balance";
    EXPECT_EQ(sure_ones(12'345, kOneBit << 105U), 0) << "too large an index";
    EXPECT_FALSE(RayFactor{}.times(12'345, Rounding::down).sure);
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
