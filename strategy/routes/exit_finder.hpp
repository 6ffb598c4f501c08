// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/routes/pool_table.hpp"

#include <cstdint>
#include <span>

namespace plimsoll::strategy {

/// One way to sell, and what it brings.
struct Exit {
    ExitPath path;
    TokenAmount out;
    std::uint32_t ticks{};  // initialised ones that are crossed, of all hops
};

/// What decides between two exits: what they bring less what their gas costs, in units of the token that is
/// bought.
class ExitCosts {
  public:
    virtual ~ExitCosts() = default;
    [[nodiscard]] virtual TokenAmount gas_cost(const Exit& exit) const = 0;
    /// No exit of so many hops costs less.
    [[nodiscard]] virtual TokenAmount least_cost(std::size_t hops) const = 0;
};

struct FoundExit {
    Exit best;
    bool any = false;    // `best` holds something
    bool pools = false;  // there is at least one pool on some way
};

/// The best exit of one or two hops, with the pools as `moved` leaves them. Two hops go through one of
/// `intermediates`; of each hop's fee tiers the one that brings most is taken. What cannot be the best at the
/// first unit's price is not computed.
[[nodiscard]] FoundExit find_exit(const PoolTable& pools, std::span<const Address> intermediates,
                                  const Address& in, const Address& out, const TokenAmount& amount,
                                  const MovedPools& moved, const ExitCosts& costs);

/// What this very path brings now; `any` is false if it cannot take the amount.
[[nodiscard]] FoundExit sell_along(const PoolTable& pools, const ExitPath& path, const TokenAmount& amount,
                                   const MovedPools& moved);

}  // namespace plimsoll::strategy
