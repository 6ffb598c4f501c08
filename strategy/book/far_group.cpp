// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/far_group.hpp"

#include <algorithm>
#include <cmath>

namespace plimsoll::strategy {

void FarGroup::begin(const LineWeights& weights) {
    first_ = weights;
    for (std::size_t i = 0; i < weights.reserves; ++i)
        first_.owed[i] *= kHealth;
    least_ = 1;
    most_ = 1 / kHealth;
    set_limits();
}

void FarGroup::set_limits() noexcept {
    for (std::size_t i = 0; i < first_.reserves; ++i) {
        backing_limit_[i] = first_.backing[i] * least_;
        owed_limit_[i] = first_.owed[i] * most_;
    }
}

/// A little more than it takes: interest moves every weight at each block.
void FarGroup::widen(bool owed, std::size_t reserve, double now) noexcept {
    constexpr double kStep = 1e-4;
    if (!std::isfinite(now)) return;  // nobody who has it can be liquidated
    const double before = owed ? first_.owed[reserve] : first_.backing[reserve];
    // Without a price everybody was a member; now that there is one, nobody knows.
    if (!std::isfinite(before) || before <= 0) {
        least_ = 0;
    } else if (owed) {
        most_ = std::max(most_, now / before * (1 + kStep));
    } else {
        least_ = std::min(least_, now / before * (1 - kStep));
    }
    set_limits();
}

bool FarGroup::worn() const noexcept {
    return least_ * least_ < most_ * most_ * kHealth;
}

}  // namespace plimsoll::strategy
