// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/primitives/log.hpp"
#include "chain/primitives/read_request.hpp"
#include "strategy/routes/moved_pools.hpp"
#include "strategy/routes/pool_state.hpp"
#include "strategy/routes/route.hpp"
#include "strategy/snapshot/snapshot_reader.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace plimsoll::strategy {

/// The Uniswap V3 pools, each as the chain has it at the newest block applied. A pool is read once and then
/// kept from its logs; one that cannot be followed is unknown until it is read again.
class PoolTable {
  public:
    /// How often something happened: versions by which a late answer is told from a good one.
    struct Versions {
        std::uint64_t events = 0;     // any change
        std::uint64_t positions = 0;  // the ticks changed
        friend bool operator==(const Versions&, const Versions&) = default;
    };

    void clear();
    /// `token0` < `token1`, as the pool has them.
    void add(const Address& pool, const Address& token0, const Address& token1,
             const uniswap_v3::PoolLiquidity& nothing);
    [[nodiscard]] std::size_t size() const noexcept { return pools_.size(); }
    /// Every direction that sells `in` for `out`, one a fee tier.
    [[nodiscard]] std::span<const DirectionId> directions(const Address& in, const Address& out) const;
    [[nodiscard]] Hop hop(DirectionId direction) const;
    [[nodiscard]] Route route(const ExitPath& path) const;
    [[nodiscard]] const Address& address(PoolId pool) const { return pools_[pool].address; }
    [[nodiscard]] const uniswap_v3::PoolState& state(PoolId pool) const { return pools_[pool].state; }
    [[nodiscard]] Versions versions(PoolId pool) const { return pools_[pool].versions; }
    [[nodiscard]] bool known(PoolId pool) const { return pools_[pool].known; }
    [[nodiscard]] bool refused(PoolId pool) const { return pools_[pool].refused; }

    /// The pool as it was read, while it had these versions; false if it has moved on.
    bool store(PoolId pool, const Versions& versions, uniswap_v3::PoolState state);
    /// More words of its bitmap, likewise.
    bool learn(PoolId pool, const Versions& versions, uniswap_v3::Tick first_word, uniswap_v3::Tick last_word,
               const std::vector<uniswap_v3::InitialisedTick>& ticks);
    /// Never to be used: it is no Uniswap V3 pool, or it does not compute as one.
    void refuse(PoolId pool);

    /// Swap, Mint, Burn and Initialize of the pools; everything else is passed over.
    void apply(const Head& block, std::span<const Log> logs);
    void undo(const Hash32& block_hash);
    /// What undoing takes, and less of it: `block_hash`, the oldest, cannot be undone
    /// any more.
    [[nodiscard]] std::size_t undo_bytes() const noexcept { return changes_.size() * sizeof(Change); }
    void drop_undo(const Hash32& block_hash);
    void append_watch(Watch& watch) const;

    /// The pools as they stand; not what undoing takes.
    void save(SnapshotWriter& out) const;
    /// Replaces all of them. Where the reader fails, there are none.
    void load(SnapshotReader& in);

    /// Selling `amount` with the pools as `moved` leaves them. An unknown or refused pool is beyond what is
    /// known, one in which the contract reverts is exhausted.
    [[nodiscard]] uniswap_v3::SwapOutcome sell(DirectionId direction, const TokenAmount& amount,
                                               const MovedPools& moved, bool with_tick = false) const;
    /// What the first unit sold brings, fee included, in units of the other token: nothing sells better. For
    /// filtering.
    [[nodiscard]] double spot(DirectionId direction, const MovedPools& moved) const;
    /// Moves the pools of a path by the sale of `amount`; those that cannot take it are used up.
    void take(const ExitPath& path, const TokenAmount& amount, MovedPools& moved) const;

  private:
    /// With the pool at `slot`; null: where it stands.
    [[nodiscard]] uniswap_v3::SwapOutcome sell_at(const uniswap_v3::Slot* slot, DirectionId direction,
                                                  const TokenAmount& amount, bool with_tick) const;
    struct Pool {
        Address address;
        Address token0;
        Address token1;
        uniswap_v3::PoolState state;
        Versions versions;
        bool known = false;
        bool refused = false;
    };
    struct Change {
        Hash32 block_hash;
        PoolId pool;
        std::optional<uniswap_v3::PoolChange> what;  // nothing: it happened while the pool was unknown
    };

    void touch(PoolId pool, const Log& log, const Hash32& block_hash);
    void forget(Pool& pool);
    void load_pool(SnapshotReader& in, std::size_t& words_left);

    std::vector<Pool> pools_;
    std::unordered_map<Address, PoolId> by_address_;
    std::map<std::pair<Address, Address>, std::vector<DirectionId>> by_pair_;
    std::deque<Change> changes_;  // newest last
};

}  // namespace plimsoll::strategy
