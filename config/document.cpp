// SPDX-License-Identifier: Apache-2.0
// The only file that sees toml++.
#include "config/document.hpp"

#include <toml++/toml.h>

#include <algorithm>

namespace plimsoll::config {
namespace {

Place place_of(const toml::source_region& region) {
    Place place{region.begin.line, region.begin.column, 1};
    if (region.end.line == region.begin.line && region.end.column > region.begin.column) {
        place.length = region.end.column - region.begin.column;
    }
    return place;
}

std::optional<Scalar> list_of(const toml::array& array) {
    List out;
    for (const toml::node& element : array) {
        const auto* text = element.as_string();
        if (text == nullptr) return std::nullopt;
        out.push_back(text->get());
    }
    return Scalar{std::move(out)};
}

/// The value if it is one of the shapes a key can have.
std::optional<Scalar> scalar_of(const toml::node& node) {
    if (const auto* flag = node.as_boolean()) return Scalar{flag->get()};
    if (const auto* number = node.as_integer()) return Scalar{number->get()};
    if (const auto* number = node.as_floating_point()) return Scalar{number->get()};
    if (const auto* text = node.as_string()) return Scalar{text->get()};
    if (const auto* array = node.as_array()) return list_of(*array);
    return std::nullopt;
}

Section section_of(const std::string& name, Form form, Place place, const toml::table& content) {
    Section out{name, form, place, {}};
    for (const auto& [key, node] : content)
        out.entries.push_back(
            {std::string{key.str()}, place_of(key.source()), place_of(node.source()), scalar_of(node)});
    std::ranges::stable_sort(out.entries, {}, [](const Entry& entry) {
        return std::pair{entry.key_place.line, entry.key_place.column};
    });
    return out;
}

void add_sections(Document& out, const toml::key& key, const toml::node& node) {
    const std::string name{key.str()};
    if (const auto* content = node.as_table()) {
        out.sections.push_back(section_of(name, Form::table, place_of(key.source()), *content));
        return;
    }
    const auto* list = node.as_array();
    if (list == nullptr || list->empty() || !list->is_array_of_tables()) {
        out.sections.push_back({name, Form::other, place_of(key.source()), {}});
        return;
    }
    for (const toml::node& element : *list) {
        const bool first = &element == &*list->begin();
        const Place place = place_of(first ? key.source() : element.source());
        out.sections.push_back(section_of(name, Form::element, place, *element.as_table()));
    }
}

Problem too_much(Place place, std::string what) {
    return {ProblemCode::out_of_bounds, place, std::move(what), "a configuration is shorter than that"};
}

/// Long lines could nest tables deeper than the parser's stack.
std::optional<Problem> beyond_bounds(std::string_view text) {
    if (text.size() > kLargestFile) return too_much({}, "the configuration is larger than 1 MiB");
    std::uint32_t line = 1;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (end > kLongestLine) return too_much({line, 1, 1}, "the line has more than 4096 characters");
        text.remove_prefix(std::min(end + 1, text.size()));
        ++line;
    }
    return std::nullopt;
}

}  // namespace

tl::expected<Document, Problem> parse_document(std::string_view text) {
    if (auto problem = beyond_bounds(text)) return tl::unexpected{*std::move(problem)};
    try {
        const toml::table root = toml::parse(text);
        Document out;
        for (const auto& [key, node] : root)
            add_sections(out, key, node);
        return out;
    } catch (const toml::parse_error& error) {
        return tl::unexpected{Problem{ProblemCode::syntax, place_of(error.source()),
                                      std::string{error.description()},
                                      "TOML wants key = value, with text in straight double quotes"}};
    }
}

}  // namespace plimsoll::config
