// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/command.hpp"
#include "config/load.hpp"

#include <tl/expected.hpp>

#include <optional>
#include <string>

namespace plimsoll::bot {

struct LoadedConfig {
    config::Config config;
    config::Origins origins;
    std::string path;  // of the file that was read; empty: none was found and none is needed
};

/// The configuration that a command shall work with: the file of --config or PLIMSOLL_CONFIG, else the first
/// of ./plimsoll.toml, $XDG_CONFIG_HOME/plimsoll/plimsoll.toml and /etc/plimsoll/plimsoll.toml; then every
/// PLIMSOLL_* variable and the command line. What is wrong has been written to standard error, all of it; the
/// exit code says of which kind it was.
[[nodiscard]] tl::expected<LoadedConfig, ExitCode> load_config(const Invocation& invocation);

/// The same without a word: for commands that tell the problems themselves.
[[nodiscard]] tl::expected<LoadedConfig, config::Problems> try_load_config(const Invocation& invocation);
/// What the program answers to problems: 66 for a file that cannot be read, 64 where all were typed on the
/// command line, 77 where secrets lie open, else 78.
[[nodiscard]] ExitCode exit_code(const config::Problems& problems) noexcept;

/// The command line's settings as the loader wants them.
[[nodiscard]] std::vector<config::Setting> settings_of(const Invocation& invocation);

}  // namespace plimsoll::bot
