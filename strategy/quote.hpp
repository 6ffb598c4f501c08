// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/outcome.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>
#include <vector>

namespace plimsoll::strategy {

/// Dense number of an account in its venue's book.
using AccountId = std::uint32_t;
/// Dense number of a reserve in its venue, which is also its price leaf's place in a PriceVector.
using ReserveId = std::uint16_t;

/// Asset prices in the venue's base currency (Usd, 8 decimals), by ReserveId. Zero: no price, the asset
/// cannot be valued.
using PriceVector = std::vector<Usd>;

/// What one liquidation call would do, to the last unit, at given prices and at `at`, the timestamp of its
/// block.
struct Quote {
    VenueId venue{};
    AccountId account{};
    Address account_address;
    ReserveId collateral{};
    ReserveId debt{};
    Address collateral_asset;
    Address debt_asset;
    TokenAmount repaid;  // of the debt asset, what the pool takes from the liquidator
    /// If not zero: what is asked for, borrowed and approved in place of `repaid`, because a later block
    /// takes that little more and must not leave a rest.
    TokenAmount at_most;
    TokenAmount
        seized;  // of the collateral asset, what the liquidator receives (protocol fee already taken off)
    TokenAmount protocol_fee;  // of the collateral asset, what the treasury receives
    Wad health_factor;
    Timestamp at;
};

}  // namespace plimsoll::strategy
