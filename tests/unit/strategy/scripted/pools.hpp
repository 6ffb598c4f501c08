// SPDX-License-Identifier: Apache-2.0
// Constant-product pools that answer as Uniswap V3's factory, pools and QuoterV2 do.
#pragma once

#include "chain/primitives/event.hpp"
#include "chain/primitives/read_request.hpp"
#include "strategy/routes/depth_curve.hpp"
#include "strategy/routes/uniswap_contracts.hpp"

#include <functional>
#include <map>
#include <vector>

namespace plimsoll::strategy::scripted {

struct Pool {
    Address address;
    Address token0;
    Address token1;
    std::uint32_t fee{};
    U256 reserve0;  // virtual
    U256 reserve1;

    [[nodiscard]] U256 sqrt_price() const;
    [[nodiscard]] CurvePoint quote(bool zero_for_one, const TokenAmount& in) const;
    /// Sells for good; returns the pool's Swap log.
    Log sell(bool zero_for_one, const TokenAmount& in);
};

/// What a node would answer to the engine's reads.
class ScriptedChain {
  public:
    [[nodiscard]] static UniswapContracts contracts();
    /// Pool of `a` (first reserve) and `b`, in any order of addresses.
    Pool& add_pool(const Address& a, const Address& b, std::uint32_t fee, const U256& reserve_a,
                   const U256& reserve_b);
    [[nodiscard]] Pool& pool(std::size_t index) { return pools_[index]; }
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

    std::vector<Pool> pools_;
};

}  // namespace plimsoll::strategy::scripted
