// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/outcome.hpp"
#include "chain/primitives/units.hpp"
#include "strategy/quote.hpp"

#include <cstdint>
#include <unordered_map>

namespace plimsoll::strategy {

/// All that the gas of one execution depends on, as far as it is known before.
struct GasShape {
    VenueId venue{};
    ReserveId collateral{};
    ReserveId debt{};
    std::uint32_t pool_fee{};  // of the exit swap; zero: none, collateral and debt are one asset
    unsigned assets{};         // that the account holds or owes
    std::uint32_t ticks{};     // initialised ticks the swap crosses
};

/// Gas that an execution of the Executor is expected to use (a receipt's gasUsed, refunds taken off): a base
/// for the kind of pair, a part for each asset of the account and each tick, times what receipts taught about
/// this very pair and tier, or else about the kind.
class GasTable {
  public:
    [[nodiscard]] Gas expected(const GasShape& shape) const;
    /// A receipt's gasUsed. The newest counts for a half, so that a changed market is learned in a few
    /// blocks.
    void learn_used(const GasShape& shape, Gas used);
    /// An answer of eth_estimateGas; counts only until the first receipt of the same pair and tier.
    void learn_estimated(const GasShape& shape, Gas estimated);

  private:
    struct Learned {
        std::uint64_t millionths = 0;  // of the formula's value; zero: nothing
        bool from_receipt = false;
    };
    void learn(const GasShape& shape, std::uint64_t millionths, bool from_receipt);

    std::unordered_map<std::uint64_t, Learned> pairs_;
    Learned kinds_[2];
};

}  // namespace plimsoll::strategy
