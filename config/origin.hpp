// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/problem.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace plimsoll::config {

/// The sources of values, weakest first.
enum class Layer : std::uint8_t { preset, network, file, environment, flag };

/// Where one value came from.
struct Origin {
    Layer layer{};
    std::string name;  // of the file, variable or flag; of the network "mainnet"
    Place place;       // in the file
};

/// One key of one table; `index` counts repeated tables.
struct KeyPath {
    std::string_view table;  // a name of the schema
    std::size_t index{};
    std::string_view key;  // likewise
    auto operator<=>(const KeyPath&) const = default;
};

/// What is not in it has its default or no value.
using Origins = std::map<KeyPath, Origin>;

/// "default", "network mainnet", "plimsoll.toml:3:8", "PLIMSOLL_CHAIN__ID", "--chain.id".
[[nodiscard]] std::string to_string(const Origin& origin);

}  // namespace plimsoll::config
