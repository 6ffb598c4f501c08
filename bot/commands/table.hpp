// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/command.hpp"

namespace plimsoll::bot {

/// Every command of the program, in the order of the help.
[[nodiscard]] CommandTable command_table();

}  // namespace plimsoll::bot
