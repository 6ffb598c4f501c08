// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/liquidation.hpp"

#include "strategy/venues/aave_v3/balances.hpp"
#include "strategy/venues/aave_v3/close_factor.hpp"
#include "strategy/venues/aave_v3/seizure.hpp"

#include <algorithm>

namespace plimsoll::strategy::aave_v3 {

namespace {

/// The two positions of one request, in the terms of the formulas.
class Pair {
  public:
    Pair(const Valuation& at, const LiquidationRequest& request, const AccountData& data)
        : rules_{at.rules},
          data_{data},
          income_{at.reserves[request.collateral].income},
          debt_index_{at.reserves[request.debt].debt_index},
          scaled_supply_{U256::from_u128(at.book.position(request.account, request.collateral).supply)},
          owed_{debt_balance(rules_, U256::from_u128(at.book.position(request.account, request.debt).debt),
                             debt_index_)},
          balance_{supply_balance(rules_, scaled_supply_, income_)},
          market_{at.prices[request.collateral].raw(),
                  at.prices[request.debt].raw(),
                  at.reserves[request.collateral].unit,
                  at.reserves[request.debt].unit,
                  terms_for(at.book, request.collateral, at.book.category(request.account)).bonus,
                  at.book.reserve(request.collateral).protocol_fee},
          most_{most_covered(rules_, market_, {owed_, balance_, data.debt, data.health_factor})} {}

    [[nodiscard]] const U256& most() const noexcept { return most_; }

    /// What a debtToCover of `asked` does; nothing if the pool reverts, or would without that much room.
    [[nodiscard]] std::optional<Liquidation> run(const U256& asked, BasisPoints room) const {
        const Seizure taken = seize(rules_, market_, std::min(asked, most_), balance_);
        const bool clears_debt = taken.debt >= owed_;
        const bool clears_collateral = taken.collateral + taken.fee >= balance_;
        if (!clears_debt && !clears_collateral && leaves_dust(taken, room)) return std::nullopt;
        if (!burns_something(taken)) return std::nullopt;
        const U256 fee = taken.fee.is_zero() ? taken.fee : capped_fee(taken);
        return Liquidation{TokenAmount{taken.debt}, TokenAmount{taken.collateral}, TokenAmount{fee},
                           clears_debt, clears_collateral};
    }

  private:
    [[nodiscard]] bool leaves_dust(const Seizure& taken, BasisPoints room) const {
        const U256 collateral_left = balance_ - taken.collateral - taken.fee;
        return is_dust(rules_, market_, {owed_ - taken.debt, collateral_left}, room);
    }
    /// Tokens refuse to burn an amount that is nothing when scaled (INVALID_BURN_AMOUNT). With an account's
    /// last collateral goes the whole debt.
    [[nodiscard]] bool burns_something(const Seizure& taken) const {
        const bool whole_debt = burns_bad_debt(rules_) && seized_value(market_, taken) == data_.collateral;
        const U256& burnt = whole_debt ? owed_ : taken.debt;
        return !scaled_debt_out(rules_, burnt, debt_index_).is_zero() &&
               !scaled_supply_out(rules_, taken.collateral, income_).is_zero();
    }
    /// What is left of the scaled balance after the liquidator's part bounds the fee (executeLiquidationCall,
    /// "1 wei imprecision").
    [[nodiscard]] U256 capped_fee(const Seizure& taken) const {
        const U256 left = scaled_supply_ - scaled_supply_out(rules_, taken.collateral, income_);
        if (scaled_supply_out(rules_, taken.fee, income_) <= left) return taken.fee;
        return supply_balance(rules_, left, income_);
    }

    const Rules& rules_;
    const AccountData& data_;
    const U256& income_;
    const U256& debt_index_;
    U256 scaled_supply_;
    U256 owed_;
    U256 balance_;
    PairMarket market_;
    U256 most_;
};

bool may_pass(const Valuation& at, const LiquidationRequest& request, const AccountData& data) {
    return data.health_factor.raw() < liquidation_line(at) &&
           legal_pair(at, request.account, request.collateral, request.debt) &&
           !at.prices[request.collateral].is_zero() && !at.prices[request.debt].is_zero();
}

/// The largest cover below `high` that passes and seizes at most `most_seized`. From some amount on either
/// side leaves too little, below it neither does: halving finds it.
std::optional<Liquidation> search(const Pair& pair, U256 high, const U256& most_seized, BasisPoints room) {
    std::optional<Liquidation> best;
    U256 low;
    while (low + U256{1} < high) {
        const U256 middle = low + ((high - low) >> 1U);
        const auto what = pair.run(middle, room);
        const bool fits =
            what && !what->clears_debt && !what->clears_collateral && what->seized.raw() <= most_seized;
        if (fits) best = what;
        (fits ? low : high) = middle;
    }
    return best;
}

}  // namespace

bool legal_pair(const Valuation& at, AccountId account, ReserveId collateral, ReserveId debt) {
    const ReserveState& given = at.book.reserve(collateral);
    const ReserveState& owed = at.book.reserve(debt);
    if (!given.active || !owed.active || given.paused || owed.paused) return false;
    if (given.grace_until >= at.at || owed.grace_until >= at.at) return false;
    if (!counts_as_collateral(at.rules, given) || !contains(at.book.collateral(account), collateral))
        return false;
    return at.book.position(account, collateral).supply != 0 && at.book.position(account, debt).debt != 0;
}

std::optional<Liquidation> liquidate(const Valuation& at, const LiquidationRequest& request,
                                     const AccountData& data) {
    if (!may_pass(at, request, data)) return std::nullopt;
    try {
        return Pair{at, request, data}.run(request.cover, BasisPoints{0});
    } catch (const ArithmeticError&) {
        return std::nullopt;
    }
}

std::optional<Liquidation> largest_liquidation(const Valuation& at, const LiquidationRequest& request,
                                               const AccountData& data, const U256& most_seized,
                                               BasisPoints room) {
    if (!may_pass(at, request, data)) return std::nullopt;
    try {
        const Pair pair{at, request, data};
        const auto whole = pair.run(request.cover, room);
        if (whole && whole->seized.raw() <= most_seized) return whole;
        return search(pair, std::min(request.cover, pair.most()), most_seized, room);
    } catch (const ArithmeticError&) {
        return std::nullopt;
    }
}

}  // namespace plimsoll::strategy::aave_v3
