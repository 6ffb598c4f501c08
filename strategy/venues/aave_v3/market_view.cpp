// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/market_view.hpp"

#include "strategy/venues/aave_v3/balances.hpp"
#include "strategy/venues/aave_v3/narrow_math.hpp"

#include <array>
#include <utility>

namespace plimsoll::strategy::aave_v3 {

namespace {

constexpr std::size_t kUnits = 39;  // as many as are below 2^128

constexpr unsigned kWordDecimals = 19;  // 10^19 is below 2^64

constexpr std::array<U256, kUnits> units() {
    std::array<U256, kUnits> out;
    for (unsigned i = 0; i < kUnits; ++i)
        out[i] = pow10(i);
    return out;
}

U256 unit_of(std::uint8_t decimals) {
    static constexpr std::array<U256, kUnits> kTable = units();
    return decimals < kUnits ? kTable[decimals] : pow10(decimals);
}

ReserveView as_written(const Rules& rules, const ReserveState& state) {
    ReserveView out;
    out.income = U256::from_u128(state.supply_index);
    out.debt_index = U256::from_u128(state.debt_index);
    out.unit = unit_of(state.decimals);
    out.narrow = state.decimals <= kWordDecimals;
    out.counts = counts_as_collateral(rules, state);
    out.threshold = state.threshold;
    return out;
}

/// False if 128 bits do not hold it.
bool accrue_narrow(const Rules& rules, const ReserveState& state, std::uint64_t elapsed, ReserveView& out) {
    NarrowMath math;
    const u128 income =
        math.ray_mul_half_up(math.linear_interest(state.supply_rate, elapsed), state.supply_index);
    const u128 growth = math.compounded_interest(rules, state.debt_rate, elapsed);
    const u128 debt_index = math.ray_mul_half_up(growth, state.debt_index);
    if (!math.fits()) return false;
    out.income = U256::from_u128(income);
    out.debt_index = U256::from_u128(debt_index);
    return true;
}

void accrue_wide(const Rules& rules, const ReserveState& state, std::uint64_t elapsed, ReserveView& out) {
    out.wide = true;
    out.narrow = false;  // their growth alone may be too large
    try {
        out.income =
            ray_mul_half_up(linear_interest(U256::from_u128(state.supply_rate), elapsed), out.income);
        const U256 growth = compounded_interest(rules, U256::from_u128(state.debt_rate), elapsed);
        out.debt_index = ray_mul_half_up(growth, out.debt_index);
    } catch (const ArithmeticError&) {
        out.broken = true;
    }
}

}  // namespace

bool counts_as_collateral(const Rules& rules, const ReserveState& state) noexcept {
    return rules.zero_threshold_counts || state.threshold.value != 0;
}

ReserveView accrued(const Rules& rules, const ReserveState& state, Timestamp t) {
    ReserveView out = as_written(rules, state);
    out.broken = t < state.updated;
    if (out.broken) return out;
    const std::uint64_t elapsed = t.value - state.updated.value;
    if (elapsed != 0 && !accrue_narrow(rules, state, elapsed, out)) accrue_wide(rules, state, elapsed, out);
    if (out.narrow) {
        out.income_factor = RayFactor{out.income.low128()};
        out.debt_factor = RayFactor{out.debt_index.low128()};
    }
    return out;
}

ReserveView accrued_wide(const Rules& rules, const ReserveState& state, Timestamp t) {
    ReserveView out = as_written(rules, state);
    out.broken = t < state.updated;
    if (!out.broken && state.updated != t) accrue_wide(rules, state, t.value - state.updated.value, out);
    return out;
}

const std::vector<ReserveView>& MarketView::at(const Rules& rules, const Book& book, Timestamp t) {
    const auto is_kept = [&](const Kept& one) {
        return one.rules == &rules && one.market_version == book.market_version() && one.at == t;
    };
    if (is_kept(kept_[asked_last_])) return kept_[asked_last_].reserves;
    asked_last_ = 1 - asked_last_;
    Kept& kept = kept_[asked_last_];
    if (is_kept(kept)) return kept.reserves;
    kept = Kept{std::move(kept.reserves), ++computed_, &rules, t, book.market_version()};
    kept.reserves.resize(book.reserve_count());
    for (std::size_t i = 0; i < kept.reserves.size(); ++i) {
        kept.reserves[i] = accrued(rules, book.reserve(static_cast<ReserveId>(i)), t);
        wide_reserves_ += kept.reserves[i].wide ? 1U : 0U;
    }
    return kept.reserves;
}

}  // namespace plimsoll::strategy::aave_v3
