// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/command.hpp"

namespace plimsoll::bot {

/// Follows the configured chain and carries every decision to send out on a fork of it.
extern const Command kForkCommand;

}  // namespace plimsoll::bot
