// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/health.hpp"

#include <utility>

namespace plimsoll::feed {

std::optional<Readiness> FeedHealth::update(Clock::time_point now, const State& state, Tell tell) noexcept {
    if (state.behind || !state.connected) catching_up_ = true;
    if (state.connected && state.caught_up) catching_up_ = false;
    Readiness next;
    if (!state.sealed_any) next.set(NotReady::starting);
    if (state.sealed_any && catching_up_) next.set(NotReady::catching_up);
    if (advanced_ && now - *advanced_ > stale_after_) next.set(NotReady::stale_head);
    if (state.sealed_any && state.connected && !state.agreed) next.set(NotReady::endpoints_disagree);
    if (state.skewed) next.set(NotReady::clock_skew);
    if (state.finality_violated) next.set(NotReady::finality_violated);
    const bool worse = (next.bits() & ~static_cast<unsigned>(current_.bits())) != 0;
    if (told_ && (tell == Tell::all ? next == current_ : !worse)) return std::nullopt;
    told_ = true;
    current_ = next;
    return current_;
}

}  // namespace plimsoll::feed
