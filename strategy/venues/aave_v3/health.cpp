// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/health.hpp"

#include "strategy/venues/aave_v3/balances.hpp"

namespace plimsoll::strategy::aave_v3 {

namespace {

constexpr U256 kHealthOne = kWad;
constexpr U256 kHealthWithoutSentinel{950'000'000'000'000'000};

bool priced(const Valuation& at, ReserveSet used) {
    for (; used != 0; used &= used - 1) {
        const auto low = static_cast<std::uint64_t>(used);
        const int shift =
            low != 0 ? std::countr_zero(low) : 64 + std::countr_zero(static_cast<std::uint64_t>(used >> 64U));
        const auto reserve = static_cast<std::size_t>(shift);
        if (at.prices[reserve].is_zero() || at.reserves[reserve].broken) return false;
    }
    return true;
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

AccountData sum_up(const Valuation& at, AccountId account) {
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

}  // namespace

bool counts_as_collateral(const Rules& rules, const ReserveState& state) noexcept {
    return rules.zero_threshold_counts || state.threshold.value != 0;
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
    AccountData unknown;
    unknown.health_factor = Wad{U256::max()};
    unknown.valued = false;
    if (!priced(at, at.book.collateral(account) | at.book.debts(account))) return unknown;
    try {
        return sum_up(at, account);
    } catch (const ArithmeticError&) {
        return unknown;
    }
}

}  // namespace plimsoll::strategy::aave_v3
