// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/command.hpp"
#include "config/config.hpp"

#include <tl/expected.hpp>

#include <string>

namespace plimsoll::bot {

struct LoadedConfig {
    config::Config config;
    std::string path;  // of the file that was read
};

/// The configuration that a command shall work with. What is wrong has been written to standard error, all of
/// it; the exit code says of which kind it was.
[[nodiscard]] tl::expected<LoadedConfig, ExitCode> load_config(const Invocation& invocation);

}  // namespace plimsoll::bot
