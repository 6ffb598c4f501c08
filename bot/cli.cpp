// SPDX-License-Identifier: Apache-2.0
// The only file that sees CLI11, whose own exit codes and messages are replaced here.
#include "bot/cli.hpp"

#include "bot/config_flags.hpp"
#include "config/suggest.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

namespace plimsoll::bot {
namespace {

constexpr const char* kFooter = R"(
Sending needs two switches: keeper.mode = "live" in the file and --live here. Without both nothing leaves the machine.

Examples:
  plimsoll dry-run --config plimsoll.toml       watch and report, send nothing
  plimsoll run --config plimsoll.toml --live    liquidate

Exit codes: 0 done, 1 failed, 2 the answer is no, 64 usage, 65 bad input file, 66 no such file, 69 endpoint unreachable,
70 internal, 73 cannot write, 75 timed out, 76 wrong chain or contract, 77 refused, 78 configuration invalid.)";

constexpr const char* kConfigFooter = R"(
Every key of the configuration is a flag too: --log.level debug, --endpoint.0.ws URL, or --set log.level=debug.)";

/// One command as the parser knows it, with the places its values go to.
struct Entry {
    const Command* command{};
    CLI::App* app{};
    std::map<std::string, std::vector<std::string>, std::less<>> values;
    std::map<std::string, bool, std::less<>> switches;
    std::string config_path;
};

/// The whole grammar, built from the table.
struct Grammar {
    CLI::App app{"Plimsoll, a liquidation keeper for EVM lending markets", "plimsoll"};
    std::map<std::string, CLI::App*, std::less<>> groups;
    std::vector<std::unique_ptr<Entry>> entries;
    bool version{};
};

std::vector<std::string> words_of(std::span<const std::string_view> choices) {
    return {choices.begin(), choices.end()};
}

std::string footer(const Command& command) {
    std::string out = command.config == ConfigUse::none ? "" : kConfigFooter;
    out += "\n\nExamples:";
    for (const std::string_view example : command.examples)
        out += "\n  " + std::string{example};
    return out;
}

void add_options(Entry& entry) {
    CLI::App& app = *entry.app;
    const Command& command = *entry.command;
    for (const Option& option : command.options) {
        const std::string name{option.name};
        const std::string help{option.help};
        if (option.value.empty()) {
            app.add_flag(name, entry.switches[name], help);
            continue;
        }
        CLI::Option* added = app.add_option(name, entry.values[name], help);
        added->allow_extra_args(false)->type_name(std::string{option.value});
        if (!option.repeated) added->multi_option_policy(CLI::MultiOptionPolicy::Throw)->expected(1);
        if (!option.choices.empty()) added->check(CLI::IsMember(words_of(option.choices)));
    }
    for (const Operand& operand : command.operands) {
        const std::string name{operand.name};
        CLI::Option* added = app.add_option(name, entry.values[name], std::string{operand.help});
        added->expected(1)->type_name("")->required(operand.required);
        if (!operand.choices.empty()) added->check(CLI::IsMember(words_of(operand.choices)));
    }
    if (command.config == ConfigUse::takes) {
        app.add_option("-c,--config", entry.config_path, "Configuration file; - reads standard input")
            ->type_name("FILE");
    }
    app.footer(footer(command));
}

void add_command(Grammar& grammar, const Command& command) {
    const std::string name{command.name};
    const std::size_t space = name.find(' ');
    CLI::App* parent = space == std::string::npos ? &grammar.app : grammar.groups.at(name.substr(0, space));
    auto entry = std::make_unique<Entry>();
    entry->command = &command;
    entry->app = parent->add_subcommand(name.substr(space == std::string::npos ? 0 : space + 1),
                                        std::string{command.help});
    add_options(*entry);
    grammar.entries.push_back(std::move(entry));
}

std::unique_ptr<Grammar> build(const CommandTable& table) {
    auto grammar = std::make_unique<Grammar>();
    grammar->app.footer(kFooter);
    grammar->app.add_flag("--version", grammar->version, "The same as the command version");
    grammar->app.require_subcommand(0, 1);
    for (const CommandGroup& group : table.groups) {
        CLI::App* app = grammar->app.add_subcommand(std::string{group.name}, std::string{group.help});
        app->require_subcommand(0, 1);
        grammar->groups.emplace(group.name, app);
    }
    for (const Command* command : table.commands)
        add_command(*grammar, *command);
    return grammar;
}

tl::unexpected<CliEnd> usage_error(const std::string& what, std::string_view command = {}) {
    const std::string of = command.empty() ? "" : std::string{command} + " ";
    return tl::unexpected<CliEnd>{{ExitCode::usage, "error: " + what + "\nTry: plimsoll " + of + "--help\n"}};
}

