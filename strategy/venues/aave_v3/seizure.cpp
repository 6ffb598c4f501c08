// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/seizure.hpp"

#include "strategy/venues/aave_v3/math.hpp"

namespace plimsoll::strategy::aave_v3 {

namespace {

U256 with_bonus(const Rules& rules, const U256& base, BasisPoints bonus) {
    return rules.seize == SeizeRounding::for_the_protocol ? percent_mul_down(base, bonus)
                                                          : percent_mul_half_up(base, bonus);
}

U256 debt_paid_by(const Rules& rules, const U256& worth, BasisPoints bonus) {
    return rules.seize == SeizeRounding::half_up ? percent_div_half_up(worth, bonus)
                                                 : percent_div_up(worth, bonus);
}

U256 fee_of(const Rules& rules, const PairMarket& market, const U256& collateral) {
    if (market.protocol_fee.value == 0) return {};
    if (rules.seize == SeizeRounding::for_the_protocol) {
        return percent_mul_up(collateral - percent_div_down(collateral, market.bonus), market.protocol_fee);
    }
    return percent_mul_half_up(collateral - percent_div_half_up(collateral, market.bonus),
                               market.protocol_fee);
}

}  // namespace

Seizure seize(const Rules& rules, const PairMarket& market, const U256& cover, const U256& balance) {
    const U256 base =
        market.debt_price * cover * market.collateral_unit / (market.collateral_price * market.debt_unit);
    Seizure out{with_bonus(rules, base, market.bonus), {}, cover};
    if (out.collateral > balance) {
        const U256 worth = market.collateral_price * balance * market.debt_unit /
                           (market.debt_price * market.collateral_unit);
        out.collateral = balance;
        out.debt = debt_paid_by(rules, worth, market.bonus);
    }
    out.fee = fee_of(rules, market, out.collateral);
    out.collateral -= out.fee;
    return out;
}

U256 seized_value(const PairMarket& market, const Seizure& taken) {
    return (taken.collateral + taken.fee) * market.collateral_price / market.collateral_unit;
}

}  // namespace plimsoll::strategy::aave_v3
