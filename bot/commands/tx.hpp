// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/command.hpp"

namespace plimsoll::bot {

// What the journal knows of our transactions; read without disturbing a keeper that runs.
extern const Command kTxListCommand;
extern const Command kTxShowCommand;
extern const Command kTxCancelCommand;

}  // namespace plimsoll::bot
