// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace plimsoll::config {

/// The candidate that is most likely meant by `word`: the fewest insertions, deletions, replacements and
/// swaps of neighbours, at most a third of the word's length (and at least one). Empty if none is near.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace plimsoll::config
