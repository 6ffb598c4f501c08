// SPDX-License-Identifier: Apache-2.0
// Pools with liquidity over the whole range, and steps in it if a test adds some, that answer as Uniswap V3's
// factory, pools and QuoterV2 do. They compute with the product's own swap; what that is worth is proven
// against the contracts in tests/e2e/differential.
#pragma once

#include "chain/primitives/event.hpp"
#include "chain/primitives/read_request.hpp"
#include "strategy/routes/pool_state.hpp"
#include "strategy/routes/uniswap_contracts.hpp"

#include <functional>
#include <map>
#include <vector>

namespace plimsoll::strategy::scripted {

struct Pool {
    Address address;
    Address token0;
    Address token1;
    uniswap_v3::PoolState state;
    unsigned quoter_error = 0;  // what QuoterV2 answers too much

    [[nodiscard]] std::uint32_t fee() const { return state.liquidity.fee(); }
    [[nodiscard]] uniswap_v3::SwapOutcome quote(bool zero_for_one, const TokenAmount& in) const;
    /// Sells for good; returns the pool's Swap log.
    Log sell(bool zero_for_one, const TokenAmount& in);
    /// Provides for good (or takes away, if negative); returns the pool's Mint or Burn log.
    Log provide(uniswap_v3::Tick lower, uniswap_v3::Tick upper, uniswap_v3::i128 liquidity);
};

/// What a node would answer to the engine's reads.
class ScriptedChain {
  public:
    [[nodiscard]] static UniswapContracts contracts();
    /// Pool of `a` (first virtual reserve) and `b`, in any order of addresses; `fee` must be a tier.
    Pool& add_pool(const Address& a, const Address& b, std::uint32_t fee, const U256& reserve_a,
                   const U256& reserve_b);
    [[nodiscard]] Pool& pool(std::size_t index) { return pools_[index]; }
    [[nodiscard]] const Pool& pool(std::size_t index) const { return pools_[index]; }
    [[nodiscard]] ReadResult answer(const ReadRequest& request) const;

    /// For calls to anything else: return data.
    std::function<Bytes(const Call&)> other = [](const Call&) { return Bytes{}; };
    /// For log queries.
    std::function<std::vector<Log>(const LogQuery&)> logs = [](const LogQuery&) {
        return std::vector<Log>{};
    };

  private:
    [[nodiscard]] Bytes call(const Call& call) const;
    [[nodiscard]] Bytes quote(const Call& call) const;
    [[nodiscard]] const Pool* find(const Address& pool) const;

    std::vector<Pool> pools_;
};

}  // namespace plimsoll::strategy::scripted
