// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/book/book.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace plimsoll::strategy {

/// What one of an account's holdings puts on the scales: so many whole tokens, scaled by the reserve's index;
/// of what backs the account, times its liquidation threshold.
struct LineTerm {
    double amount{};  // above zero
    float loose{};    // relative; by so much the threshold that counts may be higher than the one in `amount`
    ReserveId reserve{};
    bool owed{};
    friend bool operator==(const LineTerm&, const LineTerm&) = default;
};

/// What one whole scaled token of each reserve counts at a moment, in the smallest unit of the base currency.
struct LineWeights {
    std::array<double, kMaxReserves> backing{};
    std::array<double, kMaxReserves> owed{};
    std::array<double, kMaxReserves> unit{};  // the token's smallest part, in whole tokens
    std::size_t reserves = 0;

    /// Nobody who holds or owes a reserve without a price can be liquidated: its weights say so by
    /// themselves.
    void leave_out(ReserveId reserve) noexcept {
        backing[reserve] = std::numeric_limits<double>::infinity();
        owed[reserve] = -std::numeric_limits<double>::infinity();
    }
    [[nodiscard]] double of(const LineTerm& term) const noexcept {
        return term.owed ? owed[term.reserve] : backing[term.reserve];
    }
};

/// Bounds of what backs an account less what it owes: the exact number lies between them. Both infinite for
/// an account that cannot be valued.
struct LineDistance {
    double least{};
    double most{};
};

[[nodiscard]] inline LineDistance distance(std::span<const LineTerm> terms,
                                           const LineWeights& weights) noexcept {
    // Covers the relative errors of a few hundred double operations of 2^-53 each many times over.
    constexpr double kRelative = 1e-9;
    constexpr double kInfinite = std::numeric_limits<double>::infinity();
    double backing_least = 0;
    double backing_most = 0;
    double owed_least = 0;
    double owed_most = 0;
    for (const LineTerm& term : terms) {
        const double weight = weights.of(term);
        if (!std::isfinite(weight)) return {kInfinite, kInfinite};
        const double value = term.amount * weight;
        // A balance is rounded by one unit of the token at most, its value by one of the base currency.
        const double doubt = weights.unit[term.reserve] * weight + 1.0;
        const double least = value > doubt ? value - doubt : 0.0;
        const double most = value * (1.0 + static_cast<double>(term.loose)) + doubt;
        (term.owed ? owed_least : backing_least) += least;
        (term.owed ? owed_most : backing_most) += most;
    }
    return {backing_least * (1.0 - kRelative) - owed_most * (1.0 + kRelative) - 2.0,
            backing_most * (1.0 + kRelative) - owed_least * (1.0 - kRelative) + 2.0};
}

}  // namespace plimsoll::strategy
