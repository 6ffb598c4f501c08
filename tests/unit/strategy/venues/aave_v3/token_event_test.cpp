// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/token_event.hpp"

#include "strategy/venues/aave_v3/balances.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plimsoll::strategy::aave_v3 {
namespace {

const Rules& older() {
    return **rules_for(U256{1});
}
const Rules& newer() {
    return **rules_for(U256{10});
}

const U256 kIndex = kRay * U256{11} / U256{10};

TEST(TokenEvent, UpToThreeFourAnAmountIsTold) {
    EXPECT_EQ(scaled_after(older(), TokenSide::supply, U256{10}, {true, U256{1'150}, U256{50}, kIndex}),
              U256{1'010});
    EXPECT_EQ(scaled_after(older(), TokenSide::debt, U256{1'010}, {false, U256{1'050}, U256{50}, kIndex}),
              U256{10});
    EXPECT_EQ(scaled_after(older(), TokenSide::debt, U256{1'000}, {true, U256{10}, U256{120}, kIndex}),
              U256{900})
        << "a burn below the interest";
    EXPECT_FALSE(scaled_after(older(), TokenSide::debt, U256{9}, {false, U256{11}, U256{0}, kIndex}));
}

TEST(TokenEvent, FromThreeFiveOnADifferenceOfRoundedBalancesIsTold) {
    // 7 shares are 7 (floor of 7.7), 17 are 18 (of 18.7); as a debt 8 and 19.
    EXPECT_EQ(scaled_after(newer(), TokenSide::supply, U256{7}, {true, U256{11}, U256{0}, kIndex}), U256{17});
    EXPECT_EQ(scaled_after(newer(), TokenSide::debt, U256{7}, {true, U256{11}, U256{0}, kIndex}), U256{17});
    EXPECT_EQ(scaled_after(newer(), TokenSide::supply, U256{17}, {false, U256{8}, U256{3}, kIndex}), U256{7});
    EXPECT_EQ(scaled_after(newer(), TokenSide::debt, U256{17}, {false, U256{19}, U256{0}, kIndex}), U256{0});
}

TEST(TokenEvent, WhatCannotBelongTogetherIsNothing) {
    // 9 shares are 9 and 10 are 11: no balance is 10.
    EXPECT_FALSE(scaled_after(newer(), TokenSide::supply, U256{9}, {true, U256{1}, U256{0}, kIndex}));
    EXPECT_FALSE(scaled_after(newer(), TokenSide::supply, U256{9}, {false, U256{10}, U256{0}, kIndex}));
}

RC_GTEST_PROP(TokenEvent, AnyMovementIsUnderstood,
              (std::uint32_t before, std::uint32_t after, std::uint64_t above)) {
    // The event as the contract makes it: a difference of the balances, whatever the holder's last index was.
    const U256 index = kRay + U256{above} * pow10(9);
    for (const TokenSide side : {TokenSide::supply, TokenSide::debt}) {
        const auto balance = [&](std::uint32_t scaled) {
            return side == TokenSide::supply ? supply_balance(newer(), U256{scaled}, index)
                                             : debt_balance(newer(), U256{scaled}, index);
        };
        const bool mint = balance(after) >= balance(before);
        const U256 increase{before % 97};
        const U256 change = mint ? balance(after) - balance(before) : balance(before) - balance(after);
        const bool told_as_mint = mint || change < increase;
        const U256 value = mint ? change + increase : (told_as_mint ? increase - change : change - increase);
        const auto seen = scaled_after(newer(), side, U256{before}, {told_as_mint, value, increase, index});
        RC_ASSERT(seen.has_value());
        RC_ASSERT(*seen == U256{after});
    }
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
