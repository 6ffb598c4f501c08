// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/health.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::feed {

void FeedHealth::connected(Clock::time_point now) noexcept {
    connected_ = true;
    connected_at_ = now;
}

void FeedHealth::disconnected() noexcept {
    connected_ = false;
    catching_up_ = true;
}

std::optional<Readiness> FeedHealth::update(Clock::time_point now, const State& state) noexcept {
    if (state.behind) catching_up_ = true;
    if (connected_ && state.caught_up) catching_up_ = false;
    Readiness next;
    if (!state.sealed_any) next.set(NotReady::starting);
    if (state.sealed_any && catching_up_) next.set(NotReady::catching_up);
    if (last_head_ && now - *last_head_ > stale_after_) next.set(NotReady::stale_head);
    const bool first = !std::exchange(told_, true);
    if (!first && next == current_) return std::nullopt;
    current_ = next;
    return current_;
}

FeedHealth::Clock::duration FeedHealth::silence(Clock::time_point now) const noexcept {
    if (!connected_) return Clock::duration::zero();
    const Clock::time_point since = last_head_ ? std::max(*last_head_, connected_at_) : connected_at_;
    return now - since;
}

}  // namespace plimsoll::feed
