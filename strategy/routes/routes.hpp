// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/routes/pool_reader.hpp"
#include "strategy/routes/pool_table.hpp"
#include "strategy/routes/uniswap_contracts.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace plimsoll::strategy {

/// A token that may be seized or owed, and how much of it is sold to compare with QuoterV2.
struct RouteAsset {
    Address token;
    TokenAmount sample;
};

/// The exit routes: finds the pools between the assets, has them read at one block, and keeps them as the
/// chain has them.
class Routes {
  public:
    Routes(const UniswapContracts& contracts, std::uint32_t max_outstanding)
        : contracts_{contracts}, reader_{contracts.quoter, max_outstanding} {}

    /// Begins anew at block `at`: every pair of `assets` and `intermediates` in every fee tier is looked up,
    /// and each pool read. Without any `intermediates`, the tokens with the most pools are taken, `native`
    /// first.
    void start(const Head& at, std::vector<RouteAsset> assets, std::vector<Address> intermediates,
               const Address& native);
    /// The reads that are due for that, at most the outstanding limit at a time.
    void discover(const NextReadId& next_id, std::vector<ReadRequest>& out);
    /// Every pool is known, or refused.
    [[nodiscard]] bool discovered() const noexcept {
        return found() && reader_.busy() == 0 && started_reading_;
    }
    /// Reads that are due later, at `at`, the newest block applied.
    void refresh(const Head& at, const NextReadId& next_id, std::vector<ReadRequest>& out);

    enum class Taken : std::uint8_t { foreign, ours };
    /// Whose answer it was. What failed before `discovered` is an error: no route may be missed in silence.
    [[nodiscard]] Result<Taken> accept(const ReadResult& result);

    [[nodiscard]] const PoolTable& pools() const noexcept { return pools_; }
    /// The tokens that two hops go through.
    [[nodiscard]] std::span<const Address> intermediates() const noexcept { return intermediates_; }
    void apply(const Head& block, std::span<const Log> logs) { pools_.apply(block, logs); }
    void undo(const Hash32& block_hash) { pools_.undo(block_hash); }
    [[nodiscard]] std::size_t undo_bytes() const noexcept { return pools_.undo_bytes(); }
    void drop_undo(const Hash32& block_hash) { pools_.drop_undo(block_hash); }

    /// Once `discovered`: the assets, what two hops go through, and the pools.
    void save(SnapshotWriter& out) const;
    /// As if discovered; what was not known of a pool is read again by `refresh`.
    void load(SnapshotReader& in);
    void append_watch(Watch& watch) const { pools_.append_watch(watch); }

    /// Somebody may want to sell `amount` of `in` for `out`: wherever that leaves what is known of a pool,
    /// more is read.
    void prepare(const Address& in, const Address& out, const TokenAmount& amount);

    [[nodiscard]] std::size_t steps() const noexcept { return lookups_.size() + pools_.size(); }
    [[nodiscard]] std::size_t steps_done() const noexcept;
    [[nodiscard]] std::size_t outstanding() const noexcept { return asked_.size() + reader_.outstanding(); }
    [[nodiscard]] std::size_t refused() const noexcept;
    [[nodiscard]] PoolReader& reader() noexcept { return reader_; }
    [[nodiscard]] const PoolReader& reader() const noexcept { return reader_; }

  private:
    struct Lookup {
        Address token0;
        Address token1;
        std::size_t tier{};
    };
    struct Batch {
        std::size_t first{};
        std::size_t count{};
    };

    void make_lookups();
    void choose_intermediates();
    [[nodiscard]] bool found() const noexcept {
        return started_ && cursor_ == lookups_.size() && asked_.empty();
    }
    [[nodiscard]] Result<void> take(const Batch& batch, const ReadResult& result);
    [[nodiscard]] TokenAmount sample(const Address& token) const;
    void prepare_hop(std::span<const DirectionId> directions, const TokenAmount& amount, TokenAmount& out);

    UniswapContracts contracts_;
    bool started_ = false;
    bool started_reading_ = false;
    Head at_;
    Address native_;
    std::vector<RouteAsset> assets_;  // by token
    std::vector<Address> intermediates_;
    std::vector<Lookup> lookups_;
    std::size_t cursor_ = 0;  // lookups before it are asked
    std::unordered_map<ReadId, Batch> asked_;
    PoolTable pools_;
    PoolReader reader_;
};

}  // namespace plimsoll::strategy
