// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include "config/checks.hpp"
#include "config/schema.hpp"
#include "config/suggest.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <system_error>

namespace plimsoll::config {
namespace {

constexpr std::size_t kLargestFile = 1U << 20U;

Place place_of(const toml::source_region& region) {
    Place place{region.begin.line, region.begin.column, 1};
    if (region.end.line == region.begin.line && region.end.column > region.begin.column) {
        place.length = region.end.column - region.begin.column;
    }
    return place;
}

/// The value if it is one of the four shapes a key can have.
std::optional<Scalar> scalar_of(const toml::node& node) {
    if (const auto* flag = node.as_boolean()) return Scalar{flag->get()};
    if (const auto* number = node.as_integer()) return Scalar{number->get()};
    if (const auto* number = node.as_floating_point()) return Scalar{number->get()};
    if (const auto* text = node.as_string()) return Scalar{text->get()};
    return std::nullopt;
}

std::string joined(std::string_view table, std::string_view key) {
    return std::string{table} + "." + std::string{key};
}

std::string header(const Table& table) {
    const std::string name{table.name};
    return table.repeated() ? "[[" + name + "]]" : "[" + name + "]";
}

/// One pass over a parsed file. Collects everything that is wrong and goes on.
class Reader {
  public:
    explicit Reader(Problems& problems) : problems_{problems}, config_{defaults()} {}

    Config read(const toml::table& root) {
        for (const auto& [key, node] : root)
            read_root(key, node);
        for (const Table& table : tables())
            require_keys(table, root);
        check();
        return std::move(config_);
    }

  private:
    struct Given {
        std::string_view table;
        std::size_t index;
        std::string key;
        auto operator<=>(const Given&) const = default;
    };

    void report(ProblemCode code, Place place, std::string what, std::string fix) {
        problems_.list.push_back({code, place, std::move(what), std::move(fix)});
    }

    void check() {
        auto found =
            check_together(config_, [this](std::string_view table, std::size_t index, std::string_view key) {
                const auto place = given_.find(Given{table, index, std::string{key}});
                return place == given_.end() ? Place{} : place->second;
            });
        std::ranges::move(found, std::back_inserter(problems_.list));
    }

    void read_root(const toml::key& key, const toml::node& node);
    void read_table(const Table& table, std::size_t index, const toml::table& content);
    void read_value(const Key& key, std::size_t index, const toml::key& name, const toml::node& node);
    void unknown_table(const toml::key& key);
    void unknown_key(const Table& table, std::size_t index, const toml::key& key);
    void require_keys(const Table& table, const toml::table& root);
    void require_in(const Table& table, std::size_t index, Place place);
    [[nodiscard]] std::size_t count(const Table& table) const;

