// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/read_request.hpp"
#include "strategy/routes/pool_table.hpp"
#include "strategy/venue.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace plimsoll::strategy {

/// Decides which depth curves to read next, asks QuoterV2 for them, and stores the answers. One request is
/// one curve: the pool's slot0 and a geometric grid of amounts, all at one block hash.
class CurveReader {
  public:
    CurveReader(const Address& quoter, std::uint32_t max_outstanding)
        : quoter_{quoter}, max_outstanding_{max_outstanding} {}

    /// Forgets everything and makes room for `directions`.
    void reset(std::uint32_t directions);
    /// The curve shall reach from `smallest` to at least `largest`.
    void cover(DirectionId direction, const TokenAmount& smallest, const TokenAmount& largest);
    /// It is of no interest until it is covered again.
    void ignore(DirectionId direction);
    /// A candidate would sell `amount` there: read the curve before others, and beyond that amount.
    void prefer(DirectionId direction, const TokenAmount& amount);
    /// Read it at exactly `amount` too, unless a point lies close by.
    void sharpen(DirectionId direction, const TokenAmount& amount, const PoolTable& pools);

    void next_reads(const Head& at, const PoolTable& pools, const NextReadId& next_id,
                    std::vector<ReadRequest>& out);
    /// False if the answer is not one of this reader's.
    bool accept(const ReadResult& result, PoolTable& pools);

    [[nodiscard]] std::size_t outstanding() const noexcept { return reads_.size(); }
    /// Curves of interest that were never read (nor failed to be); that are stale or too short.
    [[nodiscard]] std::uint64_t unread(const PoolTable& pools) const;
    [[nodiscard]] std::uint64_t due(const PoolTable& pools) const;
    [[nodiscard]] std::uint64_t covered() const;

  private:
    struct Demand {
        bool covered = false;
        bool preferred = false;
        bool reading = false;
        bool exhausted = false;                // the pool has no more depth than the curve shows
        std::optional<BlockNumber> failed_at;  // not asked again at this block
        TokenAmount smallest;
        TokenAmount largest;
        std::vector<TokenAmount> exact;
    };
    struct Read {
        DirectionId direction{};
        std::uint64_t version{};
        BlockNumber block;
        bool whole = false;  // a new curve, not more points of the present one
        std::vector<TokenAmount> amounts;
    };

    [[nodiscard]] bool needs_whole(DirectionId direction, const PoolTable& pools) const;
    [[nodiscard]] bool needs_read(DirectionId direction, const PoolTable& pools) const;
    [[nodiscard]] std::vector<TokenAmount> amounts_for(const Demand& demand, bool whole) const;
    void ask(DirectionId direction, const Head& at, const PoolTable& pools, const NextReadId& next_id,
             std::vector<ReadRequest>& out);
    [[nodiscard]] Result<void> take(const Read& read, const ReadResult& result, PoolTable& pools);

    Address quoter_;
    std::uint32_t max_outstanding_;
    std::vector<Demand> demands_;  // by DirectionId
    std::unordered_map<ReadId, Read> reads_;
    DirectionId cursor_ = 0;  // where the last round stopped
};

}  // namespace plimsoll::strategy
