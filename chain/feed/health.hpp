// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/readiness.hpp"

#include <chrono>
#include <optional>

namespace plimsoll::feed {

/// Whether the feed's picture is the chain's, as far as the feed can know. Time comes in as an argument.
class FeedHealth {
  public:
    using Clock = std::chrono::steady_clock;

    /// What the tracker says of itself.
    struct State {
        bool sealed_any{};  // a block is sealed
        bool behind{};      // heads wait for blocks between
        bool caught_up{};   // nothing waits
    };

    explicit FeedHealth(std::chrono::milliseconds stale_after) noexcept : stale_after_{stale_after} {}

    /// The node's newest block was read, so what came before it is no longer missed.
    void connected(Clock::time_point now) noexcept;
    void disconnected() noexcept;
    void head(Clock::time_point now) noexcept { last_head_ = now; }

    /// The readiness, if it has changed since the last call.
    [[nodiscard]] std::optional<Readiness> update(Clock::time_point now, const State& state) noexcept;
    [[nodiscard]] Readiness current() const noexcept { return current_; }
    /// How long no head has come on this connection; zero without a connection.
    [[nodiscard]] Clock::duration silence(Clock::time_point now) const noexcept;

  private:
    std::chrono::milliseconds stale_after_;
    std::optional<Clock::time_point> last_head_;
    Clock::time_point connected_at_{};
    bool connected_ = false;
    bool catching_up_ = false;
    bool told_ = false;
    Readiness current_{NotReady::starting};
};

}  // namespace plimsoll::feed
