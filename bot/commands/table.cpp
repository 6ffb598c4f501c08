// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/table.hpp"

#include "bot/commands/check.hpp"
#include "bot/commands/completion.hpp"
#include "bot/commands/config_init.hpp"
#include "bot/commands/config_schema.hpp"
#include "bot/commands/config_show.hpp"
#include "bot/commands/contract.hpp"
#include "bot/commands/control.hpp"
#include "bot/commands/fork.hpp"
#include "bot/commands/keys.hpp"
#include "bot/commands/positions.hpp"
#include "bot/commands/run.hpp"
#include "bot/commands/tx.hpp"
#include "bot/commands/version.hpp"

namespace plimsoll::bot {
namespace {

constexpr std::array kGroups{
    CommandGroup{"config", "The configuration: write, show and describe it"},
    CommandGroup{"contract", "The Executor: create it, look at it, compare it"},
    CommandGroup{"keys", "Keystores: made, imported, listed, verified"},
    CommandGroup{"tx", "Our transactions, as the journal knows them"},
};

constexpr std::array kCommands{
    &kConfigInitCommand, &kConfigShowCommand,     &kConfigSchemaCommand,   &kCheckCommand,
    &kPositionsCommand,  &kContractDeployCommand, &kContractVerifyCommand, &kContractStatusCommand,
    &kKeysNewCommand,    &kKeysImportCommand,     &kKeysListCommand,       &kKeysShowAddressCommand,
    &kKeysVerifyCommand, &kTxListCommand,         &kTxShowCommand,         &kTxCancelCommand,
    &kStatusCommand,     &kPauseCommand,          &kResumeCommand,         &kRunCommand,
    &kDryRunCommand,     &kForkCommand,           &kCompletionCommand,     &kVersionCommand,
};

}  // namespace

CommandTable command_table() {
    return CommandTable{kGroups, kCommands};
}

}  // namespace plimsoll::bot
