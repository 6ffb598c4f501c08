// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/command.hpp"

namespace plimsoll::bot {

// Keystore files: made, filled from elsewhere, found, named, proven. No password and no key is ever taken
// from the command line or the environment.
extern const Command kKeysNewCommand;
extern const Command kKeysImportCommand;
extern const Command kKeysListCommand;
extern const Command kKeysShowAddressCommand;
extern const Command kKeysVerifyCommand;

}  // namespace plimsoll::bot
