// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u256.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>

namespace plimsoll::strategy {

/// One account's scaled balances in one reserve, in units of the token divided by the reserve's index.
struct Position {
    u128 supply{};
    u128 debt{};
    [[nodiscard]] bool empty() const noexcept { return supply == 0 && debt == 0; }
    friend bool operator==(const Position&, const Position&) = default;
};

/// What a lending market keeps for one asset, as far as health and liquidation hang on it.
struct ReserveState {
    u128 supply_index{};    // ray
    u128 debt_index{};      // ray
    u128 supply_rate{};     // ray a year
    u128 debt_rate{};       // ray a year
    Timestamp updated;      // when indices and rates were written
    Timestamp grace_until;  // up to and including this moment nobody is liquidated
    BasisPoints threshold;
    BasisPoints bonus;         // 10500: the liquidator receives 105 %
    BasisPoints protocol_fee;  // of the bonus
    std::uint8_t decimals{};
    bool active{};
    bool paused{};
    bool flash_enabled{};
    friend bool operator==(const ReserveState&, const ReserveState&) = default;
};

/// A class of correlated assets with risk parameters of its own (Aave's eMode).
struct CategoryState {
    BasisPoints threshold;
    BasisPoints bonus;
    u128 collateral{};  // the reserves it holds for, a bit for each ReserveId
    friend bool operator==(const CategoryState&, const CategoryState&) = default;
};

}  // namespace plimsoll::strategy
