// SPDX-License-Identifier: Apache-2.0
// The only file that sees CLI11, whose own exit codes and messages are replaced here.
#include "bot/cli.hpp"

#include "config/suggest.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace plimsoll::bot {
namespace {

constexpr std::array<std::string_view, 3> kCommands{"run", "dry-run", "version"};

constexpr const char* kFooter = R"(
Sending needs two switches: keeper.mode = "live" in the file and --live here. Without both nothing leaves the machine.

Examples:
  plimsoll dry-run --config plimsoll.toml       watch and report, send nothing
  plimsoll run --config plimsoll.toml --live    liquidate

Exit codes: 0 done, 1 failed, 64 usage, 65 bad input file, 66 no such file, 69 endpoint unreachable, 70 internal,
73 cannot write, 76 wrong chain or contract, 77 refused, 78 configuration invalid.)";

std::string usage_error(const std::string& what) {
    return "error: " + what + "\nTry: plimsoll --help\n";
}

std::string guess(std::string_view word, std::span<const std::string_view> candidates) {
    const std::string_view nearest = config::nearest(word, candidates);
    return nearest.empty() ? std::string{} : "; did you mean '" + std::string{nearest} + "'?";
}

/// CLI11 says "A subcommand is required" to a misspelt command; say which word was wrong.
std::string explain(const CLI::Error& error, std::span<const std::string> arguments) {
    const auto first =
        std::ranges::find_if(arguments, [](const std::string& word) { return !word.starts_with('-'); });
    const bool known =
        first != arguments.end() && std::ranges::find(kCommands, std::string_view{*first}) != kCommands.end();
    if (first == arguments.end() && arguments.empty()) return "no command: run, dry-run or version";
    if (first == arguments.begin() && !known)
        return "unknown command '" + *first + "'" + guess(*first, kCommands);
    constexpr std::array<std::string_view, 4> kFlags{"--config", "--live", "--json", "--help"};
    for (const std::string& word : arguments) {
        const std::string_view flag = std::string_view{word}.substr(0, word.find('='));
        if (flag.starts_with("--") && std::ranges::find(kFlags, flag) == kFlags.end()) {
            return "unknown flag '" + std::string{flag} + "'" + guess(flag, kFlags);
        }
    }
    return error.what();
}

/// CLI11 wants the words last first.
std::vector<std::string> reversed(std::span<const std::string> arguments) {
    return {arguments.rbegin(), arguments.rend()};
}

}  // namespace

tl::expected<CommandLine, CliEnd> parse_command_line(std::span<const std::string> arguments) {
    CommandLine line;
    bool live = false;
    bool json = false;
    bool version_flag = false;
    CLI::App app{"Plimsoll, a liquidation keeper for EVM lending markets", "plimsoll"};
    app.footer(kFooter);
    app.add_flag("--version", version_flag, "The same as the command version");
    app.require_subcommand(0, 1);

    CLI::App* run =
        app.add_subcommand("run", "The keeper: watches a market and liquidates (dry-run unless armed twice)");
    run->add_option("-c,--config", line.config_path, "Configuration file")->capture_default_str();
    run->add_flag("--live", live, "Send transactions; needs keeper.mode = \"live\" in the file as well");
    CLI::App* dry_run = app.add_subcommand("dry-run", "The keeper without sending, whatever the file says");
    dry_run->add_option("-c,--config", line.config_path, "Configuration file")->capture_default_str();
    CLI::App* version = app.add_subcommand("version", "Version, commit and compiler");
    version->add_flag("--json", json, "As one JSON document");

    try {
        app.parse(reversed(arguments));
    } catch (const CLI::CallForHelp&) {
        return tl::unexpected<CliEnd>{{ExitCode::ok, app.help()}};
    } catch (const CLI::ParseError& error) {
        return tl::unexpected<CliEnd>{{ExitCode::usage, usage_error(explain(error, arguments))}};
    }
    if (!version_flag && app.get_subcommands().empty()) {
        return tl::unexpected<CliEnd>{{ExitCode::usage, usage_error("no command: run, dry-run or version")}};
    }
    line.command = run->parsed() ? Command::run : Command::version;
    if (dry_run->parsed()) {
        line.command = Command::dry_run;
        line.live = LiveFlag::forbidden;
    } else {
        line.live = live ? LiveFlag::given : LiveFlag::absent;
    }
    line.output = json ? Output::json : Output::text;
    return line;
}

}  // namespace plimsoll::bot
