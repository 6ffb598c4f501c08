// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "config/problem.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace plimsoll::config {

/// Where a key was given: `place("endpoint", 1, "ws")`. Line 0 if it was not.
using PlaceOf = std::function<Place(std::string_view table, std::size_t index, std::string_view key)>;

/// Rules between keys: names that must differ, values that exclude each other. Empty fields are not looked
/// at: that they are missing has been said already.
[[nodiscard]] std::vector<Problem> check_together(const Config& config, const PlaceOf& place);

}  // namespace plimsoll::config
