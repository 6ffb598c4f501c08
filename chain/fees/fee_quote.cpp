// SPDX-License-Identifier: Apache-2.0
#include "chain/fees/fee_quote.hpp"

#include <algorithm>
#include <string>

namespace plimsoll::fees {

namespace {

std::string in_wei(const Wei& fee) {
    return to_decimal(fee.raw()) + " wei";
}

/// A tenth rounded up, and one at least: what a replacement adds.
Wei bump_step(const Wei& fee) {
    return std::max(mul_div(fee, U256{1}, U256{10}, Rounding::up), Wei{std::uint64_t{1}});
}

constexpr std::uint32_t kFarthestBound = 12;  // blocks; 3.7 times the base fee on mainnet

Wei headroom_for(const Head& head, const Wei& base, const Elasticity& elasticity, std::uint32_t blocks) {
    const bool follows_load = elasticity.multiplier != 0 && elasticity.denominator != 0;
    if (blocks == 0 || !follows_load) return base;
    const Wei bound = base_fee_bound(head, elasticity, std::min(blocks, kFarthestBound));
    return std::max(bound - base, mul_div(base, U256{1}, U256{4}, Rounding::up));
}

}  // namespace

Result<FeeQuote> quote_fee(const Head& head, const Wei& tip, const Wei& cap, const Elasticity& elasticity,
                           std::uint32_t blocks) {
    Wei base;
    Wei headroom;  // above the next base fee
    try {
        base = next_base_fee(head, elasticity);
        headroom = headroom_for(head, base, elasticity, blocks);
    } catch (const ArithmeticError& error) {
        return fail(Errc::limit_exceeded,
                    "base fee of block " + std::to_string(head.number.value) + ": " + error.what());
    }
    if (base > cap || tip > cap - base) {
        return fail(Errc::limit_exceeded, "base fee " + in_wei(base) + " + tip " + in_wei(tip) +
                                              " per gas is above the cap of " + in_wei(cap));
    }
    const Wei least = base + tip;
    return FeeQuote{base, least + std::min(headroom, cap - least), tip};
}

Wei bumped(const Wei& fee) {
    return fee + bump_step(fee);
}

Result<FeeQuote> bump_fee(const FeeQuote& sent, const Wei& cap) {
    const Wei& fee = sent.max_fee_per_gas;
    if (sent.max_priority_fee_per_gas > fee) {
        return fail(Errc::limit_exceeded, "a tip of " + in_wei(sent.max_priority_fee_per_gas) +
                                              " per gas is above the " + in_wei(fee) + " it is a part of");
    }
    if (fee > cap || bump_step(fee) > cap - fee) {
        return fail(Errc::limit_exceeded,
                    "a replacement of " + in_wei(fee) + " per gas would be above the cap of " + in_wei(cap));
    }
    return FeeQuote{sent.base_fee, bumped(fee), bumped(sent.max_priority_fee_per_gas)};
}

}  // namespace plimsoll::fees
