// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/arming.hpp"
#include "bot/command.hpp"
#include "bot/exit_code.hpp"
#include "bot/fork/options.hpp"
#include "bot/logger.hpp"
#include "config/config.hpp"
#include "config/origin.hpp"

#include <optional>
#include <string>

namespace plimsoll::bot {

extern const Command kRunCommand;
extern const Command kDryRunCommand;

struct RunOptions {
    LiveFlag live{};
    std::string config_path;             // for the start line
    bool accept_finality{};              // go on although a finalized block was seen to change
    config::Origins origins{};           // of the configuration: who decided what
    std::optional<Nonce> adopt_nonce{};  // the chain's next nonce of the key, on the operator's word
    std::optional<ForkOptions> fork{};   // every decision is carried out on a fork, nothing is sent
};

/// The keeper, until SIGTERM or SIGINT. Dry-run unless armed (see `arming`); a second signal exits at once.
[[nodiscard]] ExitCode run(const config::Config& config, const RunOptions& options, Logger& log);

}  // namespace plimsoll::bot
