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

    struct State {
        bool sealed_any{};         // a block is sealed
        bool connected{};          // to a source at least, and its newest block was read
        bool behind{};             // heads wait for blocks between
        bool caught_up{};          // nothing waits
        bool agreed{};             // the sources' heads allow a send
        bool skewed{};             // the wall clock or the chain's is wrong
        bool finality_violated{};  // what was final has changed
    };
    /// Which changes are told.
    enum class Tell { all, reasons_only };

    explicit FeedHealth(std::chrono::milliseconds stale_after) noexcept : stale_after_{stale_after} {}

    /// A new block is the tip.
    void advanced(Clock::time_point now) noexcept { advanced_ = now; }

    /// The readiness, if it has changed since the last call; with `reasons_only`, if there is a new reason.
    [[nodiscard]] std::optional<Readiness> update(Clock::time_point now, const State& state,
                                                  Tell tell = Tell::all) noexcept;
    [[nodiscard]] Readiness current() const noexcept { return current_; }

  private:
    std::chrono::milliseconds stale_after_;
    std::optional<Clock::time_point> advanced_;
    bool catching_up_ = false;
    bool told_ = false;
    Readiness current_{NotReady::starting};
};

/// How long a source has told no new head.
class HeadWatchdog {
  public:
    using Clock = std::chrono::steady_clock;

    void connected(Clock::time_point now) noexcept { since_ = now; }
    void disconnected() noexcept { since_.reset(); }
    void head(Clock::time_point now) noexcept { since_ = now; }
    /// Zero without a connection.
    [[nodiscard]] Clock::duration silence(Clock::time_point now) const noexcept {
        return since_ ? now - *since_ : Clock::duration::zero();
    }

  private:
    std::optional<Clock::time_point> since_;
};

}  // namespace plimsoll::feed
