// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/line_terms.hpp"

#include "strategy/venues/aave_v3/math.hpp"

#include <algorithm>
#include <limits>

namespace plimsoll::strategy::aave_v3 {

namespace {

constexpr double kRayScale = 1e27;

/// Of a balance that is collateral. Where the average threshold is cut to basis points, up to one is lost.
LineTerm collateral_term(const Rules& rules, double amount, ReserveId reserve, BasisPoints threshold) {
    // Even collateral that weighs nothing makes an account one that can be liquidated.
    constexpr double kNothing = 1e-24;
    const double most = amount * static_cast<double>(threshold.value) / static_cast<double>(kPercent);
    const double lost = rules.tokens == TokenRounding::half_up ? amount / static_cast<double>(kPercent) : 0.0;
    const double least = std::max(kNothing, most - lost);
    // Rounded up: single precision is enough to say how little is known.
    const double loose = most > least ? (most / least - 1.0) * (1.0 + 1e-6) : 0.0;
    using Single = std::numeric_limits<float>;
    const bool fits = loose < static_cast<double>(Single::max());
    return {least, fits ? static_cast<float>(loose) : Single::infinity(), reserve, false};
}

}  // namespace

LineWeights line_units(const Book& book) {
    LineWeights out;
    out.reserves = book.reserve_count();
    for (std::size_t i = 0; i < out.reserves; ++i)
        out.unit[i] = 1.0 / pow10(book.reserve(static_cast<ReserveId>(i)).decimals).to_double();
    return out;
}

void weigh(const Valuation& at, ReserveId reserve, LineWeights& out) {
    const ReserveView& view = at.reserves[reserve];
    if (at.prices[reserve].is_zero() || view.broken) return out.leave_out(reserve);
    const double price = at.prices[reserve].raw().to_double();
    out.backing[reserve] = price * view.income.to_double() / kRayScale;
    out.owed[reserve] = price * view.debt_index.to_double() / kRayScale;
}

void weigh(const Valuation& at, LineWeights& out) {
    for (std::size_t i = 0; i < out.reserves; ++i)
        weigh(at, static_cast<ReserveId>(i), out);
}

void line_terms(const Rules& rules, const Book& book, const LineWeights& units, AccountId account,
                std::vector<LineTerm>& out) {
    const ReserveSet collateral = book.collateral(account);
    const std::uint8_t category = book.category(account);
    for (const Book::Holding holding : book.holdings(account)) {
        const ReserveState& state = book.reserve(holding.reserve);
        const double unit = units.unit[holding.reserve];
        if (holding.position.debt != 0) {
            const double amount = static_cast<double>(holding.position.debt) * unit;
            out.push_back({amount, 0.0F, holding.reserve, true});
        }
        const bool backs = holding.position.supply != 0 && contains(collateral, holding.reserve);
        if (!backs || !counts_as_collateral(rules, state)) continue;
        out.push_back(collateral_term(rules, static_cast<double>(holding.position.supply) * unit,
                                      holding.reserve, terms_for(book, holding.reserve, category).threshold));
    }
}

}  // namespace plimsoll::strategy::aave_v3
