// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"
#include "strategy/quote.hpp"
#include "strategy/venue.hpp"

#include <cstdint>
#include <optional>

namespace plimsoll::strategy {

/// The price of one leaf that brings an account below its line, everything else as it is.
struct Crossing {
    ReserveId leaf{};
    Usd price;       // the nearest to today's, as far as exact halving tells, with a health factor below 1
    bool falling{};  // it is reached from above
    std::uint64_t distance{};  // of `price` from today's, in parts of 10^9
};

/// The nearest crossing of all leaves, no further than `reach` from today's prices: integers that the venue's
/// own health factors at time `t` bear out. Nothing for an account that is below its line already or is not
/// brought there by any price alone. Where thresholds are rounded, a price beyond it may still leave the
/// account healthy: whoever acts on a crossing asks again. `prices` comes back as it was.
[[nodiscard]] std::optional<Crossing> nearest_crossing(const Venue& venue, AccountId account,
                                                       PriceVector& prices, Timestamp t, BasisPoints reach);

}  // namespace plimsoll::strategy
