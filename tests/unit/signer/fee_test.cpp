// SPDX-License-Identifier: Apache-2.0
#include "signer/fee.hpp"

#include <gtest/gtest.h>

namespace plimsoll::signer {
namespace {

Head head_with(std::uint64_t base_fee_gwei) {
    Head out;
    out.base_fee = to_wei(Gwei{base_fee_gwei});
    out.gas_limit = Gas{30'000'000};
    out.gas_used = Gas{15'000'000};  // at the target the base fee stays
    return out;
}

FeePolicy policy() {
    return FeePolicy{FeeLimits{to_wei(Gwei{1}), to_wei(Gwei{100}), {}}};
}

TEST(FeePolicy, OffersTwiceTheBaseFeeAndTheTip) {
    const auto fee = policy().price(head_with(20));
    ASSERT_TRUE(fee);
    EXPECT_EQ(fee->max_fee_per_gas, to_wei(Gwei{41}));
    EXPECT_EQ(fee->max_priority_fee_per_gas, to_wei(Gwei{1}));
}

TEST(FeePolicy, NeverOffersMoreThanTheCap) {
    EXPECT_EQ(policy().price(head_with(60))->max_fee_per_gas, to_wei(Gwei{100}));
    EXPECT_EQ(policy().price(head_with(100)).error().code, Errc::limit_exceeded);
}

TEST(FeePolicy, AReplacementRaisesBothFieldsByATenthAtLeast) {
    const auto first = policy().price(head_with(20)).value();
    const auto second = policy().replace(first, head_with(20));
    ASSERT_TRUE(second);
    EXPECT_EQ(second->max_fee_per_gas, Wei{std::uint64_t{45'100'000'000}});
    EXPECT_EQ(second->max_priority_fee_per_gas, Wei{std::uint64_t{1'100'000'000}});
}

TEST(FeePolicy, AReplacementFollowsTheMarketUp) {
    const auto first = policy().price(head_with(20)).value();
    const auto second = policy().replace(first, head_with(45));
    ASSERT_TRUE(second);
    EXPECT_EQ(second->max_fee_per_gas, to_wei(Gwei{91}));
    EXPECT_EQ(second->max_priority_fee_per_gas, Wei{std::uint64_t{1'100'000'000}});
}

TEST(FeePolicy, AReplacementStaysPossibleWhenTodaysPriceIsAboveTheCap) {
    const auto first = policy().price(head_with(20)).value();
    EXPECT_EQ(policy().replace(first, head_with(500))->max_fee_per_gas, Wei{std::uint64_t{45'100'000'000}});
}

TEST(FeePolicy, NoReplacementLeadsAboveTheCap) {
    const auto first = policy().price(head_with(48)).value();  // 97 gwei
    EXPECT_EQ(policy().replace(first, head_with(48)).error().code, Errc::limit_exceeded);
}

}  // namespace
}  // namespace plimsoll::signer
