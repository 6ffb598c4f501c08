// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/hot/armed_table.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace plimsoll::bot {

/// Finds what an answer sends. Of the thread that receives prices; nothing is allocated.
class Matcher {
  public:
    /// From now on by this table; null: nothing is sent.
    void take(std::shared_ptr<ArmedTable> table) noexcept;
    /// Nothing is sent from now on; whoever carries out what was found holds the table meanwhile.
    [[nodiscard]] std::shared_ptr<ArmedTable> give_up() noexcept { return std::move(table_); }
    /// The nearest entry that this log sends: an answer of its aggregator within its bounds, in its block,
    /// with no answer of another aggregator of its account before it in the block and nothing that made it
    /// void. An answer that is taken back ends the table.
    [[nodiscard]] std::optional<std::uint32_t> match(const Log& log) noexcept;
    [[nodiscard]] ArmedTable* table() const noexcept { return table_.get(); }

  private:
    void note_answer(const Log& log) noexcept;
    void count_moved() noexcept;

    std::shared_ptr<ArmedTable> table_;
    // Who answered in the newest block, whatever table there was: the next one may be for the same block.
    BlockNumber block_;
    std::array<Address, ArmedTable::kMost> answered_{};
    std::size_t answered_count_ = 0;  // more than there is place for: everybody, for all we know
    std::uint64_t moved_ = 0;         // of these, as bits of the table
};

}  // namespace plimsoll::bot
