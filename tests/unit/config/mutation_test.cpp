// SPDX-License-Identifier: Apache-2.0
// Whatever single slip of the keyboard is made in a key, a type or a unit: an error points into the changed
// line. Of the example, and of the files that a new operator gets.
#include "chain/primitives/address.hpp"
#include "config/load.hpp"
#include "config/schema.hpp"
#include "tests/unit/config/example.hpp"
#include "tests/unit/config/new_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

namespace plimsoll::config {
namespace {

/// A file, tried with each `stride`th slip unless all are asked for; each key is tried in any case.
struct Subject {
    const char* name;
    std::string text;
    std::size_t stride;
};

std::ostream& operator<<(std::ostream& out, const Subject& subject) {
    return out << subject.name;
}

bool thorough() {
    return !PLIMSOLL_SANITIZED && std::getenv("PLIMSOLL_FULL") != nullptr;  // NOLINT(concurrency-mt-unsafe)
}

struct KeyLine {
    std::size_t line;  // zero-based
    std::string key;
    std::string value;
};

class Mutation : public testing::TestWithParam<Subject> {
  protected:
    Mutation() : lines_{lines_of(GetParam().text)} {}

    [[nodiscard]] std::vector<KeyLine> settings() const {
        std::vector<KeyLine> out;
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            const std::size_t equals = lines_[i].find(" = ");
            if (!lines_[i].starts_with('#') && equals != std::string::npos)
                out.push_back({i, lines_[i].substr(0, equals), lines_[i].substr(equals + 3)});
        }
        return out;
    }

    /// Replaces one line and says whether some problem lies in it.
    [[nodiscard]] bool refused_there(std::size_t line, const std::string& replacement) const {
        std::string text;
        for (std::size_t i = 0; i < lines_.size(); ++i)
            text += (i == line ? replacement : lines_[i]) + "\n";
        const auto loaded = load_text(text, "mutant.toml");
        if (loaded) return false;
        const auto here = [&](const Problem& problem) {
            const std::size_t width = replacement.size() + 1;
            return problem.place.line == line + 1 && problem.place.column >= 1 &&
                   problem.place.column <= width && !problem.what.empty();
        };
        return std::ranges::any_of(loaded.error().list, here) && !render(loaded.error()).empty();
    }

    /// Whether the next mutant is tried; `rarer`: one in so many of those otherwise.
    bool turn(std::size_t rarer = 1) { return thorough() || turns_++ % (GetParam().stride * rarer) == 0; }

    std::vector<std::string> lines_;
    std::size_t turns_ = 0;
};

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

TEST_P(Mutation, TheFileItselfIsRightAndHoldsEveryKey) {
    const auto loaded = load_text(GetParam().text, "example.toml");
    EXPECT_TRUE(loaded) << render(loaded.error());
    EXPECT_EQ(settings().size(), keys().size());
}

TEST_P(Mutation, EveryMistypedKeyIsFoundInItsLine) {
    std::set<std::string> tried;
    for (const KeyLine& setting : settings()) {
        for (const std::string& slip : slips(setting.key)) {
            if (!turn()) continue;
            EXPECT_TRUE(refused_there(setting.line, slip + " = " + setting.value))
                << slip << " = " << setting.value;
            tried.insert(setting.key);
        }
    }
    std::set<std::string> all;
    for (const KeyLine& setting : settings())
        all.insert(setting.key);
    EXPECT_EQ(tried, all);
}

TEST_P(Mutation, EveryMistypedTableIsFoundInItsLine) {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        const std::string& line = lines_[i];
        if (!line.starts_with('[')) continue;
        const std::size_t brackets = line.starts_with("[[") ? 2 : 1;
        const std::string name = line.substr(brackets, line.size() - 2 * brackets);
        for (const std::string& slip : slips(name)) {
            if (!turn()) continue;
            EXPECT_TRUE(refused_there(i, std::string(brackets, '[') + slip + std::string(brackets, ']')))
                << slip;
        }
        const std::size_t other = 3 - brackets;
        EXPECT_TRUE(refused_there(i, std::string(other, '[') + name + std::string(other, ']'))) << line;
    }
}

/// What kind of value stands there, as TOML sees it.
char shape(const std::string& value) {
    if (value.front() == '"') return 's';
    if (value.front() == '[') return 'l';
    if (value == "true" || value == "false") return 'b';
    return 'n';
}

/// Any text is a path.
bool is_path(const std::string& key) {
    const std::set<std::string> paths{"data_dir",    "witness",       "kill_switch", "ipc",
                                      "ca_file",     "auth_key_file", "keystore",    "password_file",
                                      "client_cert", "client_key",    "anvil"};
    return paths.contains(key);
}

/// A factor may be written as a number.
bool is_health(const std::string& key) {
    return key == "health_watch" || key == "audit_health";
}