    Problems& problems_;
    Config config_;
    std::map<Given, Place> given_;
    std::map<std::pair<std::string_view, std::size_t>, Place> headers_;
    /// What a misspelt word most likely is: not reported as missing too.
    std::set<std::string, std::less<>> guessed_;
};

void Reader::unknown_table(const toml::key& key) {
    std::vector<std::string_view> names;
    for (const Table& table : tables())
        names.push_back(table.name);
    const std::string_view guess = nearest(key.str(), names);
    std::string fix = "remove it";
    if (!guess.empty()) {
        guessed_.insert(std::string{guess});
        fix = "did you mean " + header(*find_table(guess)) + "?";
    } else {
        for (const Key& known : keys()) {
            if (known.name == key.str()) fix = "it belongs into [" + std::string{known.table} + "]";
        }
    }
    report(ProblemCode::unknown_key, place_of(key.source()),
           "unknown table or key \"" + std::string{key.str()} + "\"", fix);
}

void Reader::unknown_key(const Table& table, std::size_t index, const toml::key& key) {
    std::vector<std::string_view> names;
    for (const Key& known : keys()) {
        if (known.table == table.name) names.push_back(known.name);
    }
    const std::string_view guess = nearest(key.str(), names);
    std::string fix = "remove it";
    if (!guess.empty()) {
        guessed_.insert(joined(table.name, guess) + std::to_string(index));
        fix = "did you mean \"" + std::string{guess} + "\"?";
    } else {
        for (const Key& known : keys()) {
            if (known.name == key.str()) fix = "it belongs into [" + std::string{known.table} + "]";
        }
    }
    report(ProblemCode::unknown_key, place_of(key.source()),
           "unknown key \"" + std::string{key.str()} + "\" in [" + std::string{table.name} + "]", fix);
}

void Reader::read_root(const toml::key& key, const toml::node& node) {
    const Table* table = find_table(key.str());
    if (table == nullptr) return unknown_table(key);
    if (!table->repeated()) {
        if (const auto* content = node.as_table()) {
            headers_[{table->name, 0}] = place_of(key.source());
            return read_table(*table, 0, *content);
        }
    } else if (const auto* list = node.as_array(); list != nullptr && list->is_array_of_tables()) {
        for (const toml::node& element : *list) {
            const std::size_t index = count(*table);
            table->append(config_);
            store_defaults(table->name, config_, index);
            headers_[{table->name, index}] = place_of(element.source());
            read_table(*table, index, *element.as_table());
        }
        return;
    }
    guessed_.insert(std::string{table->name});
    const std::string name{table->name};
    report(ProblemCode::wrong_type, place_of(key.source()),
           table->repeated() ? "\"" + name + "\" is a list of tables" : "\"" + name + "\" is a single table",
           "write " + header(*table) + " on a line of its own and its keys below");
}

void Reader::read_table(const Table& table, std::size_t index, const toml::table& content) {
    for (const auto& [name, node] : content) {
        const Key* key = find_key(table.name, name.str());
        if (key == nullptr) {
            unknown_key(table, index, name);
        } else {
            read_value(*key, index, name, node);
        }
    }
}

void Reader::read_value(const Key& key, std::size_t index, const toml::key& name, const toml::node& node) {
    const Place place = place_of(node.source());
    given_[Given{key.table, index, std::string{key.name}}] = place;
    const auto scalar = scalar_of(node);
    const std::string model = in_file(key, key.fallback.empty() ? key.example : key.fallback);
    const std::string proposal = "write for instance " + std::string{key.name} + " = " + model;
    if (!scalar) {
        return report(ProblemCode::wrong_type, place_of(name.source()),
                      joined(key.table, key.name) + " is not a single value", proposal);
    }
    const auto stored = store(key, config_, index, *scalar);
    if (stored) return;
    const Wrong& wrong = stored.error();
    report(wrong.code, place, joined(key.table, key.name) + ": " + wrong.why,
           wrong.fix.empty() ? proposal : wrong.fix);
}

std::size_t Reader::count(const Table& table) const {
    return table.repeated() ? table.count(config_) : 1;
}

void Reader::require_keys(const Table& table, const toml::table& root) {
    if (guessed_.contains(table.name)) return;
    if (root.contains(table.name)) {
        for (std::size_t i = 0; i < count(table); ++i)
            require_in(table, i, headers_[{table.name, i}]);
        return;
    }
    std::string names;
    for (const Key& key : keys()) {
        if (key.table == table.name && key.need.holds != nullptr && key.need.holds(config_)) {
            names += (names.empty() ? "" : ", ") + std::string{key.name};
        }
    }
    if (names.empty()) return;
    report(ProblemCode::missing, Place{}, header(table) + " is missing",
           "add " + header(table) + " with " + names);
}

void Reader::require_in(const Table& table, std::size_t index, Place place) {
    for (const Key& key : keys()) {
        const bool needed = key.table == table.name && key.need.holds != nullptr && key.need.holds(config_);
        if (!needed || given_.contains(Given{table.name, index, std::string{key.name}})) continue;
        if (guessed_.contains(joined(table.name, key.name) + std::to_string(index))) continue;
        const std::string reason =
            key.need.text == "always" ? "" : " (needed " + std::string{key.need.text} + ")";
        report(ProblemCode::missing, place, joined(table.name, key.name) + " is not set" + reason,
               "add " + std::string{key.name} + " = " + in_file(key, key.example));
    }
}

Problems only(std::string file, std::string text, Problem problem) {
    return Problems{std::move(file), std::move(text), {std::move(problem)}};
}

}  // namespace

Loaded load_text(std::string_view text, std::string file) {
    toml::table root;
    try {
        root = toml::parse(text);
    } catch (const toml::parse_error& error) {
        Problem problem{ProblemCode::syntax, place_of(error.source()), std::string{error.description()},
                        "TOML wants key = value, with text in straight double quotes"};
        return tl::make_unexpected(only(std::move(file), std::string{text}, std::move(problem)));
    }
    Problems problems{std::move(file), std::string{text}, {}};
    Config config = Reader{problems}.read(root);
    if (problems.list.empty()) return config;
    std::ranges::stable_sort(problems.list, {}, [](const Problem& problem) {
        const std::uint32_t line = problem.place.line == 0 ? ~std::uint32_t{0} : problem.place.line;
        return std::pair{line, problem.place.column};
    });
    return tl::make_unexpected(std::move(problems));
}

Loaded load_file(const std::string& path) {
    const auto unreadable = [&](std::string why) {
        Problem problem{ProblemCode::unreadable, {}, std::move(why), "name the right file with --config"};
        return tl::make_unexpected(only(path, {}, std::move(problem)));
    };
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return unreadable("the configuration file is a folder");
    std::ifstream stream{path, std::ios::binary};
    if (!stream.is_open()) return unreadable("the configuration file cannot be opened");
    std::string text(kLargestFile + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad()) return unreadable("the configuration file cannot be read");
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kLargestFile) return unreadable("the configuration file is larger than 1 MiB");
    return load_text(text, path);
}

}  // namespace plimsoll::config
