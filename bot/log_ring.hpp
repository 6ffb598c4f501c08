// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/tick_clock.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>
#include <type_traits>

namespace plimsoll::bot {

class Logger;

/// Log lines on their way from the one thread that has them to the one that words them. A line is a plain
/// value of what it tells; the other thread calls its `tell(Logger&, time)`. Nothing waits: what finds no
/// room is counted.
class LogRing {
  public:
    using TimePoint = std::chrono::system_clock::time_point;
    static constexpr std::size_t kLineBytes = 240;

    /// A power of two.
    explicit LogRing(std::size_t slots) : mask_{slots - 1}, memory_{std::make_unique<Slot[]>(slots)} {
        if (!std::has_single_bit(slots)) throw std::invalid_argument{"a ring's size is a power of two"};
    }

    /// Of the writing thread. False if the ring is full; the line is lost then.
    template <class Line>
    bool push(const Line& line) noexcept {
        static_assert(std::is_trivially_copyable_v<Line> && sizeof(Line) <= kLineBytes &&
                      alignof(Line) <= alignof(std::max_align_t));
        const std::uint64_t next = written_.load(std::memory_order_relaxed);
        if (next - known_read_ > mask_) {
            known_read_ = read_.load(std::memory_order_acquire);
            if (next - known_read_ > mask_) {
                lost_.store(lost_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
                return false;
            }
        }
        Slot& slot = memory_[next & mask_];
        slot.ticks = read_ticks();
        slot.tell = [](const void* from, Logger& log, TimePoint at) {
            static_cast<const Line*>(from)->tell(log, at);
        };
        new (slot.line.data()) Line(line);
        written_.store(next + 1, std::memory_order_release);
        // The other core had this memory last: it comes back before it is needed.
        const char* const ahead = reinterpret_cast<const char*>(&memory_[(next + kAhead) & mask_]);
        __builtin_prefetch(ahead, 1);
        __builtin_prefetch(ahead + kCacheLine, 1);
        __builtin_prefetch(ahead + 2 * kCacheLine, 1);
        return true;
    }

    /// Of the writing thread: whether another half of the ring has just been filled.
    [[nodiscard]] bool half_written() const noexcept {
        return (written_.load(std::memory_order_relaxed) & (mask_ >> 1U)) == 0;
    }

    /// Of the reading thread: tells every line that is there to `log`, its time by `time(ticks)`; how many.
    template <class Time>
    std::size_t drain(Logger& log, const Time& time) {
        std::uint64_t next = read_.load(std::memory_order_relaxed);
        const std::uint64_t end = written_.load(std::memory_order_acquire);
        const auto count = static_cast<std::size_t>(end - next);
        for (; next != end; ++next) {
            const Slot& slot = memory_[next & mask_];
            slot.tell(slot.line.data(), log, time(slot.ticks));
            read_.store(next + 1, std::memory_order_release);
        }
        return count;
    }
    [[nodiscard]] bool empty() const noexcept {
        return read_.load(std::memory_order_relaxed) == written_.load(std::memory_order_acquire);
    }
    /// Lines that found no room, since the beginning. Of any thread.
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

  private:
    static constexpr std::size_t kCacheLine = 64;
    static constexpr std::uint64_t kAhead = 4;

    struct alignas(kCacheLine) Slot {
        std::uint64_t ticks;
        void (*tell)(const void* line, Logger& log, TimePoint at);
        alignas(std::max_align_t) std::array<std::byte, kLineBytes> line;
    };
    static_assert(sizeof(Slot) == 4 * kCacheLine);

    const std::uint64_t mask_;
    const std::unique_ptr<Slot[]> memory_;
    // Each thread's own, and far from the other's.
    alignas(kCacheLine) std::atomic<std::uint64_t> written_{0};
    std::uint64_t known_read_ = 0;
    std::atomic<std::uint64_t> lost_{0};
    alignas(kCacheLine) std::atomic<std::uint64_t> read_{0};
};

}  // namespace plimsoll::bot
