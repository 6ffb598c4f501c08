// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u256.hpp"
#include "strategy/book/chunked_vector.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace plimsoll::strategy {

/// A balance in one reserve: `key` is twice the reserve's number, and one more for a debt.
struct HoldingEntry {
    std::uint8_t key{};
    u128 amount{};
};

/// Every account's balances, each account's side by side by rising key, in runs of a few sizes: 17 bytes a
/// balance and what a run is longer than it needs to be. A run that grew out of its size moves to another;
/// its old place serves the next that needs one.
class HoldingStore {
  public:
    struct Run {
        std::uint32_t first = 0;
        std::uint16_t size = 0;
    };

    [[nodiscard]] std::uint8_t key(const Run& run, std::size_t at) const noexcept {
        return keys_[run.first + at];
    }
    [[nodiscard]] const u128& amount(const Run& run, std::size_t at) const noexcept {
        return amounts_[run.first + at];
    }
    /// All of a run, which lies in one piece until the next write; null if it is empty.
    [[nodiscard]] const std::uint8_t* keys(const Run& run) const noexcept {
        return run.size == 0 ? nullptr : &keys_[run.first];
    }
    [[nodiscard]] const u128* amounts(const Run& run) const noexcept {
        return run.size == 0 ? nullptr : &amounts_[run.first];
    }
    /// Sets one balance; zero takes it out. `run` is changed with it.
    void set(Run& run, std::uint8_t key, u128 amount);
    /// All of an empty run at once, by rising key, none of them zero.
    void fill(Run& run, std::span<const HoldingEntry> entries);
    void clear() noexcept;
    [[nodiscard]] std::size_t bytes() const noexcept;

  private:
    static constexpr std::size_t kChunk = 4'096;
    static constexpr std::array<std::uint16_t, 17> kSizes{0,  1,  2,  3,  4,  5,   6,   8,  10,
                                                          12, 16, 24, 32, 64, 128, 192, 256};
    [[nodiscard]] static std::size_t class_of(std::size_t size) noexcept;
    [[nodiscard]] std::uint32_t take(std::size_t size_class);
    void extend(std::size_t count);
    void move(Run& run, std::size_t size_class);

    ChunkedVector<std::uint8_t, kChunk> keys_;
    ChunkedVector<u128, kChunk> amounts_;
    std::array<std::vector<std::uint32_t>, kSizes.size()> free_;  // by size
};

}  // namespace plimsoll::strategy
