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

/// Old values by block, newest block last. Holds at most `depth` blocks and drops the oldest; whoever owns it
/// may drop more of them when they take too much memory.
template <class Entry>
class UndoJournal {
  public:
    explicit UndoJournal(std::size_t depth) : depth_{depth} {}

    void begin(const Hash32& block) {
        if (frames_.size() == depth_) drop_oldest();
        frames_.push_back(Frame{block, {}});
    }
    /// The oldest block cannot be undone any more.
    void drop_oldest() {
        if (frames_.empty()) return;
        entries_ -= frames_.front().entries.size();
        frames_.pop_front();
    }
    /// Memory of what is held, about.
    [[nodiscard]] std::size_t bytes() const noexcept {
        return frames_.size() * sizeof(Frame) + entries_ * sizeof(Entry);
    }
    [[nodiscard]] bool is_open(const Hash32& block) const noexcept {
        return !frames_.empty() && frames_.back().block == block;
    }
    /// Into the newest block. Before the first one there is nothing to go back to: what changes then belongs
    /// to the snapshot itself.
    void record(Entry old_value) {
        if (frames_.empty()) return;
        frames_.back().entries.push_back(std::move(old_value));
        ++entries_;
    }
    [[nodiscard]] std::size_t size() const noexcept { return frames_.size(); }
    void clear() noexcept {
        frames_.clear();
        entries_ = 0;
    }

    /// Hands the newest block's old values to `restore`, last write first, and forgets the block.
    template <class Restore>
    Undo undo(const Hash32& block, Restore&& restore) {
        if (!is_open(block)) return knows(block) ? Undo::buried : Undo::unknown;
        std::vector<Entry>& entries = frames_.back().entries;
        for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry)
            restore(*entry);
        entries_ -= entries.size();
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
    std::size_t entries_ = 0;  // of all frames
    std::deque<Frame> frames_;
};

}  // namespace plimsoll::strategy