TEST_P(Mutation, EveryWrongTypeIsFoundInItsLine) {
    const std::vector<std::string> values{"true",      "7",          "1.5", "\"?\"", "[1]", "[\"a\"]",
                                          "{ a = 1 }", "1979-05-27", "nan", "-1",    "\"\""};
    for (const KeyLine& setting : settings()) {
        for (const std::string& value : values) {
            const bool valid = (value == "\"?\"" && is_path(setting.key)) ||
                               (value == "7" && shape(setting.value) == 'n') ||
                               (value == "1.5" && is_health(setting.key)) ||
                               (value == "true" && shape(setting.value) == 'b');
            if (valid || !turn()) continue;
            EXPECT_TRUE(refused_there(setting.line, setting.key + " = " + value))
                << setting.key << " = " << value;
        }
    }
}

/// Units of one kind: one in place of the other may be meant.
bool of_one_kind(const std::string& a, const std::string& b) {
    const std::vector<std::set<std::string>> kinds{
        {"ms", "s", "m", "h"}, {"wei", "gwei"}, {"block", "blocks"}, {"%", "bps"}, {"usd"}, {"eth"}};
    return std::ranges::any_of(kinds, [&](const auto& kind) { return kind.contains(a) && kind.contains(b); });
}

TEST_P(Mutation, EveryUnitErrorIsFoundInItsLine) {
    std::size_t with_unit = 0;
    for (const KeyLine& setting : settings()) {
        const std::string text = setting.value.substr(1, setting.value.size() - 2);
        const std::size_t digits = text.find_first_not_of("0123456789.");
        if (setting.value.front() != '"' || digits == 0 || text.front() == '.' ||
            digits == std::string::npos || text.starts_with("0x"))
            continue;
        ++with_unit;
        const std::string number = text.substr(0, digits);
        const std::string unit = text.substr(text.find_first_not_of(' ', digits));
        std::vector<std::string> wrong{number, "\"" + number + "\"", "\"" + unit + "\"", "\"-" + text + "\"",
                                       "\"" + number + " " + unit + " " + unit + "\""};
        for (const std::string& slip : slips(unit))
            if (!of_one_kind(slip, unit)) wrong.push_back("\"" + number + " " + slip + "\"");
        for (const char* other : {"usd", "gwei", "s", "blocks", "bps", "eth", "%", "S", "USD"})
            if (!of_one_kind(other, unit)) wrong.push_back("\"" + number + " " + other + "\"");
        for (const std::string& value : wrong) {
            if (!turn()) continue;
            EXPECT_TRUE(refused_there(setting.line, setting.key + " = " + value))
                << setting.key << " = " << value;
        }
    }
    EXPECT_EQ(with_unit, 25U);
}

/// Digits alone carry no checksum.
bool has_checksum(const std::string& hex) {
    return std::ranges::count_if(hex, [](char c) { return c >= 'A' && c <= 'F'; }) > 2;
}

/// EIP-55 itself misses one slip in 2^(its letters); there are some 150 slips an address.
constexpr std::size_t kMostMissedByChecksum = 1;

TEST_P(Mutation, EveryMistypedChoiceAndAddressIsFoundInItsLine) {
    std::size_t missed_by_checksum = 0;
    const std::set<std::string> choices{"mode",  "network", "type",     "kind",
                                        "level", "format",  "ordering", "data_fee"};
    for (const KeyLine& setting : settings()) {
        const std::size_t address = setting.value.find("\"0x");
        if (address != std::string::npos && !has_checksum(setting.value.substr(address + 3))) continue;
        if (!choices.contains(setting.key) && address == std::string::npos) continue;
        const std::size_t begin = address == std::string::npos ? 1 : address + 1;
        const std::size_t end = setting.value.find('"', begin);
        for (const std::string& slip : slips(setting.value.substr(begin, end - begin))) {
            if (!turn(4)) continue;
            const std::string value = setting.value.substr(0, begin) + slip + setting.value.substr(end);
            const bool refused = refused_there(setting.line, setting.key + " = " + value);
            const bool right_checksum = address != std::string::npos && parse_address(slip);
            missed_by_checksum += !refused && right_checksum ? 1 : 0;
            EXPECT_TRUE(refused || right_checksum) << setting.key << " = " << value;
        }
    }
    EXPECT_LE(missed_by_checksum, kMostMissedByChecksum);
}

std::vector<Subject> subjects() {
    std::vector<Subject> out{{"example", std::string{kExample}, 5}};
    for (const Network network :
         {Network::mainnet, Network::arbitrum, Network::base, Network::optimism, Network::devnet})
        out.push_back({to_string(network).data(), all_switched_on(file_for(network)), 20});
    return out;
}

INSTANTIATE_TEST_SUITE_P(Files, Mutation, testing::ValuesIn(subjects()),
                         [](const auto& subject) { return subject.param.name; });

}  // namespace
}  // namespace plimsoll::config
