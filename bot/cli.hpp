// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/command.hpp"

#include <tl/expected.hpp>

#include <span>
#include <string>

namespace plimsoll::bot {

/// A command and what it was given.
struct CommandLine {
    const Command* command{};
    Invocation invocation;
};

/// The command line ends the program: help was asked for (`ok`, to standard output) or it is wrong (`usage`,
/// to standard error).
struct CliEnd {
    ExitCode code{};
    std::string text;
};

/// `arguments` without the program's name. `--version` is the command `version`.
[[nodiscard]] tl::expected<CommandLine, CliEnd> parse_command_line(const CommandTable& table,
                                                                   std::span<const std::string> arguments);

}  // namespace plimsoll::bot
