// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/liquidation.hpp"

#include "strategy/venues/aave_v3/math.hpp"

#include <algorithm>

namespace plimsoll::strategy::aave_v3 {

namespace {

constexpr U256 kOne = kWad;
constexpr U256 kFullCloseBelow{950'000'000'000'000'000};
constexpr BasisPoints kHalf{5'000};
constexpr BasisPoints kAll{10'000};

BasisPoints bonus_for(const Book& book, ReserveId collateral, std::uint8_t category) {
    const ReserveState& state = book.reserve(collateral);
    if (category != 0 && state.category == category) return book.category_state(category).bonus;
    return state.bonus;
}

struct Seizure {
    U256 collateral;  // before the protocol's fee
    U256 debt;
};

// LiquidationLogic._calculateAvailableCollateralToLiquidate without the fee.
Seizure seizure(const Valuation& at, const LiquidationRequest& request, const U256& cover,
                const U256& balance, BasisPoints bonus) {
    const U256& collateral_price = at.prices[request.collateral].raw();
    const U256& debt_price = at.prices[request.debt].raw();
    const U256& collateral_unit = at.reserves[request.collateral].unit;
    const U256& debt_unit = at.reserves[request.debt].unit;
    const U256 base = debt_price * cover * collateral_unit / (collateral_price * debt_unit);
    const U256 wanted = percent_mul_half_up(base, bonus);
    if (wanted <= balance) return {wanted, cover};
    const U256 worth = collateral_price * balance * debt_unit / (debt_price * collateral_unit);
    return {balance, percent_div_half_up(worth, bonus)};
}

// What is left of the scaled balance after the liquidator's part bounds the fee (executeLiquidationCall, "1
// wei imprecision").
U256 capped_fee(const U256& fee, u128 scaled_supply, const U256& seized, const U256& income) {
    const U256 left = U256::from_u128(scaled_supply) - ray_div_half_up(seized, income);
    if (ray_div_half_up(fee, income) <= left) return fee;
    return ray_mul_half_up(left, income);
}

std::optional<Liquidation> compute(const Valuation& at, const LiquidationRequest& request,
                                   const Wad& health_factor) {
    const Position collateral = at.book.position(request.account, request.collateral);
    const Position debt = at.book.position(request.account, request.debt);
    const U256& income = at.reserves[request.collateral].income;
    const U256& debt_index = at.reserves[request.debt].debt_index;
    const U256 owed = ray_mul_half_up(U256::from_u128(debt.debt), debt_index);
    const BasisPoints close_factor = health_factor.raw() > kFullCloseBelow ? kHalf : kAll;
    const U256 cover = std::min(request.cover, percent_mul_half_up(owed, close_factor));
    const U256 balance = ray_mul_half_up(U256::from_u128(collateral.supply), income);
    const BasisPoints bonus = bonus_for(at.book, request.collateral, at.book.category(request.account));
    const Seizure taken = seizure(at, request, cover, balance, bonus);

    U256 fee;
    const BasisPoints fee_share = at.book.reserve(request.collateral).protocol_fee;
    if (fee_share.value != 0) {
        fee = percent_mul_half_up(taken.collateral - percent_div_half_up(taken.collateral, bonus), fee_share);
    }
    const U256 seized = taken.collateral - fee;
    // Tokens refuse to burn an amount that is nothing when scaled (INVALID_BURN_AMOUNT).
    if (ray_div_half_up(taken.debt, debt_index).is_zero() || ray_div_half_up(seized, income).is_zero())
        return std::nullopt;
    if (!fee.is_zero()) fee = capped_fee(fee, collateral.supply, seized, income);
    return Liquidation{TokenAmount{taken.debt}, TokenAmount{seized}, TokenAmount{fee}};
}

}  // namespace

bool legal_pair(const Book& book, AccountId account, ReserveId collateral, ReserveId debt) {
    const ReserveState& given = book.reserve(collateral);
    const ReserveState& owed = book.reserve(debt);
    if (!given.active || !owed.active || given.paused || owed.paused) return false;
    if (given.threshold.value == 0 || !contains(book.collateral(account), collateral)) return false;
    return book.position(account, collateral).supply != 0 && book.position(account, debt).debt != 0;
}

std::optional<Liquidation> liquidate(const Valuation& at, const LiquidationRequest& request,
                                     const Wad& health_factor) {
    if (health_factor.raw() >= kOne ||
        !legal_pair(at.book, request.account, request.collateral, request.debt)) {
        return std::nullopt;
    }
    if (at.prices[request.collateral].is_zero() || at.prices[request.debt].is_zero()) return std::nullopt;
    try {
        return compute(at, request, health_factor);
    } catch (const ArithmeticError&) {
        return std::nullopt;
    }
}

}  // namespace plimsoll::strategy::aave_v3
