// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"

#include <cstdint>
#include <vector>

namespace plimsoll::strategy {

/// One pool in one direction; dense.
using DirectionId = std::uint32_t;

/// What chosen opportunities have already sold into each pool. A sale the other way only improves the price
/// and is not counted.
class Consumption {
  public:
    [[nodiscard]] TokenAmount of(DirectionId direction) const {
        return direction < sold_.size() ? sold_[direction] : TokenAmount{};
    }
    void add(DirectionId direction, const TokenAmount& amount) {
        if (direction >= sold_.size()) sold_.resize(direction + 1);
        sold_[direction] += amount;
    }

  private:
    std::vector<TokenAmount> sold_;  // by DirectionId
};

}  // namespace plimsoll::strategy
