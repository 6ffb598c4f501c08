// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/narrow_math.hpp"

#include "strategy/venues/aave_v3/balances.hpp"
#include "tests/unit/chain/primitives/u256_oracle.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>

namespace plimsoll::strategy::aave_v3 {
namespace {

using plimsoll::testing::Big;
using plimsoll::testing::checked;
using plimsoll::testing::from_big;
using plimsoll::testing::to_big;

constexpr int kCases = PLIMSOLL_SANITIZED ? 3'000 : 30'000;

Big big(u128 value) {
    return to_big(U256::from_u128(value));
}
U256 wide(u128 value) {
    return U256::from_u128(value);
}
const Big& limit() {
    static const Big kValue = Big{1} << 128;
    return kValue;
}
const Big kBigRay = to_big(kRay);
const Big kBigWad = to_big(kWad);
const Big kBigYear = kSecondsPerYear;

Big down(const Big& a, const Big& b) {
    return a / b;
}
Big half_up(const Big& a, const Big& b) {
    return (a + b / 2) / b;
}
Big up(const Big& a, const Big& b) {
    return (a + b - 1) / b;
}

/// Numbers of any length, many of them next to where a formula's ranges end.
class Numbers {
  public:
    explicit Numbers(std::uint64_t seed) : random_{seed} {}

