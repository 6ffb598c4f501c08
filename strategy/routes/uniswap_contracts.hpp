// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "strategy/routes/swap_router.hpp"

namespace plimsoll::strategy {

/// Where exit swaps are made: Uniswap V3's factory, QuoterV2 and one of its routers.
struct UniswapContracts {
    Address factory;
    Address quoter;
    SwapRouter router;
};

}  // namespace plimsoll::strategy
