// SPDX-License-Identifier: Apache-2.0
// Values from the environment and the command line.
#include "config/loader.hpp"
#include "config/suggest.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace plimsoll::config {
namespace {

constexpr std::string_view kPrefix = "PLIMSOLL_";

/// "endpoint.0.ws" of "PLIMSOLL_ENDPOINT__0__WS"; of a flag's name the same with '_' for '-'.
std::string dotted(const std::string& name, Layer layer) {
    std::string out = name;
    if (layer != Layer::environment) {
        std::ranges::replace(out, '-', '_');
        return out;
    }
    out.erase(0, kPrefix.size());
    std::ranges::transform(
        out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    for (std::size_t at = out.find("__"); at != std::string::npos; at = out.find("__", at))
        out.replace(at, 2, ".");
    return out;
}

std::optional<std::size_t> number(std::string_view digits) {
    std::size_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    const bool plain = error == std::errc{} && stop == end && digits.size() <= 4;
    return plain ? std::optional{value} : std::nullopt;
}

struct Parts {
    std::string_view table;
    std::string_view index;  // empty: none
    std::string_view key;
};

Parts split(std::string_view path) {
    const std::size_t first = path.find('.');
    const std::size_t last = path.rfind('.');
    if (first == std::string_view::npos) return {path, {}, {}};
    const std::string_view middle = first == last ? "" : path.substr(first + 1, last - first - 1);
    return {path.substr(0, first), middle, path.substr(last + 1)};
}

}  // namespace

std::optional<Loader::Named> Loader::find_setting(const Setting& setting, Layer layer) {
    const std::string path = dotted(setting.key, layer);
    const Parts parts = split(path);
    const Key* key = find_key(parts.table, parts.key);
    if (key == nullptr) return std::nullopt;
    const bool repeated = find_table(parts.table)->repeated();
    if (!repeated) return parts.index.empty() ? std::optional{Named{key, 0, &setting}} : std::nullopt;
    const auto index = number(parts.index);
    return index ? std::optional{Named{key, *index, &setting}} : std::nullopt;
}

void Loader::unknown_setting(const Setting& setting, Layer layer) {
    const auto name_of = layer == Layer::environment ? variable_name : flag_name;
    std::vector<std::string> names;
    for (const Key& key : keys()) {
        const std::size_t most = std::min<std::size_t>(count(*find_table(key.table)), 4);
        for (std::size_t i = 0; i < std::max<std::size_t>(most, 1); ++i)
            names.push_back(name_of(key, i));
    }
    const std::vector<std::string_view> views{names.begin(), names.end()};
    const std::string typed = layer == Layer::environment ? setting.key : "--" + setting.key;
    const std::string_view guess = nearest(typed, views);
    if (!guess.empty()) {
        const auto at = std::ranges::find(views, guess) - views.begin();
        std::size_t seen = 0;
        for (const Key& key : keys()) {
            const std::size_t most = std::min<std::size_t>(count(*find_table(key.table)), 4);
            for (std::size_t i = 0; i < std::max<std::size_t>(most, 1); ++i, ++seen)
                if (static_cast<std::ptrdiff_t>(seen) == at)
                    guessed_.insert(std::string{key.table} + "." + std::string{key.name} + std::to_string(i));
        }
    }
    const std::string fix = guess.empty() ? "`plimsoll config schema` lists what can be set"
                                          : "did you mean " + std::string{guess} + "?";
    const std::string what = layer == Layer::environment ? "unknown variable " : "unknown flag ";
    report({ProblemCode::unknown_key, Place{}, what + typed, fix, setting.written});
}

/// A variable or flag that was forgotten somewhere must not be able to send: what arms stands in the file.
void Loader::refuse_arming(const Setting& setting) {
    report({ProblemCode::contradiction, Place{}, "keeper.mode = \"live\" counts in the file only",
            "write it into the file, and --live on the command line", setting.written});
}

void Loader::apply_one(const Named& named, Layer layer) {
    const Table& table = *find_table(named.key->table);
    const Setting& setting = *named.setting;
    if (table.repeated() && named.index >= count(table)) {
        const std::string total = std::to_string(count(table));
        if (named.index > count(table) || named.index >= table.most) {
            return report({ProblemCode::out_of_bounds, Place{},
                           "there are " + total + " tables [[" + std::string{table.name} + "]], at most " +
                               std::to_string(table.most) + " may be",
                           "the next one is number " + total, setting.written});
        }
        table.append(effective_.config);
        store_defaults(table.name, effective_.config, named.index);
    }
    const Scalar scalar = scalar_for(*named.key, setting.value);
    const auto stored = put(*named.key, named.index, scalar, Origin{layer, setting.written, {}});
    if (stored) {
        const bool is_mode = table.name == "keeper" && named.key->name == "mode";
        if (is_mode && effective_.config.keeper.mode == Mode::live) refuse_arming(setting);
        return;
    }
    const Wrong& wrong = stored.error();
    const std::string model =
        std::string{named.key->fallback.empty() ? named.key->example : named.key->fallback};
    report({wrong.code, Place{}, dotted_name(*named.key, named.index) + ": " + wrong.why,
            wrong.fix.empty() ? "give it for instance the value " + model : wrong.fix, setting.written});
}

void Loader::apply(std::span<const Setting> settings, Layer layer) {
    std::vector<Named> known;
    for (const Setting& setting : settings) {
        if (const auto named = find_setting(setting, layer)) {
            known.push_back(*named);
        } else {
            unknown_setting(setting, layer);
        }
    }
    // A table's number 1 may be appended only after its number 0.
    std::ranges::stable_sort(known, {}, &Named::index);
    for (const Named& named : known)
        apply_one(named, layer);
}

}  // namespace plimsoll::config
