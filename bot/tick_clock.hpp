// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace plimsoll::bot {

/// Whether the processor counts time itself, at one rate in all its states.
[[nodiscard]] bool counts_time() noexcept;

namespace tick_clock {
inline const bool kCounts = counts_time();
}  // namespace tick_clock

/// A stamp that costs as little as possible: the processor's own count where that is time, else nanoseconds.
/// Only differences mean anything, and only a TickClock knows what.
[[nodiscard]] inline std::uint64_t read_ticks() noexcept {
#if defined(__x86_64__)
    if (tick_clock::kCounts) return __builtin_ia32_rdtsc();
#endif
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

/// Turns stamps into time of day, some time after they were taken. Must be there before the first stamp.
class TickClock {
  public:
    using TimePoint = std::chrono::system_clock::time_point;

    TickClock();

    /// Looks at the clock: the more recent that is, the better. Never backwards from one stamp to the next as
    /// long as it is not called.
    void look();
    /// When the stamp was taken, to a few microseconds.
    [[nodiscard]] TimePoint at(std::uint64_t ticks) const noexcept;

  private:
    struct Reading {
        std::uint64_t ticks{};
        std::chrono::steady_clock::time_point steady;
        TimePoint wall;
    };
    [[nodiscard]] static Reading read();

    Reading first_;
    Reading last_;
};

}  // namespace plimsoll::bot
