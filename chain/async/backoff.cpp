// SPDX-License-Identifier: Apache-2.0
#include "chain/async/backoff.hpp"

#include <algorithm>

namespace plimsoll::async {

std::chrono::milliseconds Backoff::next(std::uint64_t random_bits) noexcept {
    constexpr unsigned kMaxDoublings = 30;
    const unsigned doublings = std::min(attempts_, kMaxDoublings);
    ++attempts_;
    const std::int64_t first = std::max<std::int64_t>(params_.first.count(), 1);
    const std::int64_t cap = std::max<std::int64_t>(params_.cap.count(), first);
    const std::int64_t delay = first > (cap >> doublings) ? cap : std::min(first << doublings, cap);
    const auto spread = static_cast<std::uint64_t>(delay - delay / 2) + 1;
    return std::chrono::milliseconds{delay / 2 + static_cast<std::int64_t>(random_bits % spread)};
}

std::chrono::milliseconds Backoff::clamp(std::chrono::milliseconds hint) const noexcept {
    return std::clamp(hint, params_.first, std::max(params_.first, params_.cap));
}

}  // namespace plimsoll::async
