// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/primitives/log.hpp"
#include "chain/primitives/read_request.hpp"
#include "strategy/routes/consumption.hpp"
#include "strategy/routes/depth_curve.hpp"
#include "strategy/routes/route.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace plimsoll::strategy {

/// The known Uniswap V3 pools, the newest price of each, and a depth curve in both directions. A pool's
/// version counts up with everything that happens to it; a curve is fresh while the pool still has the
/// version it was read at.
class PoolTable {
  public:
    void clear();
    /// `token0` < `token1`, as the pool has them.
    void add(const Address& pool, const Address& token0, const Address& token1, std::uint32_t fee);
    [[nodiscard]] std::size_t size() const noexcept { return pools_.size(); }
    [[nodiscard]] std::uint32_t direction_count() const noexcept {
        return static_cast<std::uint32_t>(pools_.size() * 2);
    }
    /// Every direction that sells `in` for `out`, one a fee tier.
    [[nodiscard]] std::span<const DirectionId> directions(const Address& in, const Address& out) const;
    [[nodiscard]] Hop hop(DirectionId direction) const;
    [[nodiscard]] const DepthCurve& curve(DirectionId direction) const;
    [[nodiscard]] std::uint64_t version(DirectionId direction) const;
    [[nodiscard]] bool fresh(DirectionId direction) const;
    /// Its curve was read, now or earlier.
    [[nodiscard]] bool known(DirectionId direction) const;

    /// A curve read while the pool had `version`.
    void store(DirectionId direction, std::uint64_t version, DepthCurve curve);
    /// More points of such a curve; dropped unless that version is still the curve's.
    void refine(DirectionId direction, std::uint64_t version, std::span<const CurvePoint> points);

    /// Swap, Mint and Burn of the pools; everything else is passed over.
    void apply(const Head& block, std::span<const Log> logs);
    void undo(const Hash32& block_hash);
    void append_watch(Watch& watch) const;

    /// What selling `amount` yields after `consumed`. A fresh curve gives a lower bound. A stale one is moved
    /// along to the pool's newest price, with half of the depth it had, see README.md. Errc::limit_exceeded
    /// beyond its end, Errc::not_found while it was never read.
    [[nodiscard]] Result<CurveSwap> quote(DirectionId direction, const TokenAmount& amount,
                                          const TokenAmount& consumed) const;

  private:
    struct Direction {
        DepthCurve curve;
        std::uint64_t version = 0;  // of the pool when the curve was read; 0: never
    };
    struct Pool {
        Address address;
        Address token0;
        Address token1;
        std::uint32_t fee{};
        std::uint64_t version = 1;
        U256 sqrt_price;  // sqrtPriceX96 as last told; zero: not yet
        std::array<Direction, 2> directions;
    };
    struct Move {
        Hash32 block_hash;
        std::size_t pool;
        U256 sqrt_price_before;
    };

    [[nodiscard]] const Direction& at(DirectionId id) const { return pools_[id / 2].directions[id % 2]; }
    void touch(std::size_t pool, const Log& log, const Hash32& block_hash);

    static constexpr std::size_t kMaxMoves = 1U << 16U;  // older ones cannot be undone, only read again

    std::vector<Pool> pools_;
    std::unordered_map<Address, std::size_t> by_address_;
    std::map<std::pair<Address, Address>, std::vector<DirectionId>> by_pair_;
    std::deque<Move> moves_;
};

}  // namespace plimsoll::strategy
