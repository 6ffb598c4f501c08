// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace plimsoll::bot {

/// Values on their way from one thread to one other. Nothing waits and nothing is allocated.
template <class T, std::size_t kSlots>
class SpscQueue {
    static_assert(std::has_single_bit(kSlots));

  public:
    /// Of the writing thread. False if it is full: `value` is untouched then.
    [[nodiscard]] bool push(T&& value) {
        const std::uint64_t next = written_.load(std::memory_order_relaxed);
        if (next - read_.load(std::memory_order_acquire) == kSlots) return false;
        slots_[next % kSlots] = std::move(value);
        written_.store(next + 1, std::memory_order_release);
        return true;
    }
    /// Of the reading thread: into `out`; false if there is none.
    [[nodiscard]] bool pop(T& out) {
        const std::uint64_t next = read_.load(std::memory_order_relaxed);
        if (next == written_.load(std::memory_order_acquire)) return false;
        out = std::exchange(slots_[next % kSlots], T{});
        read_.store(next + 1, std::memory_order_release);
        return true;
    }

  private:
    static constexpr std::size_t kCacheLine = 64;
    std::array<T, kSlots> slots_{};
    alignas(kCacheLine) std::atomic<std::uint64_t> written_{0};
    alignas(kCacheLine) std::atomic<std::uint64_t> read_{0};
};

}  // namespace plimsoll::bot
