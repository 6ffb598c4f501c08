// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/outcome.hpp"
#include "chain/primitives/units.hpp"
#include "strategy/rank/gas_table.hpp"
#include "strategy/reason.hpp"
#include "strategy/routes/pool_table.hpp"

#include <map>
#include <optional>
#include <vector>

namespace plimsoll::strategy {

/// The intents that are not final: one for each key at most. What they will sell is counted as sold; a key is
/// free again when its outcome is known and, if it landed, when its block is in the book. Failures make the
/// key wait.
class IntentLedger {
  public:
    struct Entry {
        BlockNumber decided;
        Hash32 decided_on;                 // the block's hash
        std::optional<AccountId> account;  // nothing for an intent of an earlier run or bootstrap
        std::optional<GasShape> gas;       // nothing for an intent of an earlier run
        ExitPath path;                     // the pools that `sold` goes through
        TokenAmount sold;
        Gas gas_limit;
        bool orphaned = false;    // the block it was decided on was undone
        std::uint64_t place = 0;  // in the order of opening, given by `open`
    };

    void open(const IntentKey& key, Entry entry) {
        entry.place = ++places_;
        open_.insert_or_assign(key, entry);
    }
    [[nodiscard]] const Entry* find(const IntentKey& key) const;
    [[nodiscard]] std::size_t size() const noexcept { return open_.size(); }

    /// Ends the intent; returns what was known of it. `applied` is the newest block in the book.
    std::optional<Entry> close(const Outcome& outcome, BlockNumber applied);
    /// The book reached this block.
    void applied(BlockNumber number);
    /// Why nothing is tried for this key in the block after `applied`: its last attempts failed, and each
    /// failure doubles the blocks to wait, from 2 to 256.
    [[nodiscard]] std::optional<Reason> held_back(const IntentKey& key, BlockNumber applied) const;

    /// The gas limits of all of them together.
    [[nodiscard]] Gas open_gas() const;
    /// Where the pools will stand once all of them have sold, one after the other.
    void add_to(MovedPools& moved, const PoolTable& pools) const;
    /// Intents that are carried out by nobody.
    void forget_open() { open_.clear(); }
    /// Pool and account numbers of an earlier bootstrap mean nothing any more.
    void forget_numbers();

    /// The block was undone: what was decided on it must be looked at again.
    void orphan(const Hash32& block_hash);
    /// Keys and accounts of the orphaned entries, which are orphaned no more.
    struct Orphan {
        IntentKey key;
        AccountId account{};
    };
    [[nodiscard]] std::vector<Orphan> take_orphans();

  private:
    struct Failure {
        Reason reason{};
        unsigned count{};
        BlockNumber until;
    };
    void note(const Outcome& outcome, BlockNumber applied);

    std::map<IntentKey, Entry> open_;
    std::uint64_t places_ = 0;
    std::map<IntentKey, BlockNumber> landed_;  // outcome known, block not in the book yet
    std::map<IntentKey, Failure> failures_;
};

}  // namespace plimsoll::strategy
