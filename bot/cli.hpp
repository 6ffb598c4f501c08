// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/arming.hpp"
#include "bot/exit_code.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <span>
#include <string>

namespace plimsoll::bot {

enum class Command : std::uint8_t { run, dry_run, version };
enum class Output : std::uint8_t { text, json };

/// What the operator typed, checked.
struct CommandLine {
    Command command{};
    std::string config_path{"plimsoll.toml"};
    LiveFlag live{};
    Output output{};
};

/// The command line ends the program: help was asked for (`ok`, to standard output) or it is wrong (`usage`,
/// to standard error).
struct CliEnd {
    ExitCode code{};
    std::string text;
};

/// `arguments` without the program's name.
[[nodiscard]] tl::expected<CommandLine, CliEnd> parse_command_line(std::span<const std::string> arguments);

}  // namespace plimsoll::bot
