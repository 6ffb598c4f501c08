// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/config_show.hpp"

#include "bot/console.hpp"
#include "bot/load_config.hpp"
#include "config/schema.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace plimsoll::bot {
namespace {

namespace json = boost::json;

constexpr std::array kShowOptions{
    Option{"--origin", "", "Also where each value comes from"},
    kJsonOption,
};

struct Shown {
    std::string name;
    std::string value;  // as in a file, secrets as ***; empty: not set
    std::string_view unit;
    config::Origin origin;
};

std::vector<Shown> effective_values(const LoadedConfig& loaded) {
    std::vector<Shown> out;
    for (const config::Table& table : config::tables()) {
        const std::size_t count = table.repeated() ? table.count(loaded.config) : 1;
        for (std::size_t i = 0; i < count; ++i) {
            for (const config::Key& key : table.keys()) {
                const auto given = loaded.origins.find({key.table, i, key.name});
                out.push_back({config::dotted_name(key, i), config::shown_text(key, loaded.config, i),
                               config::unit_of(key),
                               given == loaded.origins.end() ? config::Origin{} : given->second});
            }
        }
    }
    return out;
}

std::string as_text(const std::vector<Shown>& values, bool origin) {
    std::size_t width = 0;
    for (const Shown& one : values)
        width = std::max(width, one.name.size() + one.value.size());
    std::string out;
    for (const Shown& one : values) {
        if (one.value.empty()) continue;
        out += one.name + " = " + one.value;
        if (origin)
            out +=
                std::string(width - one.name.size() - one.value.size(), ' ') + "  # " + to_string(one.origin);
        out += "\n";
    }
    return out;
}

std::string_view layer_name(config::Layer layer) {
    constexpr std::array<std::string_view, 5> kNames{"default", "network", "file", "environment", "flag"};
    return kNames.at(static_cast<std::size_t>(layer));
}

std::string as_json(const std::vector<Shown>& values, const std::string& path) {
    json::array list;
    for (const Shown& one : values) {
        json::object value{{"key", one.name},
                           {"unit", one.unit},
                           {"origin", layer_name(one.origin.layer)},
                           {"source", to_string(one.origin)}};
        if (one.value.empty()) {
            value["value"] = nullptr;
        } else {
            value["value"] = one.value;
        }
        list.push_back(std::move(value));
    }
    const json::object out{
        {"schema", "plimsoll.config-show.v1"}, {"file", path}, {"values", std::move(list)}};
    return json::serialize(out) + "\n";
}

ExitCode run_show(const Invocation& invocation) {
    const auto loaded = load_config(invocation);
    if (!loaded) return loaded.error();
    const std::vector<Shown> values = effective_values(*loaded);
    print_result(invocation.has("--json") ? as_json(values, loaded->path)
                                          : as_text(values, invocation.has("--origin")));
    return ExitCode::ok;
}

}  // namespace

constinit const Command kConfigShowCommand{
    .name = "config show",
    .help = "What holds: every value, and where it comes from; secrets as ***",
    .config = ConfigUse::takes,
    .options = kShowOptions,
    .examples = {"plimsoll config show --origin", "plimsoll config show --config plimsoll.toml --json"},
    .run = run_show};

}  // namespace plimsoll::bot
