// SPDX-License-Identifier: Apache-2.0
#include "bot/cli.hpp"
#include "bot/commands/table.hpp"
#include "bot/console.hpp"
#include "bot/hardening.hpp"

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace plimsoll::bot {
namespace {

ExitCode dispatch(const std::vector<std::string>& arguments) {
    if (const Result<void> done = keep_memory_private(); !done) return print_error(done.error());
    const auto line = parse_command_line(command_table(), arguments);
    if (line) return line->command->run(line->invocation);
    if (line.error().code == ExitCode::ok) {
        print_result(line.error().text);
    } else {
        print_message(line.error().text);
    }
    return line.error().code;
}

}  // namespace
}  // namespace plimsoll::bot

int main(int argc, char** argv) {
    using plimsoll::bot::ExitCode;
    try {
        return static_cast<int>(plimsoll::bot::dispatch(std::vector<std::string>(argv + 1, argv + argc)));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "error: internal: %s\n", error.what());
        return static_cast<int>(ExitCode::internal);
    }
}
