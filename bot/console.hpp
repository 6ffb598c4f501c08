// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/exit_code.hpp"

#include <string_view>

namespace plimsoll::bot {

/// Results: to standard output, at once.
void print_result(std::string_view text);
/// Everything else that is no log line: to standard error, at once.
void print_message(std::string_view text);
/// The message of an error that ends a command, and the exit code for it.
ExitCode print_error(const Error& error);

}  // namespace plimsoll::bot
