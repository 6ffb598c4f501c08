// SPDX-License-Identifier: Apache-2.0
#include "chain/fees/fee_quote.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plimsoll::testing {
namespace {

using fees::bump_fee;
using fees::bumped;
using fees::FeeQuote;
using fees::quote_fee;

Wei wei(std::uint64_t value) {
    return Wei{value};
}

/// A head whose next base fee equals its own.
Head steady_head(std::uint64_t fee) {
    Head out;
    out.base_fee = wei(fee);
    out.gas_used = Gas{15'000'000};
    out.gas_limit = Gas{30'000'000};
    return out;
}

TEST(FeeQuote, OffersTwiceTheBaseFeePlusTip) {
    const auto quote = quote_fee(steady_head(1'000), wei(50), wei(10'000));
    EXPECT_EQ(quote, (Result<FeeQuote>{FeeQuote{wei(1'000), wei(2'050), wei(50)}}));
}

TEST(FeeQuote, OffersTheBoundOfTheBlocksItIsMeantFor) {
    const Wei cap{std::uint64_t{1} << 62U};
    const Head head = steady_head(8'000);
    const auto offered = [&](std::uint32_t blocks) {
        return quote_fee(head, wei(50), cap, {}, blocks).value().max_fee_per_gas;
    };
    EXPECT_EQ(offered(1), wei(10'050)) << "a quarter above it at least";
    EXPECT_EQ(offered(3), wei(10'175)) << "8000 x 9/8 x 9/8 + 50";
    EXPECT_EQ(offered(6), wei(8'000 + 6'414 + 50)) << "five times an eighth more, rounded down each time";
    EXPECT_EQ(offered(12), offered(1'000)) << "an end far away is as good as none";
    EXPECT_EQ(offered(0), wei(16'050));
}

TEST(FeeQuote, DoublesWhereTheBaseFeeDoesNotFollowTheLoad) {
    EXPECT_EQ(quote_fee(steady_head(1'000), wei(50), wei(10'000), fees::Elasticity{0, 0}, 3),
              (Result<FeeQuote>{FeeQuote{wei(1'000), wei(2'050), wei(50)}}));
}

TEST(FeeQuote, PricesTheNextBlockNotTheLast) {
    Head full = steady_head(1'000);
    full.gas_used = full.gas_limit;
    EXPECT_EQ(quote_fee(full, wei(0), wei(10'000)).value().base_fee, wei(1'125));
}

TEST(FeeQuote, KeepsUnderTheCapWhileTheBaseFeeAndTipFit) {
    EXPECT_EQ(quote_fee(steady_head(1'000), wei(50), wei(1'500)).value().max_fee_per_gas, wei(1'500));
    EXPECT_EQ(quote_fee(steady_head(1'000), wei(50), wei(1'050)).value().max_fee_per_gas, wei(1'050));
    for (const std::uint64_t cap : {1'049U, 1'000U, 49U, 0U}) {
        const auto refused = quote_fee(steady_head(1'000), wei(50), wei(cap));
        ASSERT_FALSE(refused.has_value()) << cap;
        EXPECT_EQ(refused.error().code, Errc::limit_exceeded);
    }
}

TEST(FeeQuote, RefusesALyingHeadInsteadOfOverflowing) {
    Head head = steady_head(0);
    head.base_fee = Wei{U256::max()};
    EXPECT_FALSE(quote_fee(head, wei(1), wei(1'000)).has_value());
    EXPECT_TRUE(quote_fee(head, wei(0), Wei{U256::max()}).has_value());
    head.gas_used = head.gas_limit;
    const auto refused = quote_fee(head, wei(1), Wei{U256::max()});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::limit_exceeded);
}

RC_GTEST_PROP(FeeQuote, IsAlwaysPayableAndNeverAboveTheCap,
              (std::uint32_t fee, std::uint32_t tip, std::uint32_t cap)) {
    const auto quote = quote_fee(steady_head(fee), wei(tip), wei(cap));
    const std::uint64_t least = std::uint64_t{fee} + tip;
    RC_ASSERT(quote.has_value() == (least <= cap));
    if (!quote) return;
    RC_ASSERT(quote->max_fee_per_gas <= wei(cap));
    RC_ASSERT(quote->max_fee_per_gas >= wei(least));
    RC_ASSERT(quote->max_fee_per_gas <= wei(least + fee));
    RC_ASSERT(quote->max_priority_fee_per_gas <= quote->max_fee_per_gas);
}

TEST(FeeBump, RaisesByATenthRoundedUpAndByOneAtLeast) {
    EXPECT_EQ(bumped(wei(0)), wei(1));
    EXPECT_EQ(bumped(wei(1)), wei(2));
    EXPECT_EQ(bumped(wei(10)), wei(11));
    EXPECT_EQ(bumped(wei(11)), wei(13));
    EXPECT_EQ(bumped(wei(1'000)), wei(1'100));
    EXPECT_EQ(bumped(wei(1'001)), wei(1'102));
}

TEST(FeeBump, RaisesBothFieldsOrNone) {
    const FeeQuote sent{wei(1'000), wei(2'050), wei(50)};
    EXPECT_EQ(bump_fee(sent, wei(2'255)), (Result<FeeQuote>{FeeQuote{wei(1'000), wei(2'255), wei(55)}}));
    const auto refused = bump_fee(sent, wei(2'254));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::limit_exceeded);
    EXPECT_FALSE(bump_fee(FeeQuote{wei(1), Wei{U256::max()}, wei(1)}, Wei{U256::max()}).has_value());
    const Wei near_top{U256::max() - U256{1}};
    EXPECT_FALSE(bump_fee(FeeQuote{wei(1), near_top, wei(1)}, Wei{U256::max()}).has_value())
        << "no overflow either";
    EXPECT_FALSE(bump_fee(FeeQuote{wei(1), wei(1'000), Wei{U256::max()}}, Wei{U256::max()}).has_value())
        << "no transaction tips more than it pays: what a damaged journal might say";
}

/// What nodes demand of a replacement: both fields at least 10 % higher, and strictly higher.
RC_GTEST_PROP(FeeBump, IsEnoughForANode, (std::uint64_t max_fee, std::uint64_t tip)) {
    const FeeQuote sent{wei(0), wei(std::max(max_fee, tip)), wei(std::min(max_fee, tip))};
    const auto next = bump_fee(sent, Wei{U256::max()});
    RC_ASSERT(next.has_value());
    for (const auto& [before, after] :
         {std::pair{sent.max_fee_per_gas, next->max_fee_per_gas},
          std::pair{sent.max_priority_fee_per_gas, next->max_priority_fee_per_gas}}) {
        RC_ASSERT(after > before);
        RC_ASSERT(after.raw() * U256{10} >= before.raw() * U256{11});
    }
    RC_ASSERT(next->max_priority_fee_per_gas <= next->max_fee_per_gas);
}

}  // namespace
}  // namespace plimsoll::testing
