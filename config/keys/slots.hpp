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
inline constexpr std::string_view kAnAddress = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
inline constexpr std::string_view kAnotherAddress = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359";

}  // namespace plimsoll::config
