// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/venue.hpp"
#include "strategy/venues/aave_v3/health.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace plimsoll::strategy::aave_v3 {

/// Finds for each pair the largest liquidation that there would be, were accounts below their line. Accounts
/// are compared by floating point; exact integers tell the amount.
class WidestPairs {
  public:
    /// Of accounts whose health factor is below `below`, or hardly above it. `known`: what is found already.
    WidestPairs(const Valuation& at, const Wad& below, const std::vector<Exposure>& known);
    void take(AccountId account);
    /// Puts in or replaces what is wider than what was known.
    void tell(std::vector<Exposure>& known) const;

  private:
    /// What a reserve's scaled units and amounts count, in units of the base currency.
    struct Worth {
        double supplied{};
        double owed{};
        double unit{};  // of the asset
        bool counts{};  // as collateral
    };
    struct Side {
        ReserveId reserve{};
        double worth{};
    };
    struct Widest {
        double seized{};  // units of the collateral asset
        AccountId account{};
        bool found = false;
    };

    /// False for whoever is not near the line.
    [[nodiscard]] bool weigh(AccountId account);
    [[nodiscard]] double share_left(ReserveId collateral, const CategoryState& terms) const noexcept;
    [[nodiscard]] Widest& of(ReserveId collateral, ReserveId debt) noexcept {
        return widest_[collateral * worth_.size() + debt];
    }

    const Valuation& at_;
    double below_;
    std::vector<Worth> worth_;
    std::vector<Widest> widest_;
    std::vector<Side> backing_;  // of the account in hand
    std::vector<Side> owing_;
};

}  // namespace plimsoll::strategy::aave_v3
