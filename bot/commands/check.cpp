// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/check.hpp"

#include "bot/check_relays.hpp"
#include "bot/check_rows.hpp"
#include "bot/connecting.hpp"
#include "bot/console.hpp"
#include "bot/endpoint_params.hpp"
#include "bot/live_checklist.hpp"
#include "bot/load_config.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iterator>

namespace plimsoll::bot {
namespace {

namespace json = boost::json;

constexpr std::array kCheckOptions{
    Option{"--offline", "", "Only what needs no endpoint"},
    Option{"--live", "", "As `run --live` would start"},
    Option{"--for-live", "", "The checklist for sending beyond this machine too"},
    kJsonOption,
};

std::string as_text(const std::vector<CheckRow>& rows) {
    std::string out;
    for (const CheckRow& row : rows) {
        out += std::string{to_string(row.status)} + std::string(6 - to_string(row.status).size(), ' ') +
               row.name;
        if (!row.detail.empty()) out += ": " + row.detail;
        out += "\n";
        if (!row.fix.empty()) out += "      fix: " + row.fix + "\n";
    }
    return out;
}

std::string as_json(const std::vector<CheckRow>& rows, ExitCode code) {
    json::array list;
    for (const CheckRow& row : rows) {
        list.push_back(json::object{{"name", row.name},
                                    {"status", to_string(row.status)},
                                    {"detail", row.detail},
                                    {"fix", row.fix},
                                    {"exit_code", static_cast<int>(row.code)}});
    }
    const json::object out{
        {"schema", "plimsoll.check.v1"}, {"exit_code", static_cast<int>(code)}, {"checks", std::move(list)}};
    return json::serialize(out) + "\n";
}

/// The first failure in the order in which `run` would meet it decides.
ExitCode conclude(const std::vector<CheckRow>& rows, bool json) {
    const auto failed = std::ranges::find(rows, CheckStatus::fail, &CheckRow::status);
    const ExitCode code = failed == rows.end() ? ExitCode::ok : failed->code;
    print_result(json ? as_json(rows, code) : as_text(rows));
    return code;
}

CheckRow broken_config(const config::Problems& problems) {
    std::string text = config::render(problems);
    while (text.ends_with('\n'))
        text.pop_back();
    return {"configuration", CheckStatus::fail, text, {}, exit_code(problems)};
}

ExitCode run_check(const Invocation& invocation) {
    const bool json = invocation.has("--json");
    const auto loaded = try_load_config(invocation);
    if (!loaded) return conclude({broken_config(loaded.error())}, json);
    const bool for_live = invocation.has("--for-live");
    const LiveFlag live = for_live || invocation.has("--live") ? LiveFlag::given : LiveFlag::absent;
    std::vector<CheckRow> rows{{"configuration", CheckStatus::ok, loaded->path, {}, ExitCode::ok}};
    check_secrets(loaded->config, loaded->path, live, rows);
    if (for_live) {
        std::vector<CheckRow> more = live_checklist(loaded->config, loaded->origins);
        rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
    if (invocation.has("--offline")) {
        check_folder(loaded->config, live, rows);
        return conclude(rows, json);
    }
    const ExitCode internal = run_to_end([&](async::asio::any_io_executor executor) {
        return check_online(executor, loaded->config, live, rows);
    });
    if (internal != ExitCode::ok) return internal;
    if (for_live && !loaded->config.lanes.empty()) {
        const ExitCode asked = run_to_end([&](async::asio::any_io_executor executor) {
            return check_relays(executor, loaded->config, rows);
        });
        if (asked != ExitCode::ok) return asked;
    }
    return conclude(rows, json);
}

}  // namespace

constinit const Command kCheckCommand{
    .name = "check",
    .help = "Whether everything is as it has to be; exits as `run` would with the same configuration",
    .config = ConfigUse::takes,
    .options = kCheckOptions,
    .examples = {"plimsoll check --config plimsoll.toml", "plimsoll check --offline --json"},
    .run = run_check};

}  // namespace plimsoll::bot
