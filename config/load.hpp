// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "config/origin.hpp"
#include "config/problem.hpp"
#include "config/surroundings.hpp"

#include <tl/expected.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::config {

/// One value from the environment or the command line.
struct Setting {
    std::string key;  // "PLIMSOLL_CHAIN__ID", or dotted "chain.id" from the command line
    std::string value;
    std::string written;  // how it was given, for messages: "PLIMSOLL_CHAIN__ID", "--set chain.id"
};

struct FileText {
    std::string name;  // for messages
    std::string text;
};

/// Where values come from, weakest first; below them all are the defaults and the network's file.
struct Sources {
    std::optional<FileText> file;
    std::vector<Setting> environment;  // every variable that begins with PLIMSOLL_
    std::vector<Setting> flags;
};

/// A configuration, and where each of its values came from.
struct Effective {
    Config config;
    Origins origins;
};

using Loaded = tl::expected<Effective, Problems>;

/// Puts the sources together: default < network < file < environment < flag. All problems are found in one
/// pass.
[[nodiscard]] Loaded load(const Sources& sources, const Surroundings& surroundings);

/// Reads a file's text, at most 1 MiB; `Problems::unreadable()` if that cannot be done.
[[nodiscard]] tl::expected<FileText, Problems> read_file(const std::string& path);

/// A file alone, without environment and flags.
[[nodiscard]] tl::expected<Config, Problems> load_text(std::string_view text, std::string file);

}  // namespace plimsoll::config
