// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/line_filter.hpp"

#include <algorithm>

namespace plimsoll::strategy::aave_v3 {

namespace {

constexpr double kRayScale = 1e27;
constexpr double kPercentScale = 1e4;
/// Covers all relative errors of the double arithmetic below (a few dozen operations of 2^-53 each) many
/// times over.
constexpr double kRelative = 1e-9;

double fraction_below(const Rules& rules, BasisPoints threshold) noexcept {
    if (threshold.value == 0) return 0.0;
    const double lost = rules.tokens == TokenRounding::half_up ? 1.0 : 0.0;
    return (static_cast<double>(threshold.value) - lost) / kPercentScale;
}

}  // namespace

LineFilter::LineFilter(const Valuation& at, double line) : line_{line} {
    for (std::size_t i = 0; i < at.reserves.size(); ++i) {
        const auto reserve = static_cast<ReserveId>(i);
        const ReserveState& state = at.book.reserve(reserve);
        const ReserveView& view = at.reserves[i];
        if (at.prices[i].is_zero() || view.broken) unvalued_ |= only(reserve);
        const double unit_value = at.prices[i].raw().to_double() / view.unit.to_double();
        Weight& weight = weights_[i];
        weight.supply = unit_value * view.income.to_double() / kRayScale;
        weight.debt = unit_value * view.debt_index.to_double() / kRayScale;
        // At most one token unit from rayMul and one base unit from the division.
        weight.supply_slack = unit_value + 1.0;
        weight.debt_slack = unit_value + 1.0;
        weight.threshold = fraction_below(at.rules, state.threshold);
        weight.counts = counts_as_collateral(at.rules, state);
    }
    for (std::size_t i = 1; i < categories_.size(); ++i) {
        const CategoryState& state = at.book.category_state(static_cast<std::uint8_t>(i));
        categories_[i] = {fraction_below(at.rules, state.threshold), state.collateral};
    }
}

bool LineFilter::may_be_below(const Book& book, AccountId account) const noexcept {
    const ReserveSet collateral = book.collateral(account);
    const Category& category = categories_[book.category(account)];
    double backing = 0;
    double owed = 0;
    bool backed = false;
    ReserveSet used = collateral;
    for (const Book::Holding holding : book.holdings(account)) {
        const Weight& weight = weights_[holding.reserve];
        if (holding.position.debt != 0) {
            owed += static_cast<double>(holding.position.debt) * weight.debt + weight.debt_slack;
            used |= only(holding.reserve);
        }
        if (holding.position.supply == 0 || !contains(collateral, holding.reserve)) continue;
        if (!weight.counts) continue;
        backed = true;
        const double value =
            static_cast<double>(holding.position.supply) * weight.supply - weight.supply_slack;
        backing += std::max(value, 0.0) * threshold_of(holding.reserve, category);
    }
    if (owed == 0 || !backed || (used & unvalued_) != 0) return false;
    return backing * (1.0 - kRelative) - 2.0 < line_ * owed * (1.0 + kRelative);
}

}  // namespace plimsoll::strategy::aave_v3
