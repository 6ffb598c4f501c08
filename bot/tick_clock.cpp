// SPDX-License-Identifier: Apache-2.0
#include "bot/tick_clock.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace plimsoll::bot {

bool counts_time() noexcept {
#if defined(__x86_64__)
    // "Invariant TSC" (AMD64 manual volume 3, CPUID Fn8000_0007_EDX[8]; Intel has the same).
    constexpr unsigned kLeaf = 0x80000007;
    constexpr unsigned kInvariant = 1U << 8U;
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    return __get_cpuid(kLeaf, &a, &b, &c, &d) != 0 && (d & kInvariant) != 0;
#else
    return false;
#endif
}

TickClock::TickClock() : first_{read()}, last_{first_} {}

/// The clocks are read between two counts; where another thread came in between, that is done again.
TickClock::Reading TickClock::read() {
    constexpr int kTries = 4;
    Reading best;
    std::uint64_t best_gap = UINT64_MAX;
    for (int i = 0; i < kTries; ++i) {
        const std::uint64_t before = read_ticks();
        const auto steady = std::chrono::steady_clock::now();
        const auto wall = std::chrono::system_clock::now();
        const std::uint64_t gap = read_ticks() - before;
        if (gap >= best_gap) continue;
        best_gap = gap;
        best = {before + gap / 2, steady, wall};
    }
    return best;
}

void TickClock::look() {
    last_ = read();
}

TickClock::TimePoint TickClock::at(std::uint64_t ticks) const noexcept {
    const auto passed = static_cast<double>(last_.ticks - first_.ticks);
    // How long a tick is need not be known well: a stamp is never further from the last look than that is
    // from the first one.
    const std::chrono::duration<double, std::nano> between = last_.steady - first_.steady;
    const double tick = passed > 0 ? between.count() / passed : 0;
    const auto distance = static_cast<double>(static_cast<std::int64_t>(ticks - last_.ticks));
    return last_.wall + std::chrono::nanoseconds{static_cast<std::int64_t>(distance * tick)};
}

}  // namespace plimsoll::bot
