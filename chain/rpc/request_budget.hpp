// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace plimsoll::rpc {

/// What a connection is for. What a budget keeps back for one use, the uses before it cannot spend.
enum class Use : std::uint8_t {
    read,    // bootstrap, audits, everything that can wait
    feed,    // heads and logs
    submit,  // transactions
};

struct BudgetParams {
    std::uint32_t requests_per_second = 0;  // 0: no bound
    std::uint32_t burst = 0;                // requests at once after a rest; 0: those of one second
    std::uint32_t feed_share = 20;          // per cent of the burst that reading leaves to the feed
    std::uint32_t submit_share = 20;        // per cent of the burst that all others leave to submission
};

/// How many requests a node may be asked: a bucket that fills at a steady rate. Pure; times must not go back.
class RequestBudget {
  public:
    using Time = std::chrono::steady_clock::time_point;

    explicit RequestBudget(BudgetParams params) noexcept;

    /// When the next request of this use may go: `now`, or later.
    [[nodiscard]] Time allowed_at(Use use, Time now) const noexcept;
    /// A request goes, allowed or not.
    void take(Time now) noexcept;

  private:
    [[nodiscard]] std::int64_t level_at(Time now) const noexcept;
    [[nodiscard]] std::int64_t kept_from(Use use) const noexcept;

    BudgetParams params_;
    std::int64_t full_;   // all in millionths of a request, so that a microsecond's refill is whole
    std::int64_t level_;  // at `at_`
    Time at_{};
};

}  // namespace plimsoll::rpc
