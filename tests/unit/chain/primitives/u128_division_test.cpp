// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/u128_division.hpp"

#include "tests/unit/chain/primitives/u256_oracle.hpp"

#include <gtest/gtest.h>

namespace plimsoll::testing {
namespace {

constexpr int kCases128 = kRandomCases / 4;  // each is several divisions

Big big(u128 value) {
    return to_big(U256::from_u128(value));
}
Big big(const Product256& value) {
    return (big(value.high) << 128) + big(value.low);
}
const Big& two_to_128() {
    static const Big kValue = Big{1} << 128;
    return kValue;
}

u128 next128(Operands& operands) {
    return operands.next().low128() >> (operands.shift() % 4 == 0 ? operands.shift() % 128 : 0);
}

void expect_narrow(const Product256& number, u128 divisor) {
    const NarrowQuotient got = divide(number, divisor);
    const bool fits = divisor != 0 && big(number) / big(divisor) < two_to_128();
    if (divisor <= ~std::uint64_t{0}) {
        const NarrowQuotient stepped = divide_in_two_steps(number, static_cast<std::uint64_t>(divisor));
        ASSERT_EQ(stepped.fits, fits);
        ASSERT_TRUE(stepped.quotient == got.quotient && stepped.remainder == got.remainder);
    }
    ASSERT_EQ(got.fits, fits) << big(number) << " / " << big(divisor);
    if (!fits) return;
    ASSERT_EQ(big(got.quotient), big(number) / big(divisor)) << big(number) << " / " << big(divisor);
    ASSERT_EQ(big(got.remainder), big(number) % big(divisor)) << big(number) << " / " << big(divisor);
}

TEST(U128Division, MultipliesAndAddsAsUnboundedIntegers) {
    Operands operands{31};
    for (int i = 0; i < kCases128; ++i) {
        const u128 a = next128(operands);
        const u128 b = next128(operands);
        const u128 c = next128(operands);
        const Product256 product = full_product(a, b);
        ASSERT_EQ(big(product), big(a) * big(b));
        const std::uint64_t word = operands.limb();
        ASSERT_EQ(big(full_product(a, word)), big(a) * word);
        ASSERT_EQ(big(plus(product, c)), big(a) * big(b) + big(c));
        const unsigned shift = operands.shift() % 127 + 1;
        ASSERT_EQ(big(shifted_down(product, shift)), (big(a) * big(b)) >> shift);
    }
    const u128 most = ~u128{0};
    EXPECT_EQ(big(plus(full_product(most, most), most)), big(most) * big(most) + big(most));
    const std::uint64_t longest = ~std::uint64_t{0};
    EXPECT_EQ(big(full_product(most, longest)), big(most) * longest);
}

TEST(U128Division, DividesExactlyOrSaysThatItDoesNotFit) {
    Operands operands{32};
    for (int i = 0; i < kCases128; ++i) {
        const u128 a = next128(operands);
        expect_narrow({a, next128(operands)}, next128(operands));
        expect_narrow({operands.limb(), a}, next128(operands));
        expect_narrow({0, a}, operands.limb());
    }
}

TEST(U128Division, IsExactNextToAQuotientOf128Bits) {
    Operands operands{33};
    for (int i = 0; i < kCases128; ++i) {
        const u128 divisor = i % 4 == 0 ? u128{operands.limb()} : next128(operands);
        if (divisor == 0) continue;
        // 2^128 times the divisor, and a little less and more.
        expect_narrow({divisor, 0}, divisor);
        expect_narrow({divisor - 1, ~u128{0}}, divisor);
        expect_narrow({divisor - 1, next128(operands)}, divisor);
        expect_narrow({divisor, 1}, divisor);
    }
}

TEST(U128Division, CorrectsGuessesThatAreTooHigh) {
    Operands operands{34};
    for (int i = 0; i < kCases128; ++i) {
        // q * d + r with a divisor whose second word is large: the first word alone promises too much.
        const u128 divisor = (u128{operands.limb() | (1ULL << 63U)} << 64U) | ~operands.limb();
        const u128 quotient = next128(operands);
        const u128 remainder = i % 2 == 0 ? divisor - 1 : next128(operands) % divisor;
        const NarrowQuotient got = divide(plus(full_product(quotient, divisor), remainder), divisor);
        ASSERT_TRUE(got.fits);
        ASSERT_TRUE(got.quotient == quotient && got.remainder == remainder) << big(divisor);
    }
}

// The compiler computes these without the machine's own division.
constexpr u128 kTop128 = u128{1} << 127U;
static_assert(divide(full_product(kTop128, kTop128 + 12345), kTop128).quotient == kTop128 + 12345);
static_assert(divide(full_product(u128{1} << 63U, u128{1'000'000'007}), 1ULL << 63U).quotient ==
              1'000'000'007);
static_assert(!divide({1, 0}, 1).fits && !divide({0, 1}, 0).fits);

}  // namespace
}  // namespace plimsoll::testing
