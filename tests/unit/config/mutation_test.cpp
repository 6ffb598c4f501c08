// SPDX-License-Identifier: Apache-2.0
// Whatever single slip of the keyboard is made in a key, a type or a unit: an error points into the changed
// line.
#include "config/load.hpp"
#include "config/schema.hpp"
#include "tests/unit/config/example.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace plimsoll::config {
namespace {

std::vector<std::string> example_lines() {
    std::vector<std::string> lines;
    std::string_view rest = kExample;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        lines.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end + 1);
    }
    return lines;
}

struct Setting {
    std::size_t line;  // zero-based
    std::string key;
    std::string value;
};

std::vector<Setting> settings() {
    std::vector<Setting> out;
    const auto lines = example_lines();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::size_t equals = lines[i].find(" = ");
        if (equals != std::string::npos)
            out.push_back({i, lines[i].substr(0, equals), lines[i].substr(equals + 3)});
    }
    return out;
}

/// Replaces one line and says whether some problem lies in it.
bool refused_there(std::size_t line, const std::string& replacement) {
    auto lines = example_lines();
    lines[line] = replacement;
    std::string text;
    for (const std::string& each : lines)
        text += each + "\n";
    const auto loaded = load_text(text, "mutant.toml");
    if (loaded) return false;
    const auto here = [&](const Problem& problem) {
        const std::size_t width = replacement.size() + 1;
        return problem.place.line == line + 1 && problem.place.column >= 1 && problem.place.column <= width &&
               !problem.what.empty();
    };
    return std::ranges::any_of(loaded.error().list, here) && !render(loaded.error()).empty();
}

/// Every word that one slip makes of `word`: a letter left out, doubled, replaced, put between, or swapped
/// with the next.
std::vector<std::string> slips(const std::string& word) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < word.size(); ++i) {
        out.push_back(word.substr(0, i) + word.substr(i + 1));
        out.push_back(word.substr(0, i) + word[i] + word.substr(i));
        for (const char letter : {'a', 'x', '_', '7', 'E', '-'}) {
            out.push_back(word.substr(0, i) + letter + word.substr(i + 1));
            out.push_back(word.substr(0, i) + letter + word.substr(i));
        }
        if (i + 1 < word.size()) {
            std::string swapped = word;
            std::swap(swapped[i], swapped[i + 1]);
            out.push_back(swapped);
        }
    }
    std::erase(out, word);
    return out;
}

TEST(Mutation, TheExampleHoldsEveryKeyOnce) {
    EXPECT_EQ(settings().size(), keys().size());
    EXPECT_TRUE(load_text(kExample, "example.toml"));
}

TEST(Mutation, EveryMistypedKeyIsFoundInItsLine) {
    std::size_t mutants = 0;
    for (const Setting& setting : settings()) {
        for (const std::string& slip : slips(setting.key)) {
            EXPECT_TRUE(refused_there(setting.line, slip + " = " + setting.value))
                << slip << " = " << setting.value;
            ++mutants;
        }
    }
    EXPECT_GT(mutants, 2000U);
}

TEST(Mutation, EveryMistypedTableIsFoundInItsLine) {
    const auto lines = example_lines();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!lines[i].starts_with('[')) continue;
        const std::size_t brackets = lines[i].starts_with("[[") ? 2 : 1;
        const std::string name = lines[i].substr(brackets, lines[i].size() - 2 * brackets);
        for (const std::string& slip : slips(name)) {
            EXPECT_TRUE(refused_there(i, std::string(brackets, '[') + slip + std::string(brackets, ']')))
                << slip;
        }
        const std::size_t other = 3 - brackets;
        EXPECT_TRUE(refused_there(i, std::string(other, '[') + name + std::string(other, ']'))) << lines[i];
    }
}

/// What kind of value the example has there, as TOML sees it.
char shape(const std::string& value) {
    if (value.front() == '"') return 's';
    if (value == "true" || value == "false") return 'b';
    return 'n';
}

TEST(Mutation, EveryWrongTypeIsFoundInItsLine) {
    const std::vector<std::string> values{"true",      "7",          "1.5", "\"?\"", "[1]", "[\"a\"]",
                                          "{ a = 1 }", "1979-05-27", "nan", "-1",    "\"\""};
    for (const Setting& setting : settings()) {
        for (const std::string& value : values) {
            const bool plausible = shape(value) == shape(setting.value) && value != "[1]" &&
                                   value != "[\"a\"]" && value != "{ a = 1 }" && value != "1979-05-27" &&
                                   value != "nan" && value != "-1" && value != "\"\"";
            const bool valid = (plausible && (setting.key == "data_dir" || setting.key == "anvil")) ||
                               (value == "7" && shape(setting.value) == 'n') ||
                               (value == "1.5" && setting.key == "health_watch") ||
                               (value == "true" && setting.key == "speculate");
            if (valid) continue;
            EXPECT_TRUE(refused_there(setting.line, setting.key + " = " + value))
                << setting.key << " = " << value;
        }
    }
}

TEST(Mutation, EveryUnitErrorIsFoundInItsLine) {
    std::size_t with_unit = 0;
    for (const Setting& setting : settings()) {
        const std::string text = setting.value.substr(1, setting.value.size() - 2);
        const std::size_t digits = text.find_first_not_of("0123456789.");
        if (setting.value.front() != '"' || digits == 0 || digits == std::string::npos ||
            text.starts_with("0x"))
            continue;
        ++with_unit;
        const std::string number = text.substr(0, digits);
        const std::string unit = text.substr(text.find_first_not_of(' ', digits));
        std::vector<std::string> wrong{number, "\"" + number + "\"", "\"" + unit + "\"", "\"-" + text + "\"",
                                       "\"" + number + " " + unit + " " + unit + "\""};
        for (const std::string& slip : slips(unit))
            wrong.push_back("\"" + number + " " + slip + "\"");
        for (const char* other : {"usd", "gwei", "s", "blocks", "bps", "eth", "%", "S", "USD"}) {
            if (other != unit) wrong.push_back("\"" + number + " " + other + "\"");
        }
        for (const std::string& value : wrong) {
            const bool also_a_unit =
                value == "\"3 block\"" || value == "\"4 block\"" || value == "\"300 wei\"";
            if (also_a_unit) continue;
            EXPECT_TRUE(refused_there(setting.line, setting.key + " = " + value))
                << setting.key << " = " << value;
        }
    }
    EXPECT_EQ(with_unit, 7U);
}

TEST(Mutation, EveryMistypedChoiceAndAddressIsFoundInItsLine) {
    for (const Setting& setting : settings()) {
        const bool choice = setting.key == "mode" || setting.key == "type" || setting.key == "kind" ||
                            setting.key == "level" || setting.key == "format";
        const bool address = setting.value.starts_with("\"0x");
        if (!choice && !address) continue;
        for (const std::string& slip : slips(setting.value.substr(1, setting.value.size() - 2))) {
            EXPECT_TRUE(refused_there(setting.line, setting.key + " = \"" + slip + "\""))
                << setting.key << " = " << slip;
        }
    }
}

}  // namespace
}  // namespace plimsoll::config
