// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/health.hpp"

#include "strategy/venues/aave_v3/balances.hpp"
#include "strategy/venues/aave_v3/narrow_math.hpp"

namespace plimsoll::strategy::aave_v3 {

namespace {

constexpr U256 kHealthOne = kWad;
constexpr U256 kHealthWithoutSentinel{950'000'000'000'000'000};

AccountData not_valued() {
    AccountData out;
    out.health_factor = Wad{U256::max()};
    out.valued = false;
    return out;
}

bool priced(const Valuation& at, AccountId account) noexcept {
    return at.unvalued == 0 || ((at.book.collateral(account) | at.book.debts(account)) & at.unvalued) == 0;
}

BasisPoints threshold_of(const Book& book, ReserveId reserve, std::uint8_t category) noexcept {
    const bool inside = category != 0 && contains(book.category_state(category).collateral, reserve);
    return inside ? book.category_state(category).threshold : book.reserve(reserve).threshold;
}

/// `weighted`: the sum of every collateral's value times its threshold.
Wad health_factor(const Rules& rules, const AccountData& totals, const U256& weighted) {
    if (totals.debt.is_zero()) return Wad{U256::max()};
    if (rules.tokens == TokenRounding::directional) {
        return Wad{wad_div_half_up(weighted, totals.debt) / U256{kPercent}};
    }
    return Wad{wad_div_half_up(percent_mul_half_up(totals.collateral, totals.threshold), totals.debt)};
}

AccountData sum_up_wide(const Valuation& at, AccountId account) {
    const ReserveSet collateral = at.book.collateral(account);
    const std::uint8_t category = at.book.category(account);
    AccountData out;
    U256 weighted;
    for (const Book::Holding holding : at.book.holdings(account)) {
        const ReserveView& view = at.reserves[holding.reserve];
        const U256& price = at.prices[holding.reserve].raw();
        const bool backs = contains(collateral, holding.reserve) && holding.position.supply != 0;
        if (backs && counts_as_collateral(at.rules, at.book.reserve(holding.reserve))) {
            const U256 scaled = U256::from_u128(holding.position.supply);
            const U256 value = supply_balance(at.rules, scaled, view.income) * price / view.unit;
            out.collateral += value;
            weighted += value * U256{threshold_of(at.book, holding.reserve, category).value};
        }
        if (holding.position.debt != 0) {
            const U256 scaled = U256::from_u128(holding.position.debt);
            out.debt +=
                debt_value(at.rules, debt_balance(at.rules, scaled, view.debt_index), price, view.unit);
        }
    }
    if (!out.collateral.is_zero()) out.threshold = BasisPoints{(weighted / out.collateral).low64()};
    out.health_factor = health_factor(at.rules, out, weighted);
    return out;
}

/// An account's sums in 128 bits; worth something only while they fit.
class NarrowSums {
  public:
    NarrowSums(const Valuation& at, AccountId account) noexcept
        : at_{at},
          collateral_set_{at.book.collateral(account)},
          category_{&at.book.category_state(at.book.category(account))},
          in_category_{at.book.category(account) == 0 ? 0 : category_->collateral},
          directional_{at.rules.tokens == TokenRounding::directional} {}

    [[nodiscard]] bool fits() const noexcept { return math_.fits(); }

    /// False if a number that it starts from is too large.
    [[nodiscard]] bool add(const Book::Balance& balance) noexcept {
        const ReserveView& view = at_.reserves[balance.reserve];
        const U256& price = at_.prices[balance.reserve].raw();
        if (!view.narrow || !price.fits64()) return false;
        const std::uint64_t unit = view.unit.low64();
        if (balance.owed) {
            const u128 owed = debt_balance(view, balance.amount);
            debt_ = math_.sum(debt_, math_.debt_value(at_.rules, owed, price.low64(), unit));
        } else if (contains(collateral_set_, balance.reserve) && view.counts) {
            const BasisPoints threshold =
                contains(in_category_, balance.reserve) ? category_->threshold : view.threshold;
            const u128 held = supply_balance(view, balance.amount);
            const u128 value = math_.supply_value(held, price.low64(), unit);
            collateral_ = math_.sum(collateral_, value);
            weighted_ = math_.sum(weighted_, math_.product(value, threshold));
        }
        return true;
    }

    void finish(AccountData& out) noexcept {
        out.collateral = U256::from_u128(collateral_);
        out.debt = U256::from_u128(debt_);
        if (collateral_ != 0) {
            const u128 average = divide({0, weighted_}, collateral_).quotient;
            out.threshold = BasisPoints{static_cast<std::uint64_t>(average)};
        }
        out.health_factor = health_factor(out.threshold);
    }

  private:
    [[nodiscard]] u128 supply_balance(const ReserveView& view, u128 scaled) noexcept {
        using enum RayFactor::Rounding;
        const auto quick = view.income_factor.times(scaled, directional_ ? down : half_up);
        if (quick.sure) [[likely]]
            return quick.value;
        return math_.supply_balance(at_.rules, scaled, view.income.low128());
    }
    [[nodiscard]] u128 debt_balance(const ReserveView& view, u128 scaled) noexcept {
        using enum RayFactor::Rounding;
        const auto quick = view.debt_factor.times(scaled, directional_ ? up : half_up);
        if (quick.sure) [[likely]]
            return quick.value;
        return math_.debt_balance(at_.rules, scaled, view.debt_index.low128());
    }
    [[nodiscard]] Wad health_factor(BasisPoints average) noexcept {
        if (debt_ == 0) return Wad{U256::max()};
        if (directional_) {
            return Wad{U256::from_u128(math_.wad_div_out_of_basis_points(weighted_, debt_))};
        }
        const u128 backing = math_.percent_mul_half_up(collateral_, average);
        return Wad{U256::from_u128(math_.wad_div_half_up(backing, debt_))};
    }

    const Valuation& at_;
    ReserveSet collateral_set_;
    const CategoryState* category_;
    ReserveSet in_category_;
    bool directional_;
    NarrowMath math_;
    u128 collateral_ = 0;
    u128 weighted_ = 0;
    u128 debt_ = 0;
};

/// False if some number needs more than 128 bits; `out` says nothing then.
bool sum_up_narrow(const Valuation& at, AccountId account, AccountData& out) noexcept {
    NarrowSums sums{at, account};
    for (const Book::Balance balance : at.book.balances(account)) {
        if (!sums.add(balance)) return false;
    }
    sums.finish(out);
    return sums.fits();
}

AccountData wide_data(const Valuation& at, AccountId account) {
    try {
        return sum_up_wide(at, account);
    } catch (const ArithmeticError&) {
        return not_valued();
    }
}

}  // namespace

Valuation::Valuation(const Rules& by, const Book& of, const std::vector<ReserveView>& accrued_to,
                     const PriceVector& priced_at, Timestamp block_time, bool allowed,
                     std::uint64_t* count_wide)
    : rules{by},
      book{of},
      reserves{accrued_to},
      prices{priced_at},
      at{block_time},
      liquidations_allowed{allowed},
      wide_accounts{count_wide} {
    for (std::size_t i = 0; i < reserves.size(); ++i) {
        if (prices[i].is_zero() || reserves[i].broken) unvalued |= only(static_cast<ReserveId>(i));
    }
}

CategoryState terms_for(const Book& book, ReserveId reserve, std::uint8_t category) noexcept {
    const CategoryState& of_category = book.category_state(category);
    if (category != 0 && contains(of_category.collateral, reserve)) return of_category;
    return {book.reserve(reserve).threshold, book.reserve(reserve).bonus};
}

const U256& liquidation_line(const Valuation& at) noexcept {
    return at.liquidations_allowed ? kHealthOne : kHealthWithoutSentinel;
}

// Debt without any collateral value is under water too, but there is nothing to seize.
bool can_be_liquidated(const Valuation& at, const AccountData& data) noexcept {
    return data.valued && !data.collateral.is_zero() && data.health_factor.raw() < liquidation_line(at);
}

AccountData account_data(const Valuation& at, AccountId account) {
    if (!priced(at, account)) return not_valued();
    AccountData out;
    if (sum_up_narrow(at, account, out)) return out;
    if (at.wide_accounts != nullptr) ++*at.wide_accounts;
    return wide_data(at, account);
}

AccountData account_data_wide(const Valuation& at, AccountId account) {
    if (!priced(at, account)) return not_valued();
    return wide_data(at, account);
}

}  // namespace plimsoll::strategy::aave_v3
