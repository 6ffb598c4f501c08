// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/exit_code.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace plimsoll::bot {

enum class CheckStatus : std::uint8_t { ok, warn, fail, skip };

[[nodiscard]] std::string_view to_string(CheckStatus status) noexcept;

/// One line of `plimsoll check`. `code` is what `run` would end with, if it failed.
struct CheckRow {
    std::string name;
    CheckStatus status{};
    std::string detail;
    std::string fix;
    ExitCode code{};
};

}  // namespace plimsoll::bot
