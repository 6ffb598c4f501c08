// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/routes/curve_reader.hpp"
#include "strategy/routes/pool_table.hpp"
#include "strategy/routes/uniswap_contracts.hpp"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace plimsoll::strategy {

/// A token that may be seized or owed, and the amounts of it that a depth curve reaches over at first.
struct RouteAsset {
    Address token;
    TokenAmount smallest;
    TokenAmount largest;
};

/// The exit routes: finds the pools between the assets, keeps their depth curves fresh between events, and
/// quotes.
class Routes {
  public:
    Routes(const UniswapContracts& contracts, std::uint32_t max_outstanding)
        : contracts_{contracts}, reader_{contracts.quoter, max_outstanding} {}

    /// Begins anew: every pair of `assets` in every fee tier is looked up at block `at`.
    void start(const Head& at, std::vector<RouteAsset> assets);
    /// The lookups that are due, at most the outstanding limit at a time.
    void discover(const NextReadId& next_id, std::vector<ReadRequest>& out);
    /// All lookups are answered.
    [[nodiscard]] bool discovered() const noexcept {
        return started_ && cursor_ == lookups_.size() && asked_.empty();
    }
    /// Depth curves that are due, at `at`, the newest block applied.
    void refresh(const Head& at, const NextReadId& next_id, std::vector<ReadRequest>& out);

    enum class Taken : std::uint8_t { foreign, discovery, curve };
    /// Whose answer it was. A lookup that failed is an error: no route may be missed in silence.
    [[nodiscard]] Result<Taken> accept(const ReadResult& result);

    [[nodiscard]] const PoolTable& pools() const noexcept { return pools_; }
    void apply(const Head& block, std::span<const Log> logs) { pools_.apply(block, logs); }
    void undo(const Hash32& block_hash) { pools_.undo(block_hash); }
    void append_watch(Watch& watch) const { pools_.append_watch(watch); }

    /// Restricts the curves to the pairs that can be needed; without any call, all of them are kept.
    struct Need {
        Address in;
        Address out;
        TokenAmount largest;
    };
    void restrict_to(std::span<const Need> needs);
    /// A candidate would sell `amount` of `in` for `out`.
    void prefer(const Address& in, const Address& out, const TokenAmount& amount);
    /// It would so nearly be worth it that the curves' interpolation decides: read them at exactly `amount`.
    void sharpen(const Address& in, const Address& out, const TokenAmount& amount);

    [[nodiscard]] CurveReader& reader() noexcept { return reader_; }
    [[nodiscard]] const CurveReader& reader() const noexcept { return reader_; }
    /// Every curve of interest has been read at least once.
    [[nodiscard]] bool warm() const { return discovered() && reader_.unread(pools_) == 0; }
    [[nodiscard]] std::size_t lookups() const noexcept { return lookups_.size(); }
    [[nodiscard]] std::size_t looked_up() const noexcept { return cursor_; }

  private:
    struct Lookup {
        Address token0;
        Address token1;
        std::uint32_t fee{};
    };
    struct Batch {
        std::size_t first{};
        std::size_t count{};
    };

    void make_lookups();
    void cover_all();
    [[nodiscard]] Result<void> take(const Batch& batch, const ReadResult& result);
    [[nodiscard]] const RouteAsset* asset(const Address& token) const;

    UniswapContracts contracts_;
    bool started_ = false;
    Head at_;
    std::vector<RouteAsset> assets_;
    std::vector<Lookup> lookups_;
    std::size_t cursor_ = 0;  // lookups before it are asked
    std::unordered_map<ReadId, Batch> asked_;
    PoolTable pools_;
    CurveReader reader_;
};

}  // namespace plimsoll::strategy
