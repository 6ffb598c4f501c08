// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u256.hpp"

#include <functional>
#include <optional>

namespace plimsoll::strategy {

/// Answers from the one nearest to today's that does something to the furthest at which it surely still does.
struct AnswerBand {
    U256 least;  // both included
    U256 most;
};

/// Between `today`, at which `below` is false, and `far` on either side of it: from the answer nearest to
/// today's that is below, as far as exact halving tells, to the last step before `far` up to which every step
/// `holds`. Steps double; the first is a sixteenth of the way. Nothing if `far` is not below, or the nearest
/// does not hold.
[[nodiscard]] std::optional<AnswerBand> answer_band(const U256& today, const U256& far,
                                                    const std::function<bool(const U256&)>& below,
                                                    const std::function<bool(const U256&)>& holds);

}  // namespace plimsoll::strategy
