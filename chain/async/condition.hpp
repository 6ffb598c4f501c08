// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>

namespace plimsoll::async {

/// Something may have changed: whoever waits looks again. One thread only, so a look and a wait have no gap
/// between them.
class Condition {
  public:
    explicit Condition(asio::any_io_executor executor);

    /// Wakes everybody who waits now; has no memory.
    void notify_all();
    /// Throws when cancelled.
    Task<void> wait();
    /// Returns at the deadline at the latest. Each call has a timer of its own.
    Task<void> wait_until(std::chrono::steady_clock::time_point deadline);

  private:
    asio::steady_timer timer_;
    std::uint64_t notified_ = 0;
};

}  // namespace plimsoll::async
