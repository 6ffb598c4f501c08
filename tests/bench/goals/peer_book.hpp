// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "strategy/venues/aave_v3/venue.hpp"

namespace plimsoll::bench {

/// A venue's accounts as the peer reads them, little-endian: "PLB1", u32 accounts, reserves, terms; of each
/// reserve f64 what a token of collateral and of debt weighs at the newest prices, u8 whether it follows
/// Ether, 20 bytes its address; the aggregator's 20 bytes and the pool's; of each account u32 its first term,
/// and one more; of each term f64 tokens (collateral times its threshold), u8 reserve, u8 whether it is owed;
/// of each account 20 bytes its address.
[[nodiscard]] Bytes peer_book(const strategy::AaveV3Venue& venue);

}  // namespace plimsoll::bench
