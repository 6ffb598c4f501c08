// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/hash.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/u256.hpp"
#include "strategy/book/undo_journal.hpp"
#include "strategy/quote.hpp"
#include "strategy/snapshot/snapshot_reader.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"
#include "strategy/venues/aave_v3/market.hpp"

#include <vector>

namespace plimsoll::strategy::aave_v3 {

/// What the pool can pay out of each asset: a seizure or a flash loan beyond it reverts. The pool's events
/// tell every movement; one reserve in turn is read at each block, which corrects what they do not tell
/// (gifts). Every write is undone by its block.
class Cash {
  public:
    explicit Cash(std::size_t undo_blocks) : journal_{undo_blocks} {}

    void reset(std::vector<U256> amounts);
    /// The writes that follow belong to `block`, which becomes the newest.
    void begin(const Hash32& block) { journal_.begin(block); }
    void add(ReserveId reserve, const U256& amount);
    /// Not below zero.
    void take(ReserveId reserve, const U256& amount);
    /// What the chain says at the newest block.
    void read(ReserveId reserve, const U256& amount);
    Undo undo(const Hash32& block);
    [[nodiscard]] std::size_t undo_bytes() const noexcept { return journal_.bytes(); }
    void drop_oldest_undo() { journal_.drop_oldest(); }

    void save(SnapshotWriter& out) const;
    /// Of exactly `reserves` reserves. Where the reader fails, it must be reset.
    void load(SnapshotReader& in, std::size_t reserves);

    [[nodiscard]] const U256& of(ReserveId reserve) const noexcept { return amounts_[reserve]; }
    /// The next reserve to be read; there must be one.
    [[nodiscard]] ReserveId next_sample() noexcept;
    /// Readings that differed from what the events told.
    [[nodiscard]] std::size_t corrected_count() const noexcept { return corrected_; }

  private:
    struct Old {
        ReserveId reserve;
        U256 amount;
    };
    void set(ReserveId reserve, const U256& amount);

    std::vector<U256> amounts_;
    std::size_t sample_ = 0;
    std::size_t corrected_ = 0;
    UndoJournal<Old> journal_;
};

/// Asks the chain for it: the pool's own account of it where it keeps one, else what its aToken holds.
[[nodiscard]] Call cash_call(const Market& market, const ReserveFacts& reserve);

}  // namespace plimsoll::strategy::aave_v3
