// SPDX-License-Identifier: Apache-2.0
#include "bot/cli.hpp"

#include "bot/commands/version.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace plimsoll::bot {
namespace {

ExitCode answer(const Invocation&) {
    return ExitCode::ok;
}

constexpr std::array<std::string_view, 2> kShapes{"round", "square"};
constexpr std::array kRunOptions{Option{"--live", "", "Send"}};
constexpr std::array kShowOptions{
    kJsonOption,
    Option{"--shape", "SHAPE", "Which", false, kShapes},
    Option{"--price", "ASSET=CHANGE", "A shock", true},
};
constexpr std::array kShowOperands{Operand{"FILE", "What to show", false}};
const Command kRun{.name = "run",
                   .help = "Runs",
                   .config = ConfigUse::takes,
                   .options = kRunOptions,
                   .examples = {"plimsoll run", "plimsoll run --live"},
                   .run = answer};
const Command kDryRun{.name = "dry-run",
                      .help = "Runs dry",
                      .config = ConfigUse::takes,
                      .examples = {"plimsoll dry-run", "plimsoll dry-run --log.level debug"},
                      .run = answer};
const Command kShow{.name = "thing show",
                    .help = "Shows",
                    .options = kShowOptions,
                    .operands = kShowOperands,
                    .examples = {"plimsoll thing show", "plimsoll thing show --json"},
                    .run = answer};
constexpr std::array kGroups{CommandGroup{"thing", "Things"}};
constexpr std::array kCommands{&kRun, &kDryRun, &kShow, &kVersionCommand};
constexpr CommandTable kTable{kGroups, kCommands};

CommandLine parsed(const std::vector<std::string>& words) {
    const auto line = parse_command_line(kTable, words);
    EXPECT_TRUE(line) << (line ? "" : line.error().text);
    return line.value_or(CommandLine{});
}

CliEnd ended(const std::vector<std::string>& words) {
    const auto line = parse_command_line(kTable, words);
    EXPECT_FALSE(line);
    return line ? CliEnd{} : line.error();
}

TEST(Cli, KnowsCommandsOfOneAndTwoWords) {
    const CommandLine run = parsed({"run", "--config", "a.toml", "--live"});
    EXPECT_EQ(run.command, &kRun);
    EXPECT_EQ(run.invocation.config_path, "a.toml");
    EXPECT_TRUE(run.invocation.has("--live"));
    EXPECT_FALSE(parsed({"run"}).invocation.has("--live"));
    EXPECT_EQ(parsed({"run", "-c", "b.toml"}).invocation.config_path, "b.toml");
    EXPECT_FALSE(parsed({"run"}).invocation.config_path);
    EXPECT_EQ(parsed({"dry-run"}).command, &kDryRun);
    EXPECT_EQ(parsed({"--version"}).command, &kVersionCommand);
    const CommandLine show =
        parsed({"thing", "show", "a.txt", "--price", "WETH=-12%", "--json", "--price=X=1"});
    EXPECT_EQ(show.command, &kShow);
    EXPECT_EQ(show.invocation.value("FILE"), "a.txt");
    EXPECT_EQ(show.invocation.all("--price"), (std::vector<std::string>{"WETH=-12%", "X=1"}));
    EXPECT_TRUE(show.invocation.has("--json"));
    EXPECT_FALSE(show.invocation.value("--shape"));
    EXPECT_EQ(parsed({"thing", "show", "--shape=round"}).invocation.value("--shape"), "round");
}

TEST(Cli, EveryKeyOfTheConfigurationIsAFlag) {
    const Invocation run = parsed({"run", "--chain.id=1", "--live", "--endpoint.0.ws", "ws://h", "--set",
                                   "log.level=debug", "--set=a.b=c=d"})
                               .invocation;
    ASSERT_EQ(run.config_flags.size(), 4U);
    EXPECT_EQ(run.config_flags[0].key, "chain.id");
    EXPECT_EQ(run.config_flags[0].value, "1");
    EXPECT_EQ(run.config_flags[1].key, "endpoint.0.ws");
    EXPECT_EQ(run.config_flags[1].written, "--endpoint.0.ws");
    EXPECT_EQ(run.config_flags[2].written, "--set log.level");
    EXPECT_EQ(run.config_flags[3].value, "c=d");
    EXPECT_TRUE(run.has("--live"));
}

TEST(Cli, AnswersEveryMistakeWithUsageAndAGuess) {
    for (const auto& [words, expected] : std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"rn"}, "unknown command 'rn'; did you mean 'run'?"},
             {{"dryrun"}, "did you mean 'dry-run'?"},
             {{"fly"}, "unknown command 'fly'"},
             {{}, "no command"},
             {{"thing"}, "'thing' wants a command: show"},
             {{"thing", "shwo"}, "unknown command 'thing shwo'; did you mean 'show'?"},
             {{"run", "--conifg", "x"}, "unknown flag '--conifg'; did you mean '--config'?"},
             {{"run", "--config"}, "--config"},
             {{"run", "--chain.id"}, "--chain.id wants a value"},
             {{"run", "--set", "chain"}, "--set wants table.key=value"},
             {{"run", "again"}, "again"},
             {{"dry-run", "--live"}, "--live"},
             {{"version", "run"}, "run"},
             {{"version", "--chain.id", "1"}, "unknown flag '--chain.id'"},
             {{"thing", "show", "--shape", "flat"}, "flat"},
             {{"thing", "show", "--shape", "round", "--shape", "square"}, "--shape"},
         }) {
        const CliEnd end = ended(words);
        EXPECT_EQ(end.code, ExitCode::usage) << expected;
        EXPECT_NE(end.text.find(expected), std::string::npos) << end.text;
        EXPECT_NE(end.text.find("--help"), std::string::npos) << end.text;
    }
}

TEST(Cli, HelpGoesToStandardOutputAndNamesTheTwoSwitches) {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"--help"}, {"-h"}}) {
        const CliEnd end = ended(words);
        EXPECT_EQ(end.code, ExitCode::ok);
        EXPECT_NE(end.text.find("keeper.mode"), std::string::npos);
        EXPECT_NE(end.text.find("dry-run"), std::string::npos);
    }
    const std::string run = ended({"run", "--help"}).text;
    EXPECT_NE(run.find("--live"), std::string::npos);
    EXPECT_NE(run.find("plimsoll run --live"), std::string::npos);
    EXPECT_NE(run.find("--endpoint.0.ws"), std::string::npos);
    const CliEnd show = ended({"thing", "show", "--help"});
    EXPECT_EQ(show.code, ExitCode::ok);
    EXPECT_NE(show.text.find("plimsoll thing show --json"), std::string::npos) << show.text;
    EXPECT_EQ(ended({"thing", "--help"}).code, ExitCode::ok);
}

TEST(Version, TellsWhatWasBuilt) {
    const std::string text = version_text(false);
    EXPECT_TRUE(text.starts_with("plimsoll " + std::string{version()} + " (")) << text;
    const std::string json = version_text(true);
    EXPECT_NE(json.find("\"schema\":\"plimsoll.version.v1\""), std::string::npos);
    EXPECT_NE(json.find("\"commit\":\"" + std::string{commit()} + "\""), std::string::npos);
}

}  // namespace
}  // namespace plimsoll::bot
