// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/backoff.hpp"
#include "chain/primitives/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace plimsoll::rpc {

/// Whether a connection is up, and how long to wait before it is dialled again.
class ConnectionState {
  public:
    using Clock = std::chrono::steady_clock;

    explicit ConnectionState(async::BackoffParams params) noexcept : params_{params}, backoff_{params} {}

    void opened(Clock::time_point now) noexcept { opened_at_ = now; }
    /// It could not be opened, or is gone: how long to wait. Only a connection that stayed up for a while is
    /// dialled again quickly: one that opens and dies in a loop backs off like one that does not open. A
    /// wrong chain or an unbelievable certificate waits longest.
    [[nodiscard]] std::chrono::milliseconds lost(const Error& error, Clock::time_point now,
                                                 std::uint64_t random_bits);
    [[nodiscard]] bool up() const noexcept { return opened_at_.has_value(); }
    /// Why it was lost last.
    [[nodiscard]] const Error& last_error() const noexcept { return last_error_; }

  private:
    async::BackoffParams params_;
    async::Backoff backoff_;
    std::optional<Clock::time_point> opened_at_;
    Error last_error_{Errc::disconnected, "never connected"};
};

}  // namespace plimsoll::rpc
