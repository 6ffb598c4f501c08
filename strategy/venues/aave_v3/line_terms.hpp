// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/book/line_term.hpp"
#include "strategy/venues/aave_v3/health.hpp"

#include <vector>

/// An account's health in the terms of the index that watches it (LineIndex).
namespace plimsoll::strategy::aave_v3 {

/// Weights of which only the tokens' units are known.
[[nodiscard]] LineWeights line_units(const Book& book);

/// What one whole scaled token of each reserve counts at that moment, into weights that know the units.
void weigh(const Valuation& at, LineWeights& out);
/// Of one of them.
void weigh(const Valuation& at, ReserveId reserve, LineWeights& out);

/// Appends what the account holds as collateral that counts, times its threshold, and what it owes. The exact
/// health factor is below 1 only if the terms' distance from the line may be.
void line_terms(const Rules& rules, const Book& book, const LineWeights& units, AccountId account,
                std::vector<LineTerm>& out);

}  // namespace plimsoll::strategy::aave_v3
