// SPDX-License-Identifier: Apache-2.0
#include "config/loader.hpp"

#include "config/checks.hpp"
#include "config/suggest.hpp"

#include <algorithm>
#include <iterator>

namespace plimsoll::config {
namespace {

std::string joined(std::string_view table, std::string_view key) {
    return std::string{table} + "." + std::string{key};
}

std::string header(const Table& table) {
    const std::string name{table.name};
    return table.repeated() ? "[[" + name + "]]" : "[" + name + "]";
}

std::string where_it_belongs(std::string_view name) {
    const std::span<const Key> all = keys();
    const auto known = std::ranges::find(all, name, &Key::name);
    return known == all.end() ? "remove it" : "it belongs into [" + std::string{known->table} + "]";
}

std::string proposal(const Key& key) {
    const std::string model = in_file(key, key.fallback.empty() ? key.example : key.fallback);
    return "write for instance " + std::string{key.name} + " = " + model;
}

}  // namespace

void Loader::read(const Document& document, Layer layer, const std::string& name) {
    layer_ = layer;
    name_ = name;
    replaced_.clear();
    headers_.clear();
    for (const Section& section : document.sections)
        read_section(document, section);
}

void Loader::read_section(const Document& document, const Section& section) {
    const Table* table = find_table(section.name);
    if (table == nullptr) return unknown_table(section);
    const Form wanted = table->repeated() ? Form::element : Form::table;
    if (section.form != wanted) {
        const auto first = std::ranges::find(document.sections, section.name, &Section::name);
        return &*first == &section ? wrong_form(*table, section) : void();
    }
    if (!table->repeated()) return fill(*table, 0, section);
    if (replaced_.insert(table->name).second) forget(*table);
    const std::size_t index = count(*table);
    if (index == table->most) {
        return report({ProblemCode::out_of_bounds, section.place,
                       "there are more than " + std::to_string(table->most) + " " + header(*table),
                       "remove some"});
    }
    if (index > table->most) return;
    table->append(effective_.config);
    store_defaults(table->name, effective_.config, index);
    fill(*table, index, section);
}

/// Stronger layers replace repeated tables as a whole: the weaker layer's are gone.
void Loader::forget(const Table& table) {
    table.clear(effective_.config);
    std::erase_if(effective_.origins, [&](const auto& entry) { return entry.first.table == table.name; });
}

void Loader::fill(const Table& table, std::size_t index, const Section& section) {
    headers_[{table.name, index}] = section.place;
    for (const Entry& entry : section.entries) {
        const Key* key = find_key(table.name, entry.key);
        if (key == nullptr) {
            unknown_key(table, index, entry);
        } else {
            read_value(*key, index, entry);
        }
    }
}

void Loader::read_value(const Key& key, std::size_t index, const Entry& entry) {
    const std::string path = joined(key.table, key.name);
    if (!entry.value) {
        guessed_.insert(path + std::to_string(index));
        return report({ProblemCode::wrong_type, entry.key_place,
                       path + " is neither a single value nor a list of texts", proposal(key)});
    }
    const auto stored = put(key, index, *entry.value, Origin{layer_, name_, entry.value_place});
    if (stored) return;
    const Wrong& wrong = stored.error();
    report({wrong.code, entry.value_place, path + ": " + wrong.why,
            wrong.fix.empty() ? proposal(key) : wrong.fix});
}

/// Resolves, checks and stores. That it was given is remembered even if it is wrong: it is not missing.
Parsed<void> Loader::put(const Key& key, std::size_t index, const Scalar& scalar, Origin origin) {
    effective_.origins[KeyPath{key.table, index, key.name}] = std::move(origin);
    const auto resolved = resolve(key, scalar, surroundings_);
    if (!resolved) return tl::make_unexpected(resolved.error());
    auto stored = store(key, effective_.config, index, *resolved);
    if (!stored && *resolved != scalar)  // what a variable stands for is not for the screen
        stored.error().why = "what " + quoted(scalar) + " stands for is not accepted: " + type_name(key);
    return stored;
}

void Loader::wrong_form(const Table& table, const Section& section) {
    guessed_.insert(std::string{table.name});
    const std::string name{table.name};
    report({ProblemCode::wrong_type, section.place,
            table.repeated() ? "\"" + name + "\" is a list of tables" : "\"" + name + "\" is a single table",
            "write " + header(table) + " on a line of its own and its keys below"});
}

void Loader::unknown_table(const Section& section) {
    std::vector<std::string_view> names;
    for (const Table& table : tables())
        names.push_back(table.name);
    const std::string_view guess = nearest(section.name, names);
    std::string fix =
        guess.empty() ? where_it_belongs(section.name) : "did you mean " + header(*find_table(guess)) + "?";
    if (!guess.empty()) guessed_.insert(std::string{guess});
    report({ProblemCode::unknown_key, section.place, "unknown table or key \"" + section.name + "\"",
            std::move(fix)});
}

void Loader::unknown_key(const Table& table, std::size_t index, const Entry& entry) {
    std::vector<std::string_view> names;
    for (const Key& known : table.keys())
        names.push_back(known.name);
    const std::string_view guess = nearest(entry.key, names);
    if (!guess.empty()) guessed_.insert(joined(table.name, guess) + std::to_string(index));
    report({ProblemCode::unknown_key, entry.key_place,
            "unknown key \"" + entry.key + "\" in [" + std::string{table.name} + "]",
            guess.empty() ? where_it_belongs(entry.key) : "did you mean \"" + std::string{guess} + "\"?"});
}

std::size_t Loader::count(const Table& table) const {
    return table.repeated() ? table.count(effective_.config) : 1;
}

bool Loader::needs(const Key& key) const {
    return key.need.holds != nullptr && key.need.holds(effective_.config);
}

bool Loader::touched(const Table& table) const {
    if (table.repeated()) return count(table) > 0;
    return headers_.contains({table.name, 0}) ||
           std::ranges::any_of(effective_.origins,
                               [&](const auto& entry) { return entry.first.table == table.name; });
}

void Loader::require(const Table& table) {
    if (guessed_.contains(table.name)) return;
    if (touched(table)) {
        for (std::size_t i = 0; i < count(table); ++i)
            require_in(table, i);
        return;
    }
    if (!table.needed) return;
    std::string names;
    for (const Key& key : table.keys())
        if (needs(key)) names += (names.empty() ? "" : ", ") + std::string{key.name};
    if (names.empty()) return;
    report({ProblemCode::missing, Place{}, header(table) + " is missing",
            "add " + header(table) + " with " + names});
}

void Loader::require_in(const Table& table, std::size_t index) {
    for (const Key& key : table.keys()) {
        if (!needs(key) || effective_.origins.contains({table.name, index, key.name})) continue;
        const std::string path = joined(table.name, key.name);
        if (guessed_.contains(path + std::to_string(index))) continue;
        const std::string reason =
            key.need.text == "always" ? "" : " (needed " + std::string{key.need.text} + ")";
        report({ProblemCode::missing, headers_[{table.name, index}], path + " is not set" + reason,
                "add " + std::string{key.name} + " = " + in_file(key, key.example)});
    }
}

Effective Loader::finish() {
    for (const Table& table : tables())
        require(table);
    auto found = check_together(effective_.config, effective_.origins, surroundings_);
    std::ranges::move(found, std::back_inserter(problems_.list));
    return std::move(effective_);
}

}  // namespace plimsoll::config
