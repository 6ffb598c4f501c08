// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/outcome.hpp"
#include "chain/primitives/units.hpp"
#include "strategy/quote.hpp"
#include "strategy/routes/flash_source.hpp"
#include "strategy/snapshot/snapshot_reader.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"

#include <array>
#include <cstdint>
#include <map>

namespace plimsoll::strategy {

/// All that the gas of one execution depends on, as far as it is known before.
struct GasShape {
    VenueId venue{};
    ReserveId collateral{};
    ReserveId debt{};
    std::uint32_t pool_fee{};    // of the exit swap; zero: none, collateral and debt are one asset
    unsigned assets{};           // that the account holds or owes
    std::uint32_t ticks{};       // initialised ticks the swap crosses
    std::uint32_t second_fee{};  // of the second pool; zero: one hop at most
    FlashKind flash{};
    std::uint32_t revision{};  // of the venue's code (Aave: POOL_REVISION); zero as the oldest
};

/// Gas that an execution of the Executor is expected to use (a receipt's gasUsed, refunds taken off): a base
/// for the market's code, the number of hops and the lender, a part for each asset of the account and each
/// tick, times what receipts taught about this very pair, tiers and lender, or else about the kind.
class GasTable {
  public:
    [[nodiscard]] Gas expected(const GasShape& shape) const;
    /// Less than any execution with so many hops will ever be expected to use.
    [[nodiscard]] static Gas least(std::size_t hops, std::uint32_t revision);
    /// A receipt's gasUsed. The newest counts for a half, so that a changed market is learned in a few
    /// blocks.
    void learn_used(const GasShape& shape, Gas used);
    /// An answer of eth_estimateGas; counts only until the first receipt of the same pair and tier.
    void learn_estimated(const GasShape& shape, Gas estimated);

    /// What was learned.
    void save(SnapshotWriter& out) const;
    void load(SnapshotReader& in);

  private:
    struct Learned {
        std::uint64_t millionths = 0;  // of the formula's value; zero: nothing
        bool from_receipt = false;
    };
    static void save_learned(const Learned& learned, SnapshotWriter& out);
    static Learned load_learned(SnapshotReader& in);
    void learn(const GasShape& shape, std::uint64_t millionths, bool from_receipt);

    /// Venue and collateral, debt, first fee, second fee and code and lender.
    using Key = std::array<std::uint32_t, 4>;
    [[nodiscard]] static Key key_of(const GasShape& shape);

    std::map<Key, Learned> pairs_;
    std::array<Learned, 6 * kFlashKindCount> kinds_{};  // by code, hops and lender
};

}  // namespace plimsoll::strategy