std::string guess(std::string_view word, std::span<const std::string_view> candidates) {
    const std::string_view nearest = config::nearest(word, candidates);
    return nearest.empty() ? std::string{} : "; did you mean '" + std::string{nearest} + "'?";
}

/// The words that may follow `group` (or stand first, if it is empty).
std::vector<std::string_view> next_words(const CommandTable& table, std::string_view group) {
    std::vector<std::string_view> out;
    for (const CommandGroup& one : table.groups)
        if (group.empty()) out.push_back(one.name);
    for (const Command* command : table.commands) {
        const std::size_t space = command->name.find(' ');
        const bool grouped = space != std::string_view::npos;
        if (group.empty() && !grouped) out.push_back(command->name);
        if (grouped && command->name.substr(0, space) == group)
            out.push_back(command->name.substr(space + 1));
    }
    return out;
}

std::string listed(const std::vector<std::string_view>& words) {
    std::string out;
    for (const std::string_view word : words)
        out += (out.empty() ? "" : ", ") + std::string{word};
    return out;
}

/// The command that the first words name; an explanation where they name none.
tl::expected<const Command*, CliEnd> find_command(const CommandTable& table,
                                                  std::span<const std::string> words) {
    const bool grouped = !words.empty() &&
                         std::ranges::find(table.groups, words[0], &CommandGroup::name) != table.groups.end();
    const std::string group = grouped ? words[0] : "";
    const std::size_t at = grouped ? 1 : 0;
    const std::vector<std::string_view> known = next_words(table, group);
    const std::string of = grouped ? group + " " : "";
    if (words.size() <= at || words[at].starts_with('-')) {
        const std::string which = grouped ? "'" + group + "' wants a command: " : "no command: ";
        return usage_error(which + listed(known), group);
    }
    const std::string name = of + words[at];
    const auto found =
        std::ranges::find_if(table.commands, [&](const Command* command) { return command->name == name; });
    if (found != table.commands.end()) return *found;
    return usage_error("unknown command '" + name + "'" + guess(words[at], known), group);
}

/// CLI11 says "The following arguments were not expected" to a misspelt flag; say which it most likely is.
std::string explain(const CLI::Error& error, const Command& command, std::span<const std::string> words) {
    std::vector<std::string_view> flags{"--help"};
    if (command.config == ConfigUse::takes) flags.push_back("--config");
    if (command.config != ConfigUse::none) flags.push_back("--set");
    for (const Option& option : command.options)
        flags.push_back(option.name);
    for (const std::string& word : words) {
        const std::string_view flag = std::string_view{word}.substr(0, word.find('='));
        if (flag.starts_with("--") && flag != "--" && std::ranges::find(flags, flag) == flags.end())
            return "unknown flag '" + std::string{flag} + "'" + guess(flag, flags);
    }
    return error.what();
}

Invocation take(Entry& entry) {
    Invocation out;
    for (auto& [name, given] : entry.values)
        if (!given.empty()) out.values.emplace(name, std::move(given));
    for (const auto& [name, given] : entry.switches)
        if (given) out.values.emplace(name, std::vector<std::string>{});
    if (!entry.config_path.empty()) out.config_path = std::move(entry.config_path);
    return out;
}

bool asks_for_help(std::span<const std::string> words) {
    return std::ranges::any_of(words,
                               [](const std::string& word) { return word == "-h" || word == "--help"; });
}

}  // namespace

tl::expected<CommandLine, CliEnd> parse_command_line(const CommandTable& table,
                                                     std::span<const std::string> arguments) {
    Result<SplitArguments> split = split_config_flags(arguments);
    if (!split) return usage_error(split.error().context);
    std::vector<std::string> words = std::move(split->rest);
    if (!words.empty() && words[0] == "--version") words[0] = "version";
    const auto command = find_command(table, words);
    if (!command && !asks_for_help(words)) return tl::make_unexpected(command.error());

    const std::unique_ptr<Grammar> grammar = build(table);
    try {
        grammar->app.parse(
            std::vector<std::string>{words.rbegin(), words.rend()});  // CLI11 wants them last first
    } catch (const CLI::CallForHelp&) {
        return tl::unexpected<CliEnd>{{ExitCode::ok, grammar->app.help()}};
    } catch (const CLI::ParseError& error) {
        if (!command) return tl::make_unexpected(command.error());
        return usage_error(explain(error, **command, words), (*command)->name);
    }
    if (!command) return tl::make_unexpected(command.error());
    if ((*command)->config == ConfigUse::none && !split->settings.empty()) {
        return usage_error("unknown flag '" + split->settings.front().written + "'", (*command)->name);
    }
    const auto entry = std::ranges::find_if(
        grammar->entries, [&](const std::unique_ptr<Entry>& one) { return one->command == *command; });
    CommandLine line{*command, take(**entry)};
    line.invocation.config_flags = std::move(split->settings);
    return line;
}

}  // namespace plimsoll::bot
