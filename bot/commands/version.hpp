// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/command.hpp"

#include <string>
#include <string_view>

namespace plimsoll::bot {

extern const Command kVersionCommand;

/// "0.1.0".
[[nodiscard]] std::string_view version();
/// Short commit hash of the sources, "-dirty" if they were changed after it, "unknown" outside a git
/// checkout.
[[nodiscard]] std::string_view commit();
/// What `plimsoll version` prints, with the line's end.
[[nodiscard]] std::string version_text(bool json);

}  // namespace plimsoll::bot
