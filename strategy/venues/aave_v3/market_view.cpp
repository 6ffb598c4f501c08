// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/market_view.hpp"

#include "strategy/venues/aave_v3/balances.hpp"

namespace plimsoll::strategy::aave_v3 {

ReserveView accrued(const Rules& rules, const ReserveState& state, Timestamp t) {
    ReserveView out{U256::from_u128(state.supply_index), U256::from_u128(state.debt_index),
                    pow10(state.decimals), false};
    if (state.updated == t) return out;
    if (t < state.updated) {
        out.broken = true;
        return out;
    }
    const std::uint64_t elapsed = t.value - state.updated.value;
    try {
        out.income =
            ray_mul_half_up(linear_interest(U256::from_u128(state.supply_rate), elapsed), out.income);
        const U256 growth = compounded_interest(rules, U256::from_u128(state.debt_rate), elapsed);
        out.debt_index = ray_mul_half_up(growth, out.debt_index);
    } catch (const ArithmeticError&) {
        out.broken = true;
    }
    return out;
}

const std::vector<ReserveView>& MarketView::at(const Rules& rules, const Book& book, Timestamp t) {
    if (rules_ == &rules && market_version_ == book.market_version() && at_ == t) return reserves_;
    reserves_.resize(book.reserve_count());
    for (std::size_t i = 0; i < reserves_.size(); ++i)
        reserves_[i] = accrued(rules, book.reserve(static_cast<ReserveId>(i)), t);
    rules_ = &rules;
    at_ = t;
    market_version_ = book.market_version();
    return reserves_;
}

}  // namespace plimsoll::strategy::aave_v3
