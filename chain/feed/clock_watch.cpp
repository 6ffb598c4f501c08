// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/clock_watch.hpp"

#include <utility>

namespace plimsoll::feed {

bool ClockWatch::lost_time(Steady steady, Wall wall) noexcept {
    if (!steady_) {
        steady_ = steady;
        wall_ = wall;
        return false;
    }
    const std::chrono::nanoseconds by_steady = steady - std::exchange(*steady_, steady);
    const std::chrono::nanoseconds by_wall = wall - std::exchange(wall_, wall);
    const std::chrono::nanoseconds limit = suspend_after_;
    return by_steady > limit || by_wall - by_steady > limit || by_steady - by_wall > limit;
}

void ClockWatch::head(Timestamp timestamp, Wall wall) noexcept {
    if (max_skew_.count() == 0) return;
    using Milliseconds = std::chrono::duration<double, std::milli>;  // a hostile timestamp must not overflow
    const Milliseconds chain{static_cast<double>(timestamp.value) * 1'000.0};
    const Milliseconds ours = wall.time_since_epoch();
    const Milliseconds limit = max_skew_;
    skewed_ = chain - ours > limit || ours - chain > limit;
}

}  // namespace plimsoll::feed
