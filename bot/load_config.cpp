// SPDX-License-Identifier: Apache-2.0
#include "bot/load_config.hpp"

#include "bot/console.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string_view>
#include <system_error>

namespace plimsoll::bot {
namespace {

constexpr std::string_view kPrefix = "PLIMSOLL_";
constexpr std::string_view kFileVariable = "PLIMSOLL_CONFIG";
constexpr const char* kFileName = "plimsoll.toml";

std::optional<std::string> variable(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing else runs yet
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
}

/// Every PLIMSOLL_* variable but the one that names the file.
std::vector<config::Setting> environment() {
    std::vector<config::Setting> out;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        const std::size_t equals = text.find('=');
        if (!text.starts_with(kPrefix) || equals == std::string_view::npos) continue;
        const std::string name{text.substr(0, equals)};
        if (name != kFileVariable) out.push_back({name, std::string{text.substr(equals + 1)}, name});
    }
    return out;
}

/// The file that nobody named, if there is one.
std::optional<std::string> found_file() {
    const auto home = variable("HOME");
    const auto base = variable("XDG_CONFIG_HOME");
    std::vector<std::filesystem::path> places{kFileName};
    if (base || home)
        places.push_back((base ? std::filesystem::path{*base} : std::filesystem::path{*home} / ".config") /
                         "plimsoll" / kFileName);
    places.push_back(std::filesystem::path{"/etc/plimsoll"} / kFileName);
    for (const std::filesystem::path& place : places) {
        std::error_code ignored;
        if (std::filesystem::exists(place, ignored)) return place.string();
    }
    return std::nullopt;
}

config::FileText standard_input() {
    std::string text;
    constexpr std::size_t kMost = (std::size_t{1} << 20U) + 1;
    text.resize(kMost);
    std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::cin.gcount()));
    return {"(standard input)", std::move(text)};
}

/// Neither a file nor enough else: say where it was looked for.
config::Problems nothing_to_read() {
    config::Problem problem{
        config::ProblemCode::unreadable,
        {},
        "there is no configuration: neither ./plimsoll.toml nor $XDG_CONFIG_HOME/plimsoll/plimsoll.toml nor "
        "/etc/plimsoll/plimsoll.toml",
        "name one with --config, or write one: plimsoll config init --network mainnet"};
    return config::Problems{"plimsoll.toml", {}, {std::move(problem)}};
}

}  // namespace

std::vector<config::Setting> settings_of(const Invocation& invocation) {
    std::vector<config::Setting> out;
    for (const ConfigFlag& flag : invocation.config_flags)
        out.push_back({flag.key, flag.value, flag.written});
    return out;
}

tl::expected<LoadedConfig, config::Problems> try_load_config(const Invocation& invocation) {
    config::Sources sources{std::nullopt, environment(), settings_of(invocation)};
    auto path = invocation.config_path;
    if (!path) path = variable(std::string{kFileVariable}.c_str());
    if (!path) path = found_file();
    if (path == "-") {
        sources.file = standard_input();
    } else if (path) {
        auto file = config::read_file(*path);
        if (!file) return tl::make_unexpected(std::move(file).error());
        sources.file = *std::move(file);
    } else if (sources.environment.empty() && sources.flags.empty()) {
        return tl::unexpected{nothing_to_read()};
    }
    auto loaded = config::load(sources, config::surroundings_of_process());
    if (!loaded) return tl::make_unexpected(std::move(loaded).error());
    return LoadedConfig{std::move(loaded->config), std::move(loaded->origins), path.value_or("")};
}

ExitCode exit_code(const config::Problems& problems) noexcept {
    if (problems.unreadable()) return ExitCode::no_input;
    if (problems.all_from_flags()) return ExitCode::usage;
    return problems.all(config::ProblemCode::unsafe_file) ? ExitCode::refused : ExitCode::config;
}

tl::expected<LoadedConfig, ExitCode> load_config(const Invocation& invocation) {
    auto loaded = try_load_config(invocation);
    if (loaded) return *std::move(loaded);
    print_message(config::render(loaded.error()));
    return tl::unexpected{exit_code(loaded.error())};
}

}  // namespace plimsoll::bot
