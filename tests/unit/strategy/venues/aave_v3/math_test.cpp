// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/math.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plimsoll::strategy::aave_v3 {
namespace {

TEST(AaveMath, RoundsHalfUpAtTheMiddle) {
    const U256 half_ray = kRay / U256{2};
    EXPECT_EQ(ray_mul_half_up(U256{1}, half_ray), U256{1});
    EXPECT_EQ(ray_mul_half_up(U256{1}, half_ray - U256{1}), U256{0});
    EXPECT_EQ(ray_div_half_up(U256{1}, kRay * U256{2}), U256{1});
    EXPECT_EQ(ray_div_half_up(U256{1}, kRay * U256{2} + U256{1}), U256{0});
    EXPECT_EQ(percent_mul_half_up(U256{1}, BasisPoints{5'000}), U256{1});
    EXPECT_EQ(percent_mul_half_up(U256{1}, BasisPoints{4'999}), U256{0});
    EXPECT_EQ(percent_div_half_up(U256{1}, BasisPoints{20'000}), U256{1});
    EXPECT_EQ(percent_div_half_up(U256{1}, BasisPoints{20'001}), U256{0});
    EXPECT_EQ(wad_div_half_up(U256{1}, kWad * U256{2}), U256{1});
}

TEST(AaveMath, RoundsDownAndUp) {
    const U256 half_ray = kRay / U256{2};
    EXPECT_EQ(ray_mul_down(U256{3}, half_ray), U256{1});
    EXPECT_EQ(ray_mul_up(U256{3}, half_ray), U256{2});
    EXPECT_EQ(ray_mul_up(U256{2}, half_ray), U256{1});
    EXPECT_EQ(ray_div_down(U256{3}, kRay * U256{2}), U256{1});
    EXPECT_EQ(ray_div_up(U256{3}, kRay * U256{2}), U256{2});
    EXPECT_EQ(percent_mul_down(U256{1}, BasisPoints{9'999}), U256{0});
    EXPECT_EQ(percent_mul_up(U256{1}, BasisPoints{1}), U256{1});
    EXPECT_EQ(percent_div_down(U256{1}, BasisPoints{10'001}), U256{0});
    EXPECT_EQ(percent_div_up(U256{1}, BasisPoints{10'001}), U256{1});
    EXPECT_EQ(percent_div_up(U256{0}, BasisPoints{10'001}), U256{0});
    EXPECT_THROW((void)ray_mul_up(U256::max(), U256{2}), ArithmeticError);
    EXPECT_THROW((void)divide_up(U256{1}, U256{0}), ArithmeticError);
}

TEST(AaveMath, ThrowsExactlyWhereSolidityReverts) {
    const U256 half_ray = kRay / U256{2};
    // WadRayMath.rayMul: a <= (2^256 - 1 - HALF_RAY) / b
    const U256 b{7};
    const U256 limit = (U256::max() - half_ray) / b;
    EXPECT_NO_THROW((void)ray_mul_half_up(limit, b));
    EXPECT_THROW((void)ray_mul_half_up(limit + U256{1}, b), ArithmeticError);
    EXPECT_NO_THROW((void)ray_mul_half_up(U256::max(), U256{0}));
    // WadRayMath.rayDiv: b != 0 and a <= (2^256 - 1 - b / 2) / RAY
    const U256 most = (U256::max() - U256{3}) / kRay;
    EXPECT_NO_THROW((void)ray_div_half_up(most, b));
    EXPECT_THROW((void)ray_div_half_up(most + U256{1}, b), ArithmeticError);
    EXPECT_THROW((void)ray_div_half_up(U256{1}, U256{0}), ArithmeticError);
    EXPECT_THROW((void)percent_div_half_up(U256{1}, BasisPoints{0}), ArithmeticError);
    EXPECT_THROW((void)compounded_binomial(U256::max(), 1), ArithmeticError);
    EXPECT_THROW((void)linear_interest(U256::max(), 2), ArithmeticError);
}

TEST(AaveMath, NoTimeNoInterest) {
    EXPECT_EQ(linear_interest(U256{12345}, 0), kRay);
    EXPECT_EQ(compounded_binomial(U256{12345}, 0), kRay);
}

RC_GTEST_PROP(AaveMath, AFullRepaymentBurnsTheWholeScaledDebt, (std::uint64_t scaled, std::uint64_t above)) {
    // The borrow flag follows from the debt only because of this.
    const U256 index = kRay + U256{above} * U256{1'000'000};
    const U256 owed = ray_mul_half_up(U256{scaled}, index);
    RC_ASSERT(ray_div_half_up(owed, index) == U256{scaled});
}

RC_GTEST_PROP(AaveMath, LinearInterestNeverExceedsCompounded, (std::uint32_t rate_low, std::uint16_t days)) {
    const U256 rate = U256{rate_low} * pow10(17);  // up to 43 % a year
    const std::uint64_t seconds = std::uint64_t{days} * 86'400;
    RC_ASSERT(linear_interest(rate, seconds) <= compounded_binomial(rate, seconds) + U256{1});
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
