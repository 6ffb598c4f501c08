// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/close_factor.hpp"

#include "strategy/venues/aave_v3/balances.hpp"

namespace plimsoll::strategy::aave_v3 {

namespace {

// LiquidationLogic: CLOSE_FACTOR_HF_THRESHOLD, DEFAULT_LIQUIDATION_CLOSE_FACTOR,
// MIN_BASE_MAX_CLOSE_FACTOR_THRESHOLD, MIN_LEFTOVER_BASE.
constexpr U256 kFullCloseBelow{950'000'000'000'000'000};
constexpr BasisPoints kHalf{5'000};
constexpr U256 kSmallPosition{200'000'000'000};
constexpr U256 kLeastLeftover{100'000'000'000};

U256 half_of_the_debt(const PairBalances& of) {
    constexpr BasisPoints kAll{10'000};
    return percent_mul_half_up(of.owed, of.health_factor.raw() > kFullCloseBelow ? kHalf : kAll);
}

U256 half_of_the_account(const Rules& rules, const PairMarket& market, const PairBalances& of) {
    if (of.health_factor.raw() <= kFullCloseBelow) return of.owed;
    const U256 owed = debt_value(rules, of.owed, market.debt_price, market.debt_unit);
    const U256 backing = of.balance * market.collateral_price / market.collateral_unit;
    if (backing < kSmallPosition || owed < kSmallPosition) return of.owed;
    const U256 limit = percent_mul_half_up(of.total_debt, kHalf);
    return owed > limit ? limit * market.debt_unit / market.debt_price : of.owed;
}

}  // namespace

U256 most_covered(const Rules& rules, const PairMarket& market, const PairBalances& of) {
    return rules.close_factor == CloseFactor::half_of_the_debt ? half_of_the_debt(of)
                                                               : half_of_the_account(rules, market, of);
}

bool is_dust(const Rules& rules, const PairMarket& market, const Leftover& left, BasisPoints room) {
    if (rules.close_factor == CloseFactor::half_of_the_debt) return false;
    const U256 debt = debt_value(rules, left.debt, market.debt_price, market.debt_unit);
    const U256 collateral = left.collateral * market.collateral_price / market.collateral_unit;
    const U256 least = kLeastLeftover + percent_mul_half_up(kLeastLeftover, room);
    return debt < least || collateral < least;
}

}  // namespace plimsoll::strategy::aave_v3
