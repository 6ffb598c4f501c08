// SPDX-License-Identifier: Apache-2.0
#include "chain/fees/base_fee.hpp"

#include <algorithm>

namespace plimsoll::fees {

namespace {

/// floor(floor(fee * gas / target) / denominator): the order of the two divisions is part of the rule.
U256 change(const U256& fee, std::uint64_t gas, std::uint64_t target, std::uint64_t denominator) {
    return mul_div_down(fee, U256{gas}, U256{target}) / U256{denominator};
}

Wei follow(const Head& parent, const Elasticity& elasticity) {
    if (elasticity.multiplier == 0 || elasticity.denominator == 0) return parent.base_fee;
    const std::uint64_t target = parent.gas_limit.value / elasticity.multiplier;
    const std::uint64_t used = parent.gas_used.value;
    if (target == 0 || used == target) return parent.base_fee;
    const U256& fee = parent.base_fee.raw();
    if (used < target) return Wei{fee - change(fee, target - used, target, elasticity.denominator)};
    return Wei{fee + std::max(change(fee, used - target, target, elasticity.denominator), U256{1})};
}

}  // namespace

Wei next_base_fee(const Head& parent, const Elasticity& elasticity) {
    return std::max(follow(parent, elasticity), elasticity.least);
}

Wei base_fee_bound(const Head& parent, const Elasticity& elasticity, std::uint32_t blocks) {
    Head head = parent;
    for (std::uint32_t i = 0; i < blocks; ++i) {
        head.base_fee = next_base_fee(head, elasticity);
        head.gas_used = head.gas_limit;
    }
    return head.base_fee;
}

}  // namespace plimsoll::fees
