// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/command.hpp"

namespace plimsoll::bot {

extern const Command kContractDeployCommand;
extern const Command kContractVerifyCommand;
extern const Command kContractStatusCommand;

}  // namespace plimsoll::bot
