// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/hash.hpp"
#include "chain/primitives/log.hpp"
#include "chain/primitives/result.hpp"
#include "strategy/routes/pool_liquidity.hpp"

#include <optional>

namespace plimsoll::strategy::uniswap_v3 {

/// One pool as the chain has it: read once, then kept from its logs.
struct PoolState {
    Slot slot;
    PoolLiquidity liquidity;
};

/// What one log did, enough to undo it.
struct PoolChange {
    Slot before;
    Tick lower{};
    Tick upper{};
    i128 delta{};  // of a position's liquidity; zero for a swap
};

/// Applies Swap, Mint, Burn and Initialize; nothing for any other log. Errc::malformed_reply for a log that
/// no such pool writes, or one that contradicts what is known; the state is then not the chain's any more.
[[nodiscard]] Result<std::optional<PoolChange>> apply(PoolState& pool, const Log& log);
/// Takes the newest change back; false if that cannot be.
[[nodiscard]] bool undo(PoolState& pool, const PoolChange& change);

}  // namespace plimsoll::strategy::uniswap_v3
