// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/command.hpp"

namespace plimsoll::bot {

// Orders to the keeper that runs on the configured data folder, and the marks that hold it back without one.
extern const Command kStatusCommand;
extern const Command kPauseCommand;
extern const Command kResumeCommand;

}  // namespace plimsoll::bot
