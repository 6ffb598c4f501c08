// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/problem.hpp"
#include "config/value.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::config {

/// `key = value`. No value: it is of a shape that no key has (a date, a table, a list of other things than
/// text).
struct Entry {
    std::string key;
    Place key_place;
    Place value_place;
    std::optional<Scalar> value;
};

/// How a name stands at the top of a file.
enum class Form : std::uint8_t { table, element, other };  // [name], one of [[name]], name = …

struct Section {
    std::string name;
    Form form{};
    Place place;
    std::vector<Entry> entries;
};

/// A TOML file as the schema sees it: tables of keys, in the file's order.
struct Document {
    std::vector<Section> sections;
};

/// Bounds of a configuration file; what is beyond is not looked at.
inline constexpr std::size_t kLargestFile = std::size_t{1} << 20U;
inline constexpr std::size_t kLongestLine = 4096;

/// The first problem of a text that is no TOML or beyond the bounds.
[[nodiscard]] tl::expected<Document, Problem> parse_document(std::string_view text);

}  // namespace plimsoll::config
