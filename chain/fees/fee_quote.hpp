// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/fees/base_fee.hpp"
#include "chain/primitives/block.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>

namespace plimsoll::fees {

/// What a transaction offers per gas, and the base fee it was made for.
struct FeeQuote {
    Wei base_fee;  // of the block it is meant for
    Wei max_fee_per_gas;
    Wei max_priority_fee_per_gas;  // never above max_fee_per_gas
    friend bool operator==(const FeeQuote&, const FeeQuote&) = default;
};

/// `tip` and what the base fee may come to within the next `blocks` blocks (its bound, and at least a quarter
/// above the next one: rollups change their rule by vote), but never above `cap`. With `blocks` 0, or on a
/// chain whose base fee does not follow its load, no bound is known: 2 x the next base fee, which outlasts
/// five full blocks of mainnet. What is offered above the base fee of the block is not paid; a bound keeps
/// budgets and the balance free for others. Errc::limit_exceeded if the next base fee + `tip` is above `cap`
/// already.
[[nodiscard]] Result<FeeQuote> quote_fee(const Head& head, const Wei& tip, const Wei& cap,
                                         const Elasticity& elasticity = {}, std::uint32_t blocks = 0);

/// The lowest offer that replaces one of `fee`: max(ceil(1.1 x fee), fee + 1).
[[nodiscard]] Wei bumped(const Wei& fee);

/// The one replacement rule: both fields bumped, because nodes compare both. Errc::limit_exceeded if that is
/// above `cap`, as a smaller step would be refused as underpriced, and if the tip is above the whole fee.
[[nodiscard]] Result<FeeQuote> bump_fee(const FeeQuote& sent, const Wei& cap);

}  // namespace plimsoll::fees
