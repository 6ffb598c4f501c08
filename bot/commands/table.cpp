// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/table.hpp"

#include "bot/commands/run.hpp"
#include "bot/commands/version.hpp"

namespace plimsoll::bot {
namespace {

constexpr std::array<CommandGroup, 0> kGroups{};

constexpr std::array kCommands{
    &kRunCommand,
    &kDryRunCommand,
    &kVersionCommand,
};

}  // namespace

CommandTable command_table() {
    return CommandTable{kGroups, kCommands};
}

}  // namespace plimsoll::bot
