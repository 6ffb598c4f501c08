// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"

#include <chrono>
#include <optional>

namespace plimsoll::feed {

/// Compares three clocks: the steady one, the wall's, and the chain's. All times are arguments.
class ClockWatch {
  public:
    using Steady = std::chrono::steady_clock::time_point;
    using Wall = std::chrono::system_clock::time_point;

    ClockWatch(std::chrono::milliseconds max_skew, std::chrono::milliseconds suspend_after) noexcept
        : max_skew_{max_skew}, suspend_after_{suspend_after} {}

    /// Called regularly. True if time is missing: the machine was suspended, or the wall clock jumped.
    [[nodiscard]] bool lost_time(Steady steady, Wall wall) noexcept;
    /// A new block that was told just now, not fetched later.
    void head(Timestamp timestamp, Wall wall) noexcept;
    /// The newest block's timestamp was further from the wall clock than allowed.
    [[nodiscard]] bool skewed() const noexcept { return skewed_; }

  private:
    std::chrono::milliseconds max_skew_;
    std::chrono::milliseconds suspend_after_;
    std::optional<Steady> steady_;
    Wall wall_{};
    bool skewed_ = false;
};

}  // namespace plimsoll::feed
