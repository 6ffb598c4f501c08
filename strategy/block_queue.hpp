// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/primitives/log.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace plimsoll::strategy {

/// Blocks on their way into the books: begun, filled with logs, sealed, and waiting their turn. A block that
/// began before the present watch was told misses logs of newly watched emitters; it must be completed by a
/// query first.
class BlockQueue {
  public:
    struct Block {
        Head head;
        std::vector<Log> logs;
        bool sealed = false;
        bool complete = false;  // began under the present watch, or was completed by a query
    };

    void started(const Head& head);
    /// The block the log was added to; null if no such block is open.
    const Block* add(const Log& log);
    /// Errc::not_found: never begun; Errc::malformed_input: another number of logs than were told.
    [[nodiscard]] Result<void> sealed(const Hash32& hash, std::uint32_t log_count);
    /// Takes the block out; false if it is not here.
    bool undone(const Hash32& hash);
    /// The watch grew: every block here now lacks something.
    void watch_changed();
    /// Forgets blocks up to this number.
    void drop_to(BlockNumber number);
    void clear() { blocks_.clear(); }

    /// The oldest block, once it is sealed.
    [[nodiscard]] const Block* front() const;
    [[nodiscard]] Block take_front();
    [[nodiscard]] std::optional<Head> newest_sealed() const;
    [[nodiscard]] bool holds(const Hash32& hash) const;
    [[nodiscard]] std::size_t size() const noexcept { return blocks_.size(); }

    /// The run of sealed, incomplete blocks at the front, as first number and last head.
    struct Gap {
        BlockNumber from;
        Head to;
    };
    [[nodiscard]] std::optional<Gap> gap() const;
    /// All logs of that run. False if the blocks changed meanwhile (ask again).
    bool fill(const Gap& gap, std::span<const Log> logs);

  private:
    [[nodiscard]] Block* find(const Hash32& hash);

    std::deque<Block> blocks_;  // in order of arrival, which is chain order
};

}  // namespace plimsoll::strategy
