// SPDX-License-Identifier: Apache-2.0
#include "bot/cli.hpp"
#include "bot/commands/run.hpp"
#include "bot/commands/version.hpp"
#include "bot/exit_code.hpp"
#include "bot/logger.hpp"
#include "config/load.hpp"

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace plimsoll::bot {
namespace {

void print(std::FILE* stream, const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
}

ExitCode start(const CommandLine& line) {
    const auto loaded = config::load_file(line.config_path);
    if (!loaded) {
        print(stderr, config::render(loaded.error()));
        return loaded.error().unreadable() ? ExitCode::no_input : ExitCode::config;
    }
    Logger log{loaded->log.level, loaded->log.format};
    return run(*loaded, RunOptions{line.live, line.config_path}, log);
}

ExitCode dispatch(const std::vector<std::string>& arguments) {
    const auto line = parse_command_line(arguments);
    if (!line) {
        print(line.error().code == ExitCode::ok ? stdout : stderr, line.error().text);
        return line.error().code;
    }
    switch (line->command) {
        case Command::run:
        case Command::dry_run:
            return start(*line);
        case Command::version:
            print(stdout, version_text(line->output));
            return ExitCode::ok;
    }
    return ExitCode::internal;
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
