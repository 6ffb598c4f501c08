// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/command.hpp"
#include "chain/primitives/result.hpp"

#include <span>
#include <string>
#include <vector>

namespace plimsoll::bot {

/// A command line without its configuration settings, and these.
struct SplitArguments {
    std::vector<std::string> rest;
    std::vector<ConfigFlag> settings;
};

/// Takes `--table.key value`, `--table.key=value` and `--set table.key=value` out of a command line. Words
/// after `--` are left alone. Errc::malformed_input where a value is missing. Whether the keys exist is for
/// the configuration's loader to say.
[[nodiscard]] Result<SplitArguments> split_config_flags(std::span<const std::string> arguments);

}  // namespace plimsoll::bot
