// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace plimsoll::strategy {

/// Dense number of a pool in the PoolTable.
using PoolId = std::uint32_t;
/// One pool in one direction: twice its number, and one more if token1 is sold.
using DirectionId = std::uint32_t;

[[nodiscard]] constexpr PoolId pool_of(DirectionId direction) noexcept {
    return direction / 2;
}
[[nodiscard]] constexpr DirectionId opposite(DirectionId direction) noexcept {
    return direction ^ 1U;
}
[[nodiscard]] constexpr bool sells_token0(DirectionId direction) noexcept {
    return direction % 2 == 0;
}

/// A route by the numbers of its pools; empty where nothing is swapped.
struct ExitPath {
    std::array<DirectionId, 2> directions{};
    std::uint8_t count = 0;

    ExitPath() noexcept = default;
    explicit ExitPath(DirectionId only) noexcept : directions{only}, count{1} {}
    ExitPath(DirectionId first, DirectionId second) noexcept : directions{first, second}, count{2} {}

    [[nodiscard]] bool empty() const noexcept { return count == 0; }
    [[nodiscard]] bool uses(PoolId pool) const noexcept {
        for (std::size_t i = 0; i < count; ++i) {
            if (pool_of(directions.at(i)) == pool) return true;
        }
        return false;
    }
    friend bool operator==(const ExitPath&, const ExitPath&) = default;
};

}  // namespace plimsoll::strategy
