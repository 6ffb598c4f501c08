// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/schema.hpp"

namespace plimsoll::config {

/// `at<&Config::chain, &Chain::id>`: the field of a single table.
template <auto Section, auto Member>
inline constexpr auto at = +[](Config& config, std::size_t) -> auto& {
    return config.*Section.*Member;
};

/// `each<&Config::venues, &Venue::pool>`: the field of the `index`th of repeated tables.
template <auto List, auto Member>
inline constexpr auto each = +[](Config& config, std::size_t index) -> auto& {
    return (config.*List).at(index).*Member;
};

inline constexpr Need kAlways{[](const Config&) { return true; }, "always"};
inline constexpr std::string_view kAnAddress = "0x52908400098527886E0F7030069857D2E4169EE7";

}  // namespace plimsoll::config
