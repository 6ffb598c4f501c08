// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/exit_code.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::bot {

/// One option of a command. Parser, help and shell completion are made from it.
struct Option {
    std::string_view name;   // "--hf-below"
    std::string_view value;  // what the help calls its value, "X"; empty: a switch without one
    std::string_view help;
    bool repeated{};                              // may be given several times
    std::span<const std::string_view> choices{};  // all words it takes; empty: any
};

/// A word without dashes after the command, such as the shell of `completion`.
struct Operand {
    std::string_view name;  // "SHELL"
    std::string_view help;
    bool required{true};
    std::span<const std::string_view> choices{};
};

/// What a command has to do with the configuration.
enum class ConfigUse : std::uint8_t {
    none,      // knows nothing of it
    settings,  // --set and one flag for each key
    takes,     // these and --config; `load_config` reads them
};

/// A setting from the command line: `--chain.id 1` and `--set chain.id=1` give {"chain.id", "1", ...}.
struct ConfigFlag {
    std::string key;      // dotted, as typed
    std::string value;    // as typed
    std::string written;  // "--chain.id" or "--set chain.id", for messages
};

/// What was typed after the command's name, checked against its options.
struct Invocation {
    std::map<std::string, std::vector<std::string>, std::less<>> values;  // by option or operand name
    std::optional<std::string> config_path;
    std::vector<ConfigFlag> config_flags;

    [[nodiscard]] bool has(std::string_view name) const { return values.contains(name); }
    /// The value of an option that was given, else nothing.
    [[nodiscard]] std::optional<std::string> value(std::string_view name) const {
        const auto found = values.find(name);
        if (found == values.end() || found->second.empty()) return std::nullopt;
        return found->second.back();
    }
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const {
        const auto found = values.find(name);
        return found == values.end() ? std::vector<std::string>{} : found->second;
    }
};

/// One command of the program, as data. `name` is one word or, within a group, two: "config show".
struct Command {
    std::string_view name;
    std::string_view help;
    ConfigUse config{};
    std::span<const Option> options{};
    std::span<const Operand> operands{};
    std::array<std::string_view, 2> examples;  // whole lines to copy, without what they do
    ExitCode (*run)(const Invocation& invocation){};
};

/// The first word of commands with two.
struct CommandGroup {
    std::string_view name;
    std::string_view help;
};

struct CommandTable {
    std::span<const CommandGroup> groups;
    std::span<const Command* const> commands;
};

/// The option that every reading command has.
inline constexpr Option kJsonOption{"--json", "", "One JSON document on standard output"};

}  // namespace plimsoll::bot
