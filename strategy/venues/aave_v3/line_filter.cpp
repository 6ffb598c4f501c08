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

double less_one_point(BasisPoints threshold) noexcept {
    return threshold.value == 0 ? 0.0 : (static_cast<double>(threshold.value) - 1.0) / kPercentScale;
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
        // Half a token unit from rayMul and one base unit from the division.
        weight.supply_slack = unit_value + 1.0;
        weight.debt_slack = unit_value + 1.0;
        weight.threshold = less_one_point(state.threshold);
        weight.counts = state.threshold.value != 0;
        weight.category = state.category;
        weight.category_threshold = state.threshold.value == 0
                                        ? 0.0
                                        : less_one_point(at.book.category_state(state.category).threshold);
    }
}

bool LineFilter::may_be_below(const Book& book, AccountId account) const noexcept {
    const ReserveSet collateral = book.collateral(account);
    const std::uint8_t category = book.category(account);
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
        backed = backed || weight.counts;
        const double value =
            static_cast<double>(holding.position.supply) * weight.supply - weight.supply_slack;
        backing += std::max(value, 0.0) * threshold_of(weight, category);
    }
    if (owed == 0 || !backed || (used & unvalued_) != 0) return false;
    return backing * (1.0 - kRelative) - 2.0 < line_ * owed * (1.0 + kRelative);
}

}  // namespace plimsoll::strategy::aave_v3
