// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/book/line_term.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace plimsoll::strategy {

/// Accounts so far above the line that they need no bounds of their own: while all weights are near enough to
/// what they were when the group began, each of its members is above the line. It costs nothing to be in it.
class FarGroup {
  public:
    /// A member's health factor at the beginning is no less,
    static constexpr double kHealth = 1.125;
    /// and it has at least so many units of the base currency to spare: covers every rounding.
    static constexpr double kRoom = 1e4;

    void begin(const LineWeights& weights);
    /// Whether an account with these holdings would have been a member from the beginning.
    [[nodiscard]] bool admits(std::span<const LineTerm> terms) const noexcept {
        return distance(terms, first_).least > kRoom;
    }

    /// A weight is another one now.
    void moved(bool owed, std::size_t reserve, double now) noexcept {
        const bool inside = owed ? now <= owed_limit_[reserve] : now >= backing_limit_[reserve];
        if (!inside) widen(owed, reserve, now);
    }
    /// All members are above the line, wherever each weight has been in the meantime.
    [[nodiscard]] bool safe() const noexcept { return least_ >= most_ * kSpare; }
    /// Half of what may happen has: another group should begin.
    [[nodiscard]] bool worn() const noexcept;

  private:
    static constexpr double kSpare = 1.0 + 1e-6;  // for the errors of all this arithmetic

    void widen(bool owed, std::size_t reserve, double now) noexcept;
    void set_limits() noexcept;

    LineWeights first_;  // at the beginning; of what is owed, times kHealth
    double least_ = 1;   // no weight of what backs has fallen by more, as a factor
    double most_ = 1;    // no weight of what is owed has risen by more, of `first_`
    std::array<double, kMaxReserves> backing_limit_{};  // what that comes to
    std::array<double, kMaxReserves> owed_limit_{};
};

}  // namespace plimsoll::strategy
