// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/routes/exit_path.hpp"
#include "strategy/routes/pool_liquidity.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace plimsoll::strategy {

/// Where the pools stand after the sales that are decided but not in a block the engine knows: for each
/// direction after the sales in that direction alone. A sale the other way only improves the price, and may
/// be on chain already before its outcome is told; to count on it twice would cost a revert. But a better
/// price also brings more to the second pool of a path, which moves further: for that, where each pool stands
/// after all of them in order is known too.
class MovedPools {
  public:
    /// Nothing where nobody sells: then the pool stands where the PoolTable has it.
    [[nodiscard]] const uniswap_v3::Slot* find(DirectionId direction) const {
        return times(direction) == 0 ? nullptr : &directions_[direction].slot;
    }
    /// After the sales in both directions; nothing where nobody sells.
    [[nodiscard]] const uniswap_v3::Slot* after_all(PoolId pool) const {
        const bool known = pool < pools_.size() && pools_[pool].has_value();
        return known ? &*pools_[pool] : nullptr;
    }
    void move_after_all(PoolId pool, const uniswap_v3::Slot& slot) {
        if (pool >= pools_.size()) pools_.resize(pool + std::size_t{1});
        pools_[pool] = slot;
    }
    /// How often it was moved.
    [[nodiscard]] std::uint32_t times(DirectionId direction) const {
        return direction < directions_.size() ? directions_[direction].times : 0;
    }
    void move(DirectionId direction, const uniswap_v3::Slot& slot) {
        if (direction >= directions_.size()) directions_.resize(direction + 1);
        directions_[direction].slot = slot;
        ++directions_[direction].times;
    }

  private:
    struct Moved {
        uniswap_v3::Slot slot;
        std::uint32_t times = 0;
    };
    std::vector<Moved> directions_;                       // by DirectionId
    std::vector<std::optional<uniswap_v3::Slot>> pools_;  // by PoolId
};

}  // namespace plimsoll::strategy
