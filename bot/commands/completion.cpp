// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/completion.hpp"

#include "bot/commands/table.hpp"
#include "bot/console.hpp"

#include <algorithm>

namespace plimsoll::bot {
namespace {

constexpr std::array<std::string_view, 3> kShells{"bash", "zsh", "fish"};
constexpr std::array kShellOperand{Operand{"SHELL", "bash, zsh or fish", true, kShells}};

std::string_view first_word(std::string_view name) {
    return name.substr(0, name.find(' '));
}

std::string_view second_word(std::string_view name) {
    const std::size_t space = name.find(' ');
    return space == std::string_view::npos ? std::string_view{} : name.substr(space + 1);
}

std::string joined(const std::vector<std::string_view>& words) {
    std::string out;
    for (const std::string_view word : words)
        out += (out.empty() ? "" : " ") + std::string{word};
    return out;
}

std::vector<std::string_view> first_words(const CommandTable& table) {
    std::vector<std::string_view> out;
    for (const Command* command : table.commands)
        if (const auto word = first_word(command->name); std::ranges::find(out, word) == out.end())
            out.push_back(word);
    return out;
}

std::vector<std::string_view> words_of_group(const CommandTable& table, std::string_view group) {
    std::vector<std::string_view> out;
    for (const Command* command : table.commands)
        if (first_word(command->name) == group) out.push_back(second_word(command->name));
    return out;
}

/// Everything that may follow a command.
std::vector<std::string_view> words_after(const Command& command) {
    std::vector<std::string_view> out{"--help"};
    if (command.config == ConfigUse::takes) out.push_back("--config");
    if (command.config != ConfigUse::none) out.push_back("--set");
    for (const Option& option : command.options)
        out.push_back(option.name);
    for (const Operand& operand : command.operands)
        out.insert(out.end(), operand.choices.begin(), operand.choices.end());
    return out;
}

std::string bash_words(const CommandTable& table) {
    std::string out = "    \"\") words=\"" + joined(first_words(table)) + "\" ;;\n";
    for (const CommandGroup& group : table.groups) {
        out += "    \" " + std::string{group.name} + "\") words=\"" +
               joined(words_of_group(table, group.name)) + "\" ;;\n";
    }
    for (const Command* command : table.commands)
        out += "    \" " + std::string{command->name} + "\"*) words=\"" + joined(words_after(*command)) +
               "\" ;;\n";
    return out;
}

/// The words that an option takes, for each option that has such a list.
std::string bash_values(const CommandTable& table) {
    std::string out;
    std::vector<std::string_view> seen;
    for (const Command* command : table.commands) {
        for (const Option& option : command->options) {
            if (option.choices.empty() || std::ranges::find(seen, option.name) != seen.end()) continue;
            seen.push_back(option.name);
            out += "    " + std::string{option.name} + ") words=\"" +
                   joined({option.choices.begin(), option.choices.end()}) + "\" ;;\n";
        }
    }
    return out;
}

std::string bash(const CommandTable& table) {
    return R"(# bash completion of plimsoll; for instance: source <(plimsoll completion bash)
_plimsoll() {
    local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" path="" words="" i
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ "${COMP_WORDS[i]}" == -* ]] || path+=" ${COMP_WORDS[i]}"
    done
    case "$path" in
)" + bash_words(table) +
           R"(    esac
    case "$previous" in
    --config | -c | --out) COMPREPLY=($(compgen -f -- "$current")); return ;;
)" + bash_values(table) +
           R"(    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _plimsoll plimsoll
)";
}

std::string quoted_help(std::string_view help) {
    std::string out;
    for (const char c : help)
        out += c == '\'' ? std::string{"\\'"} : std::string{c};
    return "'" + out + "'";
}

std::string fish_option(const std::string& condition, const Option& option) {
    std::string out = "complete -c plimsoll -n '" + condition + "' -l " + std::string{option.name.substr(2)} +
                      (option.value.empty() ? "" : " -r") + " -d " + quoted_help(option.help);
    if (!option.choices.empty())
        out += " -xa '" + joined({option.choices.begin(), option.choices.end()}) + "'";
    return out + "\n";
}

std::string fish(const CommandTable& table) {
    std::string out =
        "# fish completion of plimsoll; for instance: plimsoll completion fish | source\n"
        "complete -c plimsoll -f\n";
    for (const CommandGroup& group : table.groups) {
        out += "complete -c plimsoll -n '__fish_use_subcommand' -a " + std::string{group.name} + " -d " +
               quoted_help(group.help) + "\n";
    }
    for (const Command* command : table.commands) {
        const std::string first{first_word(command->name)};
        const std::string second{second_word(command->name)};
        const std::string siblings = joined(words_of_group(table, first));
        const std::string before = second.empty() ? "__fish_use_subcommand"
                                                  : "__fish_seen_subcommand_from " + first +
                                                        "; and not __fish_seen_subcommand_from " + siblings;
        out += "complete -c plimsoll -n '" + before + "' -a " + (second.empty() ? first : second) + " -d " +
               quoted_help(command->help) + "\n";
        const std::string within = "__fish_seen_subcommand_from " + first +
                                   (second.empty() ? "" : "; and __fish_seen_subcommand_from " + second);
        for (const Option& option : command->options)
            out += fish_option(within, option);
        if (command->config == ConfigUse::takes) {
            out += "complete -c plimsoll -n '" + within + "' -s c -l config -r -F -d 'Configuration file'\n";
        }
        for (const Operand& operand : command->operands) {
            if (operand.choices.empty()) continue;
            out += "complete -c plimsoll -n '" + within + "' -a '" +
                   joined({operand.choices.begin(), operand.choices.end()}) + "'\n";
        }
    }
    return out;
}

ExitCode run_completion(const Invocation& invocation) {
    const std::string shell = invocation.value("SHELL").value_or("bash");
    const CommandTable table = command_table();
    if (shell == "fish") {
        print_result(fish(table));
    } else if (shell == "zsh") {
        print_result("#compdef plimsoll\nautoload -U +X bashcompinit && bashcompinit\n" + bash(table));
    } else {
        print_result(bash(table));
    }
    return ExitCode::ok;
}

}  // namespace

constinit const Command kCompletionCommand{
    .name = "completion",
    .help = "Completion of commands and flags for a shell",
    .operands = kShellOperand,
    .examples = {"source <(plimsoll completion bash)", "plimsoll completion fish | source"},
    .run = run_completion};

}  // namespace plimsoll::bot
