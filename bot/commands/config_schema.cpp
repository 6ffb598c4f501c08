// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/config_schema.hpp"

#include "bot/console.hpp"
#include "config/schema.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace plimsoll::bot {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 2> kFormats{"md", "json"};
constexpr std::array kSchemaOptions{
    Option{"--format", "FORMAT", "md (a table to read) or json", false, kFormats},
    Option{"--json", "", "The same as --format json"},
};

json::object described(const config::Key& key) {
    json::object out{{"table", key.table},
                     {"key", key.name},
                     {"repeated", config::find_table(key.table)->repeated()},
                     {"flag", config::flag_name(key, 0)},
                     {"variable", config::variable_name(key, 0)},
                     {"type", config::type_name(key)},
                     {"unit", config::unit_of(key)},
                     {"required", key.need.text},
                     {"least", key.least},
                     {"most", key.most},
                     {"secret", config::is_secret(key)},
                     {"help", key.help}};
    if (key.fallback.empty()) {
        out["default"] = nullptr;
    } else {
        out["default"] = config::in_file(key, key.fallback);
    }
    return out;
}

ExitCode run_schema(const Invocation& invocation) {
    if (!invocation.has("--json") && invocation.value("--format").value_or("md") == "md") {
        print_result(config::to_markdown());
        return ExitCode::ok;
    }
    json::array keys;
    for (const config::Key& key : config::keys())
        keys.push_back(described(key));
    const json::object out{{"schema", "plimsoll.config-schema.v1"}, {"keys", std::move(keys)}};
    print_result(json::serialize(out) + "\n");
    return ExitCode::ok;
}

}  // namespace

constinit const Command kConfigSchemaCommand{
    .name = "config schema",
    .help = "Every key that can be set: type, unit, range, default, flag and variable",
    .options = kSchemaOptions,
    .examples = {"plimsoll config schema", "plimsoll config schema --format json"},
    .run = run_schema};

}  // namespace plimsoll::bot
