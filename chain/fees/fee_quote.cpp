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

}  // namespace

Result<FeeQuote> quote_fee(const Head& head, const Wei& tip, const Wei& cap, const Elasticity& elasticity) {
    Wei base;
    try {
        base = next_base_fee(head, elasticity);
    } catch (const ArithmeticError& error) {
        return fail(Errc::limit_exceeded,
                    "base fee of block " + std::to_string(head.number.value) + ": " + error.what());
    }
    if (base > cap || tip > cap - base) {
        return fail(Errc::limit_exceeded, "base fee " + in_wei(base) + " + tip " + in_wei(tip) +
                                              " per gas is above the cap of " + in_wei(cap));
    }
    const Wei least = base + tip;
    return FeeQuote{base, least + std::min(base, cap - least), tip};
}

Wei bumped(const Wei& fee) {
    return fee + bump_step(fee);
}

Result<FeeQuote> bump_fee(const FeeQuote& sent, const Wei& cap) {
    const Wei& fee = sent.max_fee_per_gas;
    if (fee > cap || bump_step(fee) > cap - fee) {
        return fail(Errc::limit_exceeded,
                    "a replacement of " + in_wei(fee) + " per gas would be above the cap of " + in_wei(cap));
    }
    return FeeQuote{sent.base_fee, bumped(fee), bumped(sent.max_priority_fee_per_gas)};
}

}  // namespace plimsoll::fees
