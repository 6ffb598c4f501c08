// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"
#include "strategy/reason.hpp"

#include <cstdint>
#include <limits>

namespace plimsoll::strategy {

/// What the signing side can take on now; what goes beyond it is skipped with the reason given here. Each
/// decision to send takes its part until the shell tells anew.
struct Room {
    std::uint32_t intents = std::numeric_limits<std::uint32_t>::max();
    Reason crowded = Reason::spend_budget;
    Wei cost{U256::max()};  // gas limit x highest price of all of them together
    Reason poor = Reason::spend_budget;
};

}  // namespace plimsoll::strategy