    std::uint64_t word() { return random_(); }
    std::uint64_t below(std::uint64_t end) { return random_() % end; }
    u128 any() {
        static const std::array<u128, 9> kEdges{0,
                                                1,
                                                kPercent,
                                                kWad.low128(),
                                                kRay.low128(),
                                                u128{1} << 64U,
                                                u128{1} << 127U,
                                                ~u128{0},
                                                kRay.low128() / 2};
        if (below(4) == 0) return kEdges[below(kEdges.size())] + below(3) - 1;
        const u128 bits = (u128{word()} << 64U) | word();
        return bits >> below(128);
    }
    /// So that any() * it / scale comes out next to 2^128.
    u128 next_to_the_end(u128 other, const Big& scale) {
        const Big value = other == 0 ? Big{} : limit() * scale / big(other) + Big{below(5)} - 2;
        return value < 0 || value >= limit() ? any() : from_big(value).low128();
    }
    BasisPoints percentage() {
        const std::uint64_t kind = below(8);
        if (kind == 0) return BasisPoints{0};
        return BasisPoints{kind == 1 ? word() : below(20'001)};
    }

  private:
    std::mt19937_64 random_;
};

/// `expected`: what unbounded integers make of it, nothing for a division by zero. It must be that exactly
/// if it has 128 bits, and the wide formula must say the same.
void expect_one(const std::optional<Big>& expected, const std::function<u128(NarrowMath&)>& narrow,
                const std::function<U256()>& formula) {
    NarrowMath math;
    const u128 got = narrow(math);
    ASSERT_EQ(math.fits(), expected.has_value() && *expected < limit());
    if (!math.fits()) return;
    ASSERT_EQ(big(got), *expected);
    const std::optional<U256> same = checked(formula);
    ASSERT_TRUE(same.has_value()) << "the wide formula throws";
    ASSERT_EQ(to_big(*same), *expected);
}

std::optional<Big> quotient(Big (*rounded)(const Big&, const Big&), const Big& a, u128 b) {
    if (b == 0) return std::nullopt;
    return rounded(a, big(b));
}

/// It may have no room where the two steps had; if it has, it says what they do.
void expect_health(u128 a, u128 b) {
    NarrowMath math;
    const u128 got = math.wad_div_out_of_basis_points(a, b);
    const bool has_room = b != 0 && big(b) * kPercent < limit();
    ASSERT_EQ(math.fits(), has_room && half_up(big(a) * kBigWad, big(b)) / kPercent < limit());
    if (!math.fits()) return;
    ASSERT_EQ(big(got), half_up(big(a) * kBigWad, big(b)) / kPercent);
    ASSERT_EQ(wide(got), wad_div_half_up(wide(a), wide(b)) / U256{kPercent});
}

TEST(NarrowMath, RayAndWadAreWhatUnboundedIntegersSayOrDoNotFit) {
    Numbers numbers{41};
    for (int i = 0; i < kCases; ++i) {
        const u128 a = numbers.any();
        const u128 b = i % 3 == 0 ? numbers.next_to_the_end(a, kBigRay) : numbers.any();
        const Big product = big(a) * big(b);
        const Big scaled = big(a) * kBigRay;
        using N = NarrowMath;
        expect_one(
            half_up(product, kBigRay), [&](N& n) { return n.ray_mul_half_up(a, b); },
            [&] { return ray_mul_half_up(wide(a), wide(b)); });
        expect_one(
            down(product, kBigRay), [&](N& n) { return n.ray_mul_down(a, b); },
            [&] { return ray_mul_down(wide(a), wide(b)); });
        expect_one(
            up(product, kBigRay), [&](N& n) { return n.ray_mul_up(a, b); },
            [&] { return ray_mul_up(wide(a), wide(b)); });
        expect_one(
            quotient(half_up, scaled, b), [&](N& n) { return n.ray_div_half_up(a, b); },
            [&] { return ray_div_half_up(wide(a), wide(b)); });
        expect_one(
            quotient(down, scaled, b), [&](N& n) { return n.ray_div_down(a, b); },
            [&] { return ray_div_down(wide(a), wide(b)); });
        expect_one(
            quotient(up, scaled, b), [&](N& n) { return n.ray_div_up(a, b); },
            [&] { return ray_div_up(wide(a), wide(b)); });
        expect_one(
            quotient(half_up, big(a) * kBigWad, b), [&](N& n) { return n.wad_div_half_up(a, b); },
            [&] { return wad_div_half_up(wide(a), wide(b)); });
        expect_health(a, b);
        if (HasFatalFailure()) return;
    }
}

TEST(NarrowMath, PercentagesAreWhatUnboundedIntegersSayOrDoNotFit) {
    Numbers numbers{42};
    const Big percent = kPercent;
    for (int i = 0; i < kCases; ++i) {
        const BasisPoints share = numbers.percentage();
        const u128 a = i % 3 == 0 ? numbers.next_to_the_end(share.value, percent) : numbers.any();
        const Big product = big(a) * share.value;
        const Big scaled = big(a) * percent;
        using N = NarrowMath;
        expect_one(
            half_up(product, percent), [&](N& n) { return n.percent_mul_half_up(a, share); },
            [&] { return percent_mul_half_up(wide(a), share); });
        expect_one(
            down(product, percent), [&](N& n) { return n.percent_mul_down(a, share); },
            [&] { return percent_mul_down(wide(a), share); });
        expect_one(
            up(product, percent), [&](N& n) { return n.percent_mul_up(a, share); },
            [&] { return percent_mul_up(wide(a), share); });
        expect_one(
            quotient(half_up, scaled, share.value), [&](N& n) { return n.percent_div_half_up(a, share); },
            [&] { return percent_div_half_up(wide(a), share); });
        expect_one(
            quotient(down, scaled, share.value), [&](N& n) { return n.percent_div_down(a, share); },
            [&] { return percent_div_down(wide(a), share); });
        expect_one(
            quotient(up, scaled, share.value), [&](N& n) { return n.percent_div_up(a, share); },
            [&] { return percent_div_up(wide(a), share); });
        if (HasFatalFailure()) return;
    }
}

Big binomial(const Big& rate, std::uint64_t elapsed) {
    if (elapsed == 0) return kBigRay;
    const Big n = elapsed;
    const Big two = half_up(rate * rate, kBigRay) / (kBigYear * kBigYear);
    const Big three = half_up(two * rate, kBigRay) / kBigYear;
    const Big less_two = elapsed > 2 ? Big{elapsed - 2} : Big{0};
    return kBigRay + rate * n / kBigYear + n * (n - 1) * two / 2 + n * (n - 1) * less_two * three / 6;
}

Big taylor(const Big& rate, std::uint64_t elapsed) {
    const Big x = rate * elapsed / kBigYear;
    return kBigRay + x + half_up(x * (x / 2 + half_up(x * (x / 6), kBigRay)), kBigRay);
}

/// Whatever fits is right. What a market sees, up to a thousandfold a year over ten years, must fit.
void expect_growth(const Big& expected, bool must_fit, const std::function<u128(NarrowMath&)>& narrow,
                   const std::function<U256()>& formula) {
    NarrowMath math;
    const u128 got = narrow(math);
    ASSERT_TRUE(math.fits() || !must_fit);
    if (!math.fits()) return;
    ASSERT_EQ(big(got), expected);
    ASSERT_EQ(checked(formula), from_big(expected));
}

TEST(NarrowMath, InterestIsWhatUnboundedIntegersSayOrDoesNotFit) {
    Numbers numbers{43};
    const std::array<std::uint64_t, 6> kTimes{0, 1, 2, 3, 12, kSecondsPerYear};
    for (int i = 0; i < kCases; ++i) {
        const bool usual = i % 2 == 0;
        const u128 rate = usual ? numbers.any() % (kRay.low128() * 10) : numbers.any();
        std::uint64_t elapsed = kTimes[numbers.below(kTimes.size())];
        if (i % 3 == 0) elapsed = usual ? numbers.below(kSecondsPerYear * 10) : numbers.word();
        const U256 r = wide(rate);
        using N = NarrowMath;
        expect_growth(
            kBigRay + big(rate) * elapsed / kBigYear, usual,
            [&](N& n) { return n.linear_interest(rate, elapsed); },
            [&] { return linear_interest(r, elapsed); });
        expect_growth(
            binomial(big(rate), elapsed), usual, [&](N& n) { return n.compounded_binomial(rate, elapsed); },
            [&] { return compounded_binomial(r, elapsed); });
        expect_growth(
            taylor(big(rate), elapsed), usual, [&](N& n) { return n.compounded_taylor(rate, elapsed); },
            [&] { return compounded_taylor(r, elapsed); });
        if (HasFatalFailure()) return;
    }
}

TEST(NarrowMath, EveryRevisionRoundsBalancesAndDebtsAsTheWideFormulas) {
    Numbers numbers{44};
    for (int i = 0; i < kCases; ++i) {
        const Rules& rules = all_rules()[numbers.below(all_rules().size())];
        const bool directional = rules.first >= 9;  // 3.5 and later
        const u128 a = numbers.any();
        const u128 b = numbers.any();
        const std::uint64_t price = numbers.word() >> numbers.below(64);
        const std::uint64_t unit =
            i % 4 == 0 ? numbers.word() : pow10(static_cast<unsigned>(numbers.below(19))).low64();
        const Big value = big(a) * price;
        const Big product = big(a) * big(b);
        using N = NarrowMath;
        expect_one(
            directional ? down(product, kBigRay) : half_up(product, kBigRay),
            [&](N& n) { return n.supply_balance(rules, a, b); },
            [&] { return supply_balance(rules, wide(a), wide(b)); });
        expect_one(
            directional ? up(product, kBigRay) : half_up(product, kBigRay),
            [&](N& n) { return n.debt_balance(rules, a, b); },
            [&] { return debt_balance(rules, wide(a), wide(b)); });
        expect_one(
            quotient(directional ? up : down, value, unit),
            [&](N& n) { return n.debt_value(rules, a, price, unit); },
            [&] { return debt_value(rules, wide(a), U256{price}, U256{unit}); });
        expect_one(
            quotient(down, value, unit), [&](N& n) { return n.supply_value(a, price, unit); },
            [&] { return wide(a) * U256{price} / U256{unit}; });
        expect_one(
            big(a) * price, [&](N& n) { return n.product(a, BasisPoints{price}); },
            [&] { return wide(a) * U256{price}; });
        const auto elapsed = numbers.below(1'000'000'000);
        const u128 rate = a % kRay.low128();
        expect_growth(
            rules.first >= 8 ? taylor(big(rate), elapsed) : binomial(big(rate), elapsed), true,
            [&](N& n) { return n.compounded_interest(rules, rate, elapsed); },
            [&] { return compounded_interest(rules, wide(rate), elapsed); });
        if (HasFatalFailure()) return;
    }
}

TEST(NarrowMath, WhatDidNotFitOnceStaysUnfit) {
    NarrowMath math;
    EXPECT_TRUE(math.sum(~u128{0}, 0) == ~u128{0} && math.fits());
    static_cast<void>(math.sum(~u128{0}, 1));
    EXPECT_FALSE(math.fits());
    EXPECT_EQ(big(math.ray_mul_half_up(5, kRay.low128())), 5);
    EXPECT_FALSE(math.fits());
    NarrowMath product;
    static_cast<void>(product.product(u128{1} << 64U, u128{1} << 64U));
    EXPECT_FALSE(product.fits());
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
