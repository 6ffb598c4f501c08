// SPDX-License-Identifier: Apache-2.0
#include "strategy/armed_plan.hpp"

namespace plimsoll::strategy {

bool still_pays(const ArmedPlan& plan, const TokenAmount& seized) {
    constexpr unsigned kLittle = 10;  // binary places: a thousandth
    const Opportunity& planned = plan.decision.opportunity;
    const U256& before = planned.quote.seized.raw();
    if (seized.raw() >= before) return true;
    const U256& proceeds = planned.swap_out.raw();
    const U256 lost = mul_div_up(proceeds, before - seized.raw(), before);
    return lost <= proceeds >> kLittle && lost + plan.least_profit.raw() <= planned.profit.raw();
}

bool still_worth_it(const ArmedPlan& plan, const GasPrice& now, const Usd& min_profit) {
    const Opportunity& planned = plan.decision.opportunity;
    const Usd cost = now.cost_of(planned.gas);
    const Usd before = plan.gas_price.cost_of(planned.gas);
    if (cost <= before) return true;
    const Usd& net = planned.net.magnitude;
    return !planned.net.negative && net.raw() + before.raw() >= cost.raw() + min_profit.raw();
}

}  // namespace plimsoll::strategy
