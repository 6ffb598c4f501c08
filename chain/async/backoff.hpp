// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace plimsoll::async {

struct BackoffParams {
    std::chrono::milliseconds first{250};  // the first delay, before jitter
    std::chrono::milliseconds cap{15'000};
};

/// Delays that double from `first` up to `cap`; each is spread over its upper half, so that many clients of
/// one node do not come back together. Pure: the caller passes random bits in.
class Backoff {
  public:
    explicit Backoff(BackoffParams params = {}) noexcept : params_{params} {}

    /// The next delay, in [d/2, d] for the undithered delay d.
    [[nodiscard]] std::chrono::milliseconds next(std::uint64_t random_bits) noexcept;
    /// A server's own hint, kept within [first, cap].
    [[nodiscard]] std::chrono::milliseconds clamp(std::chrono::milliseconds hint) const noexcept;
    void reset() noexcept { attempts_ = 0; }
    [[nodiscard]] unsigned attempts() const noexcept { return attempts_; }

  private:
    BackoffParams params_;
    unsigned attempts_ = 0;
};

}  // namespace plimsoll::async
