// SPDX-License-Identifier: Apache-2.0
#include "chain/fees/tip.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

namespace plimsoll::testing {
namespace {

using fees::BlockTip;
using fees::Ordering;
using fees::recent_tip;
using fees::TipTerms;

Wei in_wei(std::uint64_t value) {
    return Wei{value};
}

TipTerms auction(std::uint64_t floor, std::uint64_t percent) {
    return {Ordering::priority_auction, in_wei(floor), BasisPoints{percent * 100}};
}

TEST(RecentTip, IsTheMedianOfBlocksThatAreNotEmpty) {
    const std::array blocks{BlockTip{in_wei(3), false}, BlockTip{in_wei(900), false},
                            BlockTip{in_wei(0), true}, BlockTip{in_wei(5), false}};
    EXPECT_EQ(recent_tip(blocks), in_wei(5)) << "one bidding war does not set the price";
    EXPECT_EQ(recent_tip({}), in_wei(0));
    EXPECT_EQ(recent_tip(std::array{BlockTip{in_wei(7), true}}), in_wei(0));
    EXPECT_EQ(recent_tip(std::array{BlockTip{in_wei(7), false}, BlockTip{in_wei(9), false}}), in_wei(9));
}

TEST(Tip, WhereTheFirstComeIsServedTheFloorIsEnough) {
    const TipTerms terms{Ordering::first_come, in_wei(10), BasisPoints{5'000}};
    EXPECT_EQ(fees::tip(terms, in_wei(1'000), in_wei(1'000'000), Gas{100}), in_wei(10));
    EXPECT_EQ(fees::tip(terms, in_wei(1'000), std::nullopt, Gas{100}), in_wei(10));
}

TEST(Tip, AnAuctionBidsAShareOfTheWorth) {
    // 1,000,000 over 100 gas is 10,000 a gas; 20 % of it beyond the floor.
    EXPECT_EQ(fees::tip(auction(10, 20), in_wei(0), in_wei(1'000'000), Gas{100}), in_wei(2'010));
    EXPECT_EQ(fees::tip(auction(10, 0), in_wei(0), in_wei(1'000'000), Gas{100}), in_wei(10));
    EXPECT_EQ(fees::tip(auction(10, 100), in_wei(0), in_wei(1'000'000), Gas{100}), in_wei(10'010));
}

TEST(Tip, AnAuctionOffersWhatRecentBlocksPaidIfTheWorthBearsIt) {
    EXPECT_EQ(fees::tip(auction(10, 1), in_wei(4'000), in_wei(1'000'000), Gas{100}), in_wei(4'000));
    EXPECT_EQ(fees::tip(auction(10, 1), in_wei(40'000), in_wei(1'000'000), Gas{100}), in_wei(10'010))
        << "never more than it is worth";
    EXPECT_EQ(fees::tip(auction(10, 100), in_wei(40'000), in_wei(0), Gas{100}), in_wei(10));
}

TEST(Tip, ACancellationPaysWhatRecentBlocksPaid) {
    EXPECT_EQ(fees::tip(auction(10, 20), in_wei(4'000), std::nullopt, Gas{21'000}), in_wei(4'000));
    EXPECT_EQ(fees::tip(auction(10, 20), in_wei(4), std::nullopt, Gas{21'000}), in_wei(10));
}

RC_GTEST_PROP(Tip, NeverGivesAwayMoreThanTheWorthNorLessThanTheFloor,
              (std::uint32_t floor, std::uint32_t recent, std::uint64_t worth, std::uint32_t gas,
               std::uint16_t share)) {
    const TipTerms terms{Ordering::priority_auction, in_wei(floor), BasisPoints{share}};
    const Wei got = fees::tip(terms, in_wei(recent), in_wei(worth), Gas{gas});
    RC_ASSERT(got >= in_wei(floor));
    RC_ASSERT((got - in_wei(floor)).raw() * U256{gas} <= U256{worth});
}

}  // namespace
}  // namespace plimsoll::testing
