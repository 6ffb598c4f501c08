// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"
#include "strategy/decision.hpp"
#include "strategy/rank/data_fees.hpp"
#include "strategy/rank/gas_table.hpp"
#include "strategy/rank/permissions.hpp"
#include "strategy/rank/valuation.hpp"
#include "strategy/routes/exit_finder.hpp"
#include "strategy/routes/flash_sources.hpp"
#include "strategy/routes/pool_table.hpp"
#include "strategy/venue.hpp"

#include <span>
#include <vector>

namespace plimsoll::strategy {

/// A quote with all its costs; `reason` is none if it is worth at least the minimum.
struct Appraisal {
    Reason reason{};
    Opportunity opportunity;
    ExitPath path;        // the pools that its seized collateral would be sold through
    bool valued = false;  // `opportunity` holds costs and net value, not only the quote
};

/// What all quotes of one moment have in common. References must outlive the appraiser.
struct Terms {
    const PoolTable& pools;
    std::span<const Address> intermediates;  // that two hops go through
    const FlashSources& flash;
    const GasTable& gas_table;
    GasPrice gas_price;
    Usd min_profit;
    Timestamp at;                           // timestamp of the including block
    const AddressFilter* assets = nullptr;  // pairs of others are passed over; null: all may be touched
    DataFees::ByHops data_costs{};          // of a rollup; zero elsewhere
    fees::OperatorFee operator_fee{};       // likewise
    BasisPoints builder_share{};            // of profits in `wrapped_native`
    Address wrapped_native{};
};

/// Finds, for one account, the (collateral, debt) pair and amount with the best net value:
/// swap proceeds - repaid - flash fee - the builder's share - gas, in Usd at the oracle's prices.
class Appraiser {
  public:
    Appraiser(const Terms& terms, const Venue& venue, const PriceVector& prices)
        : terms_{terms}, venue_{venue}, prices_{prices} {}

    /// The best over all legal pairs, with the pools as `moved` leaves them. Where none is worth it, the
    /// one that comes nearest, and why.
    [[nodiscard]] Appraisal best(AccountId account, const MovedPools& moved) const;
    /// One quote as it stands.
    [[nodiscard]] Appraisal appraise(const Quote& quote, const MovedPools& moved) const;
    /// The same pair with the best amount up to the quote's. Exact quotes are compared, at most kMaxProbes of
    /// them.
    [[nodiscard]] Appraisal best_amount(const Quote& largest, const MovedPools& moved) const;

    [[nodiscard]] const PoolTable& pools() const noexcept { return terms_.pools; }

    static constexpr unsigned kMaxProbes = 12;

  private:
    [[nodiscard]] Appraisal best_pair(AccountId account, const MovedPools& moved) const;
    class Costs;
    /// False if nobody lends what is repaid.
    [[nodiscard]] bool find_lender(Appraisal& appraisal) const;
    /// False, with the reason in `appraisal`, if it cannot be sold.
    [[nodiscard]] bool find_way_out(Appraisal& appraisal, const ExitPath& path,
                                    const MovedPools& moved) const;
    /// As `appraise`, but sold through these pools; an empty path is searched for.
    [[nodiscard]] Appraisal appraise_along(const ExitPath& path, const Quote& quote,
                                           const MovedPools& moved) const;
    [[nodiscard]] Appraisal probe(const Quote& largest, std::uint64_t part, const MovedPools& moved,
                                  const ExitPath& path) const;
    [[nodiscard]] Appraisal descend(Appraisal whole, const Quote& largest, const MovedPools& moved) const;
    [[nodiscard]] double at_first_price(const Appraisal& whole, const MovedPools& moved) const;
    [[nodiscard]] bool impact_matters(const Appraisal& whole, const MovedPools& moved) const;
    void settle(Appraisal& appraisal) const;
    [[nodiscard]] unsigned decimals(ReserveId reserve) const { return venue_.assets()[reserve].decimals; }

    const Terms& terms_;
    const Venue& venue_;
    const PriceVector& prices_;
};

/// What the gas table needs to know of an opportunity of this venue.
[[nodiscard]] GasShape gas_shape(const Opportunity& opportunity, const Venue& venue);

}  // namespace plimsoll::strategy
