// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/venues/aave_v3/market_view.hpp"
#include "strategy/venues/aave_v3/venue.hpp"
#include "tests/unit/strategy/venues/aave_v3/campaign/campaign.hpp"
#include "tests/unit/strategy/venues/aave_v3/campaign/record.hpp"

#include <span>
#include <string>
#include <vector>

namespace plimsoll::strategy::aave_v3::campaign {

/// Who is below the line: what the venue tells, held against everybody's exact health.
class Keeper {
  public:
    Keeper(const AaveV3Venue& venue, const Record& record, const Rules& rules)
        : venue_{venue}, record_{record}, rules_{rules} {}
    void err_by(Mistake mistake) noexcept { mistake_ = mistake; }

    /// One look, as the engine takes it. A what-if is no news: who was told must be told again when it has
    /// come true. Empty, or what is wrong.
    [[nodiscard]] std::string look(const Changes& changes, const PriceVector& prices, Timestamp t,
                                   bool what_if, Outcome& outcome);
    /// Those the keeper takes for liquidatable.
    [[nodiscard]] std::vector<AccountId> known() const;

  private:
    enum class State : std::uint8_t { healthy, waiting, below };
    void judge_everybody(const PriceVector& prices, Timestamp t);
    [[nodiscard]] bool must_be_told(AccountId account, const Changes& changes, ReserveSet moved) const;
    void err(const Changes& changes);
    [[nodiscard]] std::string describe(AccountId account, std::string_view what) const;

    const AaveV3Venue& venue_;
    const Record& record_;
    const Rules& rules_;
    Mistake mistake_ = Mistake::none;
    std::vector<ReserveView> reserves_;
    std::vector<State> states_;
    std::vector<double>
        health_;  // very high for who is far from the line, not valued, or has nothing to seize
    std::vector<bool> known_;
    std::vector<AccountId> told_;
    std::vector<bool> is_told_;
};

/// The venue's accounts `which` against the record: holdings, flags, category.
[[nodiscard]] std::string compare_accounts(const AaveV3Venue& venue, const Record& record,
                                           std::span<const AccountId> which);
/// The venue's whole book against one made of the record: everybody's health in 256 bits.
[[nodiscard]] std::string compare_books(const AaveV3Venue& venue, const Record& record, const Rules& rules,
                                        Timestamp t);

}  // namespace plimsoll::strategy::aave_v3::campaign
