// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/primitives/read_request.hpp"
#include "strategy/routes/flash_contracts.hpp"
#include "strategy/routes/flash_source.hpp"
#include "strategy/routes/pool_table.hpp"
#include "strategy/snapshot/snapshot_reader.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"
#include "strategy/venue.hpp"

#include <map>
#include <optional>
#include <vector>

namespace plimsoll::strategy {

/// A lender of one token, as of the last read.
struct FlashOffer {
    FlashKind kind{};
    Address lender;
    TokenAmount available;
    std::optional<PoolId> pool;  // locked while it lends: no exit may go through it
};

/// Who lends what: the vault, Morpho and, for each token, the pools of the lowest tiers that hold most of it.
/// What they hold is read again at each head, beside the hot path; a loan that is not there any more reverts
/// as a whole.
class FlashSources {
  public:
    explicit FlashSources(const FlashContracts& contracts) : contracts_{contracts} {}

    [[nodiscard]] const FlashContracts& contracts() const noexcept { return contracts_; }
    void start(std::vector<Address> tokens);
    /// The reads due at `at`; nothing while an answer is outstanding.
    void next_reads(const Head& at, const PoolTable& pools, const NextReadId& next_id,
                    std::vector<ReadRequest>& out);
    /// False if it is not an answer to these. What could not be read is not offered.
    [[nodiscard]] bool accept(const ReadResult& result);
    /// Which tokens are lent and who collects the fee; what the lenders hold is read at each head anyway.
    void save(SnapshotWriter& out) const;
    void load(SnapshotReader& in);
    [[nodiscard]] std::size_t outstanding() const noexcept { return asked_ ? 1 : 0; }

    /// The cheapest that have `amount` of `token` and are none of the pools of `path`, one of each kind, with
    /// their fees.
    void offers(const Address& token, const TokenAmount& amount, const ExitPath& path, const PoolTable& pools,
                std::vector<FlashSource>& out) const;

  private:
    struct Balance {
        Address token;
        FlashOffer offer;
    };

    void plan_balances(const PoolTable& pools);

    FlashContracts contracts_;
    std::vector<Address> tokens_;
    std::vector<Balance> planned_;  // in the order of the calls under way
    std::optional<ReadId> asked_;
    std::map<Address, std::vector<FlashOffer>> by_token_;
    std::optional<Address> collector_;  // ProtocolFeesCollector of the vault
    std::optional<U256> balancer_fee_;
    Hash32 asked_at_;
};

}  // namespace plimsoll::strategy
