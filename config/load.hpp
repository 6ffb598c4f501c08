// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "config/problem.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace plimsoll::config {

using Loaded = tl::expected<Config, Problems>;

/// Reads and checks a TOML file. All problems are found in one pass; `Problems::unreadable()` if the file
/// cannot be read.
[[nodiscard]] Loaded load_file(const std::string& path);
/// The same for text that is already in memory; `file` is only a name for messages.
[[nodiscard]] Loaded load_text(std::string_view text, std::string file);

}  // namespace plimsoll::config
