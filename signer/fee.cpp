// SPDX-License-Identifier: Apache-2.0
#include "signer/fee.hpp"

#include <algorithm>

namespace plimsoll::signer {

Result<fees::FeeQuote> FeePolicy::price(const Head& head) const {
    return fees::quote_fee(head, limits_.tip, limits_.max_fee_per_gas, limits_.elasticity);
}

Result<fees::FeeQuote> FeePolicy::replace(const fees::FeeQuote& last, const Head& head) const {
    PLIMSOLL_TRY(fees::FeeQuote raised, fees::bump_fee(last, limits_.max_fee_per_gas));
    // Today's price may be above the cap; then the least step that nodes take must do.
    if (const auto today = price(head)) {
        raised.base_fee = today->base_fee;
        raised.max_fee_per_gas = std::max(raised.max_fee_per_gas, today->max_fee_per_gas);
        raised.max_priority_fee_per_gas =
            std::max(raised.max_priority_fee_per_gas, today->max_priority_fee_per_gas);
    }
    return raised;
}

}  // namespace plimsoll::signer
