// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"

namespace plimsoll::strategy {

/// Where exit swaps are made: Uniswap V3's factory, QuoterV2 and the classic SwapRouter.
struct UniswapContracts {
    Address factory;
    Address quoter;
    Address router;
};

}  // namespace plimsoll::strategy
