// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/health.hpp"

#include "strategy/venues/aave_v3/math.hpp"

namespace plimsoll::strategy::aave_v3 {

namespace {

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

AccountData sum_up(const Valuation& at, AccountId account) {
    const ReserveSet collateral = at.book.collateral(account);
    const std::uint8_t category = at.book.category(account);
    AccountData out;
    U256 weighted;
    for (const Book::Holding holding : at.book.holdings(account)) {
        const ReserveView& view = at.reserves[holding.reserve];
        const U256& price = at.prices[holding.reserve].raw();
        if (contains(collateral, holding.reserve) && holding.position.supply != 0) {
            const BasisPoints threshold = threshold_for(at.book, holding.reserve, category);
            if (threshold.value != 0) {
                const U256 balance = ray_mul_half_up(U256::from_u128(holding.position.supply), view.income);
                const U256 value = balance * price / view.unit;
                out.collateral += value;
                weighted += value * U256{threshold.value};
            }
        }
        if (holding.position.debt != 0) {
            const U256 owed = ray_mul_half_up(U256::from_u128(holding.position.debt), view.debt_index);
            out.debt += price * owed / view.unit;
        }
    }
    if (!out.collateral.is_zero()) out.threshold = BasisPoints{(weighted / out.collateral).low64()};
    out.health_factor =
        out.debt.is_zero()
            ? Wad{U256::max()}
            : Wad{wad_div_half_up(percent_mul_half_up(out.collateral, out.threshold), out.debt)};
    return out;
}

}  // namespace

BasisPoints threshold_for(const Book& book, ReserveId reserve, std::uint8_t category) noexcept {
    const ReserveState& state = book.reserve(reserve);
    if (state.threshold.value == 0) return {};
    if (category != 0 && state.category == category) return book.category_state(category).threshold;
    return state.threshold;
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
