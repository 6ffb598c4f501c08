// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/depth_curve.hpp"

#include "tests/unit/strategy/scripted/pools.hpp"
#include "tests/unit/strategy/scripted/venue.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plimsoll::strategy {
namespace {

using scripted::address_of;

scripted::Pool pool_of(const U256& reserve0, const U256& reserve1, std::uint32_t fee) {
    return scripted::Pool{address_of(1), address_of(2), address_of(3), fee, reserve0, reserve1};
}

/// A geometric grid with ratio 5/4 up to `largest`.
DepthCurve curve_of(const scripted::Pool& pool, const TokenAmount& smallest, const TokenAmount& largest) {
    std::vector<CurvePoint> points;
    TokenAmount x = smallest;
    for (;;) {
        points.push_back(pool.quote(true, x));
        if (x >= largest) break;
        x = x + TokenAmount{x.raw() / U256{4} + U256{1}};
    }
    return DepthCurve{pool.sqrt_price(), points};
}

TokenAmount amount(std::uint64_t raw) {
    return TokenAmount{raw};
}

TEST(DepthCurve, IsExactAtItsPoints) {
    const auto pool = pool_of(U256{1'000'000'000'000ULL}, U256{2'000'000'000'000ULL}, 3000);
    const DepthCurve curve = curve_of(pool, amount(1'000), amount(100'000'000'000ULL));
    for (const CurvePoint& point : curve.points()) {
        EXPECT_EQ(curve.lower(point.in), point.out);
        EXPECT_EQ(curve.upper(point.in), point.out);
    }
}

TEST(DepthCurve, EndsWhereItsPointsEnd) {
    const auto pool = pool_of(U256{1'000'000}, U256{1'000'000}, 500);
    const DepthCurve curve = curve_of(pool, amount(100), amount(10'000));
    EXPECT_TRUE(curve.sell(amount(0), curve.longest()).has_value());
    const auto beyond = curve.sell(amount(1), curve.longest());
    ASSERT_FALSE(beyond.has_value());
    EXPECT_EQ(beyond.error().code, Errc::limit_exceeded);
    EXPECT_FALSE(DepthCurve{}.sell(amount(0), amount(1)).has_value());
}

TEST(DepthCurve, PointsWithoutRisingOutputAreLeftOut) {
    const std::vector<CurvePoint> points{{amount(1), amount(0), U256{1}, 0},
                                         {amount(100), amount(90), U256{1}, 0},
                                         {amount(150), amount(90), U256{1}, 0},
                                         {amount(200), amount(170), U256{1}, 0}};
    const DepthCurve curve{U256{1}, points};
    EXPECT_EQ(curve.points().size(), 2U);
    EXPECT_EQ(curve.lower(amount(150)), amount(130));
}

TEST(DepthCurve, InsertedPointSharpensAndContradictionIsRefused) {
    const auto pool = pool_of(U256{1'000'000'000}, U256{1'000'000'000}, 500);
    std::vector<CurvePoint> points{pool.quote(true, amount(1'000'000)),
                                   pool.quote(true, amount(500'000'000))};
    DepthCurve curve{pool.sqrt_price(), points};
    const TokenAmount middle = amount(250'000'000);
    const TokenAmount before = curve.lower(middle);
    curve.insert(pool.quote(true, middle));
    EXPECT_GT(curve.lower(middle), before);
    EXPECT_EQ(curve.lower(middle), pool.quote(true, middle).out);
    EXPECT_TRUE(curve.knows(amount(250'100'000), 200));
    EXPECT_FALSE(curve.knows(amount(300'000'000), 200));
    curve.insert(CurvePoint{amount(300'000'000), amount(1), U256{1}, 0});
    EXPECT_EQ(curve.points().size(), 3U);
}

RC_GTEST_PROP(DepthCurve, BoundsTheTrueOutputFromBothSides, ()) {
    const U256 reserve0{*rc::gen::inRange<std::uint64_t>(1'000'000'000, 1'000'000'000'000'000)};
    const U256 reserve1{*rc::gen::inRange<std::uint64_t>(1'000'000'000, 1'000'000'000'000'000)};
    const auto pool = pool_of(reserve0, reserve1, *rc::gen::element<std::uint32_t>(100, 500, 3000, 10000));
    const TokenAmount largest{reserve0 / U256{2}};
    const DepthCurve curve = curve_of(pool, TokenAmount{reserve0 / U256{1'000'000} + U256{1}}, largest);
    const TokenAmount x{*rc::gen::inRange<std::uint64_t>(1, largest.raw().low64())};
    const TokenAmount truth = pool.quote(true, x).out;
    // The pool rounds its own answers down, which may bend the curve by a unit or two.
    RC_ASSERT(curve.lower(x) <= truth + amount(2));
    RC_ASSERT(curve.upper(x) + amount(2) >= truth);
    // Interpolation costs less than a hundredth, except below the first points.
    if (x >= curve.points()[2].in)
        RC_ASSERT(curve.lower(x) + TokenAmount{truth.raw() / U256{100}} + amount(2) >= truth);
}

RC_GTEST_PROP(DepthCurve, SellingInSequenceNeverPromisesMoreThanOneSale, ()) {
    const U256 reserve{*rc::gen::inRange<std::uint64_t>(1'000'000'000, 1'000'000'000'000'000)};
    const auto pool = pool_of(reserve, reserve, 500);
    const TokenAmount largest{reserve / U256{2}};
    const DepthCurve curve = curve_of(pool, TokenAmount{reserve / U256{1'000'000} + U256{1}}, largest);
    TokenAmount consumed;
    TokenAmount promised;
    for (int i = 0; i < 8; ++i) {
        const TokenAmount x{*rc::gen::inRange<std::uint64_t>(1, largest.raw().low64() / 9)};
        const auto swap = curve.sell(consumed, x);
        RC_ASSERT(swap.has_value());
        RC_ASSERT(swap->out <= curve.lower(x) + amount(2));  // a pool that was sold into gives less
        promised += swap->out;
        consumed += x;
    }
    RC_ASSERT(promised <= pool.quote(true, consumed).out + amount(10));  // a unit each may be rounding
}

}  // namespace
}  // namespace plimsoll::strategy
