// SPDX-License-Identifier: Apache-2.0
#include "bot/cli.hpp"

#include "bot/commands/version.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plimsoll::bot {
namespace {

CommandLine parsed(const std::vector<std::string>& words) {
    const auto line = parse_command_line(words);
    EXPECT_TRUE(line) << (line ? "" : line.error().text);
    return line.value_or(CommandLine{});
}

CliEnd ended(const std::vector<std::string>& words) {
    const auto line = parse_command_line(words);
    EXPECT_FALSE(line);
    return line ? CliEnd{} : line.error();
}

TEST(Cli, KnowsTheCommands) {
    const CommandLine run = parsed({"run", "--config", "a.toml", "--live"});
    EXPECT_EQ(run.command, Command::run);
    EXPECT_EQ(run.config_path, "a.toml");
    EXPECT_EQ(run.live, LiveFlag::given);
    EXPECT_EQ(parsed({"run"}).live, LiveFlag::absent);
    EXPECT_EQ(parsed({"run", "-c", "b.toml"}).config_path, "b.toml");
    EXPECT_EQ(parsed({"run"}).config_path, "plimsoll.toml");
    EXPECT_EQ(parsed({"dry-run"}).command, Command::dry_run);
    EXPECT_EQ(parsed({"dry-run"}).live, LiveFlag::forbidden);
    EXPECT_EQ(parsed({"version", "--json"}).output, Output::json);
    EXPECT_EQ(parsed({"--version"}).command, Command::version);
}

TEST(Cli, AnswersEveryMistakeWithUsageAndAGuess) {
    for (const auto& [words, expected] : std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"rn"}, "unknown command 'rn'; did you mean 'run'?"},
             {{"dryrun"}, "did you mean 'dry-run'?"},
             {{"fly"}, "unknown command 'fly'"},
             {{}, "no command"},
             {{"run", "--conifg", "x"}, "unknown flag '--conifg'; did you mean '--config'?"},
             {{"run", "--config"}, "--config"},
             {{"run", "again"}, "again"},
             {{"dry-run", "--live"}, "--live"},
             {{"version", "run"}, "run"},
         }) {
        const CliEnd end = ended(words);
        EXPECT_EQ(end.code, ExitCode::usage);
        EXPECT_NE(end.text.find(expected), std::string::npos) << end.text;
    }
}

TEST(Cli, HelpGoesToStandardOutputAndNamesTheTwoSwitches) {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"--help"}, {"-h"}}) {
        const CliEnd end = ended(words);
        EXPECT_EQ(end.code, ExitCode::ok);
        EXPECT_NE(end.text.find("keeper.mode"), std::string::npos);
        EXPECT_NE(end.text.find("dry-run"), std::string::npos);
    }
    EXPECT_NE(ended({"run", "--help"}).text.find("--live"), std::string::npos);
}

TEST(Version, TellsWhatWasBuilt) {
    const std::string text = version_text(Output::text);
    EXPECT_TRUE(text.starts_with("plimsoll " + std::string{version()} + " (")) << text;
    const std::string json = version_text(Output::json);
    EXPECT_NE(json.find("\"schema\":\"plimsoll.version.v1\""), std::string::npos);
    EXPECT_NE(json.find("\"commit\":\"" + std::string{commit()} + "\""), std::string::npos);
}

}  // namespace
}  // namespace plimsoll::bot
