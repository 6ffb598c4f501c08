// SPDX-License-Identifier: Apache-2.0
#include "strategy/rank/trigger_band.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

constexpr unsigned kFirstStep = 4;  // binary places: a sixteenth

/// So far from `from` in the direction of `to`.
U256 towards(const U256& from, const U256& to, const U256& step) {
    return from < to ? from + step : from - step;
}

U256 between(const U256& one, const U256& other) {
    return one < other ? other - one : one - other;
}

}  // namespace

std::optional<AnswerBand> answer_band(const U256& today, const U256& far,
                                      const std::function<bool(const U256&)>& below,
                                      const std::function<bool(const U256&)>& holds) {
    if (!below(far)) return std::nullopt;
    U256 healthy = today;
    U256 first = far;
    while (between(healthy, first) > U256{1}) {
        const U256 middle = towards(healthy, first, between(healthy, first) >> 1U);
        (below(middle) ? first : healthy) = middle;
    }
    if (!holds(first)) return std::nullopt;
    const U256 whole = between(first, far);
    U256 last = first;
    for (unsigned places = kFirstStep + 1; places-- > 0;) {
        const U256 next = towards(first, far, whole >> places);
        if (!holds(next)) break;
        last = next;
    }
    return AnswerBand{std::min(first, last), std::max(first, last)};
}

}  // namespace plimsoll::strategy
