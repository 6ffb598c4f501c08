// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/book/book.hpp"
#include "strategy/venues/aave_v3/health.hpp"

#include <array>

namespace plimsoll::strategy::aave_v3 {

/// A quick look in floating point at which accounts may lie below a line. It passes some that do not and
/// never holds back one that does: every rounding and truncation of the exact formula is bounded and taken to
/// the account's disadvantage.
class LineFilter {
  public:
    /// `line`: the health factor below which an account is looked for; 1.0 is the liquidation line.
    LineFilter(const Valuation& at, double line);

    /// False only if the account's exact health factor is at or above the line, or it has no debt, or no
    /// collateral that counts, or uses an asset that cannot be valued.
    [[nodiscard]] bool may_be_below(const Book& book, AccountId account) const noexcept;

  private:
    /// Value in base units of one scaled unit, and how much less the contract may count for a whole position.
    struct Weight {
        double supply{};
        double supply_slack{};
        double debt{};
        double debt_slack{};
        double threshold{};  // fraction, one basis point taken off where the average is floored
        bool counts{};       // as collateral at all
    };
    struct Category {
        double threshold{};  // likewise
        ReserveSet reserves{};
    };
    [[nodiscard]] double threshold_of(ReserveId reserve, const Category& category) const noexcept {
        return contains(category.reserves, reserve) ? category.threshold : weights_[reserve].threshold;
    }

    std::array<Weight, kMaxReserves> weights_{};
    std::array<Category, 256> categories_{};  // that of number 0 has no reserves
    ReserveSet unvalued_ = 0;
    double line_;
};

}  // namespace plimsoll::strategy::aave_v3
