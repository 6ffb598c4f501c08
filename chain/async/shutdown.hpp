// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"

#include <boost/asio/steady_timer.hpp>

namespace plimsoll::async {

/// A latch that stays set: somebody asked the program to stop. Anyone may look, any number of tasks may wait.
class Shutdown {
  public:
    explicit Shutdown(asio::any_io_executor executor);

    void request();
    [[nodiscard]] bool requested() const noexcept { return requested_; }
    /// Returns when the latch is set; throws when cancelled.
    Task<void> wait();

  private:
    asio::steady_timer latch_;
    bool requested_ = false;
};

/// Sets the latch at the first SIGTERM or SIGINT. At the second it calls `give_up`, which must end the
/// process at once. Runs until cancelled.
Task<void> watch_signals(Shutdown& shutdown, void (*give_up)());

}  // namespace plimsoll::async
