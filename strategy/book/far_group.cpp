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
}

void FarGroup::moved(bool owed, std::size_t reserve, double now) noexcept {
    if (!std::isfinite(now)) return;  // nobody who has it can be liquidated
    const double before = owed ? first_.owed[reserve] : first_.backing[reserve];
    // Without a price everybody was a member; now that there is one, nobody knows.
    if (!std::isfinite(before) || before <= 0) {
        least_ = 0;
    } else if (owed) {
        most_ = std::max(most_, now / before);
    } else {
        least_ = std::min(least_, now / before);
    }
}

bool FarGroup::worn() const noexcept {
    return least_ * least_ < most_ * most_ * kHealth;
}

}  // namespace plimsoll::strategy
