// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/u256.hpp"
#include "chain/primitives/units.hpp"

#include <vector>

namespace plimsoll::strategy {

/// The answers of one aggregator that send what is held ready for an account. Exact integers bore it out at
/// both ends and at steps in between: its health factor is below 1 when the block after next is mined, and
/// what is held ready is still what should be sent.
struct Trigger {
    IntentKey key;
    Address aggregator;
    U256 least;  // both included
    U256 most;
    bool falling{};               // reached from above
    std::vector<Address> others;  // aggregators of its other prices: once one of them answers, it is void
    std::vector<Address> assets;  // that the liquidation takes and repays: likewise, once their indices move
};

/// All of them, for the answers that one block tells. The newest set replaces every older one.
struct TriggerSet {
    BlockNumber block;
    std::vector<Trigger> triggers;  // nearest first
};

}  // namespace plimsoll::strategy
