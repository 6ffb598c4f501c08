// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/control.hpp"

#include "bot/console.hpp"
#include "bot/control/control_client.hpp"
#include "bot/control/switches.hpp"
#include "bot/load_config.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace plimsoll::bot {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

constexpr std::array kStatusOptions{kJsonOption};

Switches switches_of(const config::Config& config) {
    return Switches{config.keeper.data_dir, config.keeper.kill_switch};
}

/// The live keeper of this folder, else the one that runs dry in it.
Result<std::string> ask_any(const fs::path& folder) {
    constexpr std::string_view kAsk = R"({"order":"status"})";
    Result<std::string> answer = ask_keeper(folder, kAsk);
    if (answer || answer.error().code != Errc::not_found) return answer;
    Result<std::string> dry = ask_keeper(folder / "dry-run", kAsk);
    if (dry || dry.error().code != Errc::not_found) return dry;
    return fail(Errc::not_found, "no keeper is running on " + folder.string());
}

std::string word(const json::value& value) {
    return value.is_string() ? std::string{value.get_string()} : json::serialize(value);
}

ExitCode show_status(const Invocation& invocation) {
    const auto loaded = load_config(invocation);
    if (!loaded) return loaded.error();
    const Result<std::string> answer = ask_any(loaded->config.keeper.data_dir);
    if (!answer) {
        const ExitCode code = print_error(answer.error());
        return answer.error().code == Errc::not_found ? ExitCode::not_running : code;
    }
    if (invocation.has("--json")) {
        print_result(*answer + "\n");
        return ExitCode::ok;
    }
    boost::system::error_code bad;
    const json::value told = json::parse(*answer, bad);
    if (bad || !told.is_object())
        return print_error({Errc::malformed_reply, "the keeper's answer is no JSON"});
    std::string out;
    for (const auto& [name, value] : told.get_object()) {
        const std::string key{name};
        if (key != "schema" && key != "ok")
            out += key + std::string(key.size() < 16 ? 16 - key.size() : 1, ' ') + word(value) + "\n";
    }
    print_result(out);
    return ExitCode::ok;
}

/// The mark first, so that it holds whatever becomes of the keeper; then the keeper is told, which would find
/// it by itself within a second.
ExitCode set_mark(const Invocation& invocation, bool paused) {
    const auto loaded = load_config(invocation);
    if (!loaded) return loaded.error();
    const Switches switches = switches_of(loaded->config);
    const Result<void> done = paused ? switches.pause() : switches.resume();
    if (!done) return print_error(done.error());
    const Result<std::string> heard =
        ask_keeper(loaded->config.keeper.data_dir, paused ? R"({"order":"pause"})" : R"({"order":"resume"})");
    std::string out = paused ? "paused: nothing new is signed, what is under way goes on" : "resumed";
    if (!heard && heard.error().code == Errc::not_found) {
        out += paused ? "; no keeper is running, the next one starts paused" : "; no keeper is running";
    } else if (!heard) {
        out += "; the keeper has not confirmed it: " + heard.error().context;
    }
    if (!paused && switches.killed()) out += "; still killed by " + switches.kill_file().string();
    print_result(out + "\n");
    return ExitCode::ok;
}

ExitCode pause_keeper(const Invocation& invocation) {
    return set_mark(invocation, true);
}

ExitCode resume_keeper(const Invocation& invocation) {
    return set_mark(invocation, false);
}

}  // namespace

constinit const Command kStatusCommand{
    .name = "status",
    .help = "What the running keeper is doing; exits 3 if none runs",
    .config = ConfigUse::takes,
    .options = kStatusOptions,
    .examples = {"plimsoll status --config plimsoll.toml", "plimsoll status --json"},
    .run = show_status};

constinit const Command kPauseCommand{
    .name = "pause",
    .help = "Sign nothing new from now on, across restarts; what is under way is brought to its end",
    .config = ConfigUse::takes,
    .examples = {"plimsoll pause --config plimsoll.toml", "plimsoll pause"},
    .run = pause_keeper};

constinit const Command kResumeCommand{
    .name = "resume",
    .help = "Take back a pause",
    .config = ConfigUse::takes,
    .examples = {"plimsoll resume --config plimsoll.toml", "plimsoll resume"},
    .run = resume_keeper};

}  // namespace plimsoll::bot
