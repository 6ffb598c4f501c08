// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/hash.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace plimsoll::strategy {

/// What undoing a block came to.
enum class Undo : std::uint8_t {
    done,
    unknown,  // never recorded, or so old that its record was dropped: the state must be read again
    buried,   // a newer block stands on it; blocks are undone from the tip down
};

/// Old values by block, newest block last. Holds at most `depth` blocks and drops the oldest.
template <class Entry>
class UndoJournal {
  public:
    explicit UndoJournal(std::size_t depth) : depth_{depth} {}

    void begin(const Hash32& block) {
        if (frames_.size() == depth_) frames_.pop_front();
        frames_.push_back(Frame{block, {}});
    }
    [[nodiscard]] bool is_open(const Hash32& block) const noexcept {
        return !frames_.empty() && frames_.back().block == block;
    }
    /// Into the newest block. Before the first one there is nothing to go back to: what changes then belongs
    /// to the snapshot itself.
    void record(Entry old_value) {
        if (!frames_.empty()) frames_.back().entries.push_back(std::move(old_value));
    }
    [[nodiscard]] std::size_t size() const noexcept { return frames_.size(); }
    void clear() noexcept { frames_.clear(); }

    /// Hands the newest block's old values to `restore`, last write first, and forgets the block.
    template <class Restore>
    Undo undo(const Hash32& block, Restore&& restore) {
        if (!is_open(block)) return knows(block) ? Undo::buried : Undo::unknown;
        std::vector<Entry>& entries = frames_.back().entries;
        for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry)
            restore(*entry);
        frames_.pop_back();
        return Undo::done;
    }

  private:
    struct Frame {
        Hash32 block;
        std::vector<Entry> entries;
    };
    [[nodiscard]] bool knows(const Hash32& block) const noexcept {
        for (const Frame& frame : frames_) {
            if (frame.block == block) return true;
        }
        return false;
    }

    std::size_t depth_;
    std::deque<Frame> frames_;
};

}  // namespace plimsoll::strategy
