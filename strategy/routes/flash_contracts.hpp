// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"

namespace plimsoll::strategy {

/// Whom the Executor may borrow from. A zero address is not there.
struct FlashContracts {
    Address balancer_vault;
    Address morpho;
    bool pools = true;  // Uniswap V3 pools that the exit does not go through
    bool venue = true;  // the market's own flash loan
};

}  // namespace plimsoll::strategy
