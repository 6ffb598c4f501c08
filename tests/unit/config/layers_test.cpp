// SPDX-License-Identifier: Apache-2.0
// Where values come from: default < network < file < environment < flag.
#include "config/load.hpp"
#include "config/schema.hpp"
#include "tests/unit/config/example.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace plimsoll::config {
namespace {

constexpr const char* kMinimal = R"([chain]
network = "mainnet"
[[endpoint]]
name = "one"
ws = "ws://127.0.0.1:1"
)";

Surroundings with_variables(std::map<std::string, std::string> variables) {
    return Surroundings{
        [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional{found->second};
        },
        surroundings_of_process().secret_file, [](unsigned core) { return core < 2; }};
}

Setting variable(const std::string& name, const std::string& value) {
    return {name, value, name};
}

Setting flag(const std::string& key, const std::string& value) {
    return {key, value, "--" + key};
}

Sources sources(std::string text, std::vector<Setting> environment = {}, std::vector<Setting> flags = {}) {
    return {FileText{"plimsoll.toml", std::move(text)}, std::move(environment), std::move(flags)};
}

Effective good(const Sources& from) {
    auto loaded = load(from, with_variables({{"TOKEN", "hidden"}}));
    EXPECT_TRUE(loaded) << render(loaded.error());
    return loaded ? *loaded : Effective{};
}

Problems bad(const Sources& from) {
    auto loaded = load(from, with_variables({{"TOKEN", "hidden"}, {"WORD", "hidden word"}}));
    EXPECT_FALSE(loaded);
    return loaded ? Problems{} : loaded.error();
}

std::string origin(const Effective& effective, std::string_view table, std::string_view key,
                   std::size_t index = 0) {
    const auto found = effective.origins.find({table, index, key});
    return found == effective.origins.end() ? "default" : to_string(found->second);
}

TEST(Layers, TheStrongerSourceHolds) {
    const std::string file = std::string{kMinimal} + "[log]\nlevel = \"warn\"\n";
    EXPECT_EQ(good(sources(kMinimal)).config.log.level, LogLevel::info);
    EXPECT_EQ(good(sources(file)).config.log.level, LogLevel::warn);
    const auto from_environment = sources(file, {variable("PLIMSOLL_LOG__LEVEL", "error")});
    EXPECT_EQ(good(from_environment).config.log.level, LogLevel::error);
    const auto from_flag =
        sources(file, {variable("PLIMSOLL_LOG__LEVEL", "error")}, {flag("log.level", "trace")});
    const Effective effective = good(from_flag);
    EXPECT_EQ(effective.config.log.level, LogLevel::trace);
    EXPECT_EQ(origin(effective, "log", "level"), "--log.level");
    EXPECT_EQ(origin(good(from_environment), "log", "level"), "PLIMSOLL_LOG__LEVEL");
    EXPECT_EQ(origin(good(sources(file)), "log", "level"), "plimsoll.toml:7:9");
    EXPECT_EQ(origin(effective, "chain", "id"), "network mainnet");
    EXPECT_EQ(origin(effective, "log", "format"), "default");
}

TEST(Layers, ANetworkLiesBelowTheFileWhoeverNamesIt) {
    std::string file = kMinimal;
    file.erase(file.find("network"), std::string_view{"network = \"mainnet\"\n"}.size());
    EXPECT_EQ(good(sources(file, {variable("PLIMSOLL_CHAIN__NETWORK", "base")})).config.chain.id,
              ChainId{8453});
    EXPECT_EQ(good(sources(file, {}, {flag("chain.network", "optimism")})).config.chain.id, ChainId{10});
    std::string faster = kMinimal;
    faster.insert(faster.find("[[endpoint"), "block_time = \"5s\"\n");
    EXPECT_EQ(good(sources(faster)).config.chain.block_time, std::chrono::seconds{5});
    const std::string venue =
        "[[venue]]\nkind = \"aave-v3\"\nname = \"own\"\npool = "
        "\"0x52908400098527886E0F7030069857D2E4169EE7\"\n";
    const Effective replaced = good(sources(kMinimal + venue));
    ASSERT_EQ(replaced.config.venues.size(), 1U);
    EXPECT_EQ(replaced.config.venues[0].name, "own");
    EXPECT_FALSE(replaced.config.venues[0].provider);
    EXPECT_EQ(origin(replaced, "venue", "provider"), "default");
}

TEST(Layers, RepeatedTablesHaveNumbers) {
    const Effective effective = good(sources(
        kMinimal,
        {variable("PLIMSOLL_ENDPOINT__2__WS", "ws://c"), variable("PLIMSOLL_ENDPOINT__2__NAME", "three"),
         variable("PLIMSOLL_ENDPOINT__1__NAME", "two"), variable("PLIMSOLL_ENDPOINT__1__WS", "ws://b")},
        {flag("endpoint.0.startup-timeout", "7s"), flag("venue.0.start-block", "5")}));
    ASSERT_EQ(effective.config.endpoints.size(), 3U);
    EXPECT_EQ(effective.config.endpoints[2].ws.host, "c");
    EXPECT_EQ(effective.config.endpoints[0].startup_timeout, std::chrono::seconds{7});
    EXPECT_EQ(effective.config.endpoints[1].startup_timeout, std::chrono::seconds{30});
    EXPECT_EQ(effective.config.venues[0].start_block, BlockNumber{5});
    const Problems gap = bad(sources(kMinimal, {variable("PLIMSOLL_ENDPOINT__3__WS", "ws://c")}));
    EXPECT_EQ(gap.list[0].fix, "the next one is number 1");
    EXPECT_EQ(gap.list[0].source, "PLIMSOLL_ENDPOINT__3__WS");
}

TEST(Layers, NeedNoFile) {
    const Sources none{
        std::nullopt,
        {variable("PLIMSOLL_CHAIN__NETWORK", "mainnet"), variable("PLIMSOLL_ENDPOINT__0__NAME", "a"),
         variable("PLIMSOLL_ENDPOINT__0__IPC", "/run/x.ipc"),
         variable("PLIMSOLL_RISK__DENY_ASSETS",
                  "0x52908400098527886E0F7030069857D2E4169EE7, 0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"),
         variable("PLIMSOLL_ENDPOINT__0__HEADERS", "X-Key: a, b")},
        {}};
    const Effective effective = good(none);
    EXPECT_EQ(effective.config.endpoints[0].ipc, "/run/x.ipc");
    EXPECT_EQ(effective.config.risk.deny_assets.size(), 2U);
    EXPECT_EQ(effective.config.endpoints[0].headers, (std::vector<std::string>{"X-Key: a, b"}));
}

TEST(Layers, WhatDoesNotExistIsAnErrorWithAGuess) {
    const Problems problems =
        bad(sources(kMinimal,
                    {variable("PLIMSOLL_LOG__LEVLE", "debug"), variable("PLIMSOLL_MODE", "live"),
                     variable("PLIMSOLL_ENDPOINT__WS", "ws://secret")},
                    {flag("log.frmat", "json"), flag("log.level", "loud")}));
    ASSERT_EQ(problems.list.size(), 5U) << render(problems);
    const std::string shown = render(problems);
    for (const char* part :
         {"did you mean PLIMSOLL_LOG__LEVEL?", "unknown variable PLIMSOLL_MODE", "did you mean --log.format?",
          "--> --log.level\n", "--> PLIMSOLL_ENDPOINT__WS\n", "\"loud\" is none of"})
        EXPECT_NE(shown.find(part), std::string::npos) << part << "\n" << shown;
    EXPECT_EQ(shown.find("secret"), std::string::npos);
    EXPECT_FALSE(problems.all_from_flags());
    EXPECT_TRUE(bad(sources(kMinimal, {}, {flag("log.level", "loud")})).all_from_flags());
}

TEST(Layers, WhatArmsCountsInTheFileOnly) {
    const std::string live{kExample};
    std::string dry = live;
    dry.replace(dry.find("mode = \"live\""), 13, "mode = \"dry-run\"");
    const Setting from_variable = variable("PLIMSOLL_KEEPER__MODE", "live");
    const Setting from_flag = flag("keeper.mode", "live");
    for (const std::string& file : {dry, live}) {
        for (const Sources& from : {sources(file, {from_variable}), sources(file, {}, {from_flag})}) {
            const Problems problems = bad(from);
            ASSERT_EQ(problems.list.size(), 1U) << render(problems);
            EXPECT_NE(problems.list[0].what.find("in the file only"), std::string::npos) << render(problems);
        }
    }
    // The other direction is always open, and other keys of the table are not meant.
    EXPECT_EQ(good(sources(live, {variable("PLIMSOLL_KEEPER__MODE", "dry-run")})).config.keeper.mode,
              Mode::dry_run);
    EXPECT_EQ(good(sources(live, {variable("PLIMSOLL_KEEPER__DATA_DIR", "/x")})).config.keeper.mode,
              Mode::live);
}

TEST(Layers, ARuleBetweenKeysNamesTheSourceThatBrokeIt) {
    const Problems problems = bad(sources(kMinimal, {}, {flag("execution.priority-fee", "900 gwei")}));
    ASSERT_EQ(problems.list.size(), 1U);
    EXPECT_EQ(problems.list[0].source, "--execution.priority-fee");
}

TEST(Layers, ACoreThatTheMachineDoesNotHaveIsNamedWhereItStands) {
    const std::string file = std::string{kMinimal} + "[execution]\nhot_core = 3\n";
    const Problems problems = bad(sources(file));
    ASSERT_EQ(problems.list.size(), 1U) << render(problems);
    EXPECT_NE(render(problems).find("plimsoll.toml:7:12"), std::string::npos) << render(problems);
    EXPECT_NE(problems.list[0].what.find("execution.hot_core = 3"), std::string::npos);
    EXPECT_EQ(bad(sources(kMinimal, {}, {flag("execution.hot_core", "1024")})).list[0].source,
              "--execution.hot_core");
    EXPECT_EQ(good(sources(kMinimal, {}, {flag("execution.hot_core", "2")})).config.execution.hot_core, 2U);
    EXPECT_EQ(good(sources(file + "hot_thread = \"off\"\n")).config.execution.hot_core, 3U) << "nobody runs";
}

TEST(Surroundings, TheMachinesCoresAreThoseThatAThreadMayBeKeptTo) {
    const auto has_core = surroundings_of_process().has_core;
    cpu_set_t before;
    ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
    for (unsigned core = 0; core < CPU_SETSIZE; ++core) {
        const bool there =
            std::filesystem::exists("/sys/devices/system/cpu/cpu" + std::to_string(core) + "/topology");
        const bool ours = CPU_ISSET(core, &before);
        EXPECT_TRUE(has_core(core) || !ours) << core;
        EXPECT_TRUE(!has_core(core) || there) << core;
    }
    EXPECT_FALSE(has_core(CPU_SETSIZE));
    cpu_set_t after;
    ASSERT_EQ(sched_getaffinity(0, sizeof after, &after), 0);
    EXPECT_TRUE(CPU_EQUAL(&before, &after)) << "who asks stays where it was";
}

TEST(Secrets, StandInTheEnvironmentOrInAFile) {
    std::string file = kMinimal;
    file.replace(file.find("127.0.0.1:1"), 11, "h/${TOKEN}?x=${TOKEN}");
    EXPECT_EQ(good(sources(file)).config.endpoints[0].ws.target, "/hidden?x=hidden");
    EXPECT_EQ(
        good(sources(std::string{kMinimal} + "headers = [\"X: ${TOKEN}\"]\n")).config.endpoints[0].headers[0],
        "X: hidden");
    const std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("plimsoll_secret_" + std::to_string(::getpid()));
    std::ofstream{path} << "wss://node.example/KEY\n";
    ::chmod(path.c_str(), 0600);
    std::string from_file = kMinimal;
    from_file.replace(from_file.find("ws://127.0.0.1:1"), 16, "file:" + path.string());
    EXPECT_EQ(good(sources(from_file)).config.endpoints[0].ws.target, "/KEY");
    ::chmod(path.c_str(), 0644);
    const Problems open = bad(sources(from_file));
    ASSERT_EQ(open.list.size(), 1U) << render(open);
    EXPECT_TRUE(open.all(ProblemCode::unsafe_file));
    EXPECT_EQ(open.list[0].fix, "chmod 600 " + path.string());
    std::filesystem::remove(path);
    EXPECT_EQ(bad(sources(from_file)).list[0].code, ProblemCode::bad_value);
}

TEST(Secrets, WhatAVariableStandsForIsNeverShown) {
    std::string missing = kMinimal;
    missing.replace(missing.find("127.0.0.1:1"), 11, "h/${NOT_SET}");
    EXPECT_NE(render(bad(sources(missing))).find("the environment variable NOT_SET is not set"),
              std::string::npos);
    for (const char* line : {"[log]\nlevel = \"${WORD}\"\n", "[strategy]\nmin_profit = \"${WORD}\"\n",
                             "headers = [\"${WORD}\"]\n", "startup_timeout = \"${WORD}\"\n"}) {
        const std::string shown = render(bad(sources(std::string{kMinimal} + line)));
        EXPECT_EQ(shown.find("hidden"), std::string::npos) << shown;
        EXPECT_NE(shown.find("plimsoll.toml:"), std::string::npos) << shown;
    }
}

TEST(Secrets, AreMasked) {
    const Effective effective = good(sources(std::string{kExample}));
    std::string shown;
    for (const Table& table : tables())
        for (const Key& key : table.keys())
            shown += dotted_name(key, 0) + " = " + shown_text(key, effective.config, 0) + "\n";
    for (const char* secret : {"secret", "KEY", "TOKEN"})
        EXPECT_EQ(shown.find(secret), std::string::npos) << shown;
    EXPECT_NE(shown.find("endpoint.0.ws = \"ws://127.0.0.1:8545/***\""), std::string::npos) << shown;
    EXPECT_NE(shown.find("[\"X-Api-Key: ***\", \"X-Trace: ***\"]"), std::string::npos) << shown;
}

/// One case a key: all its names, and its value from each source.
TEST(Layers, EveryKeyCanBeSetFromEverySource) {
    const Effective file = good(sources(std::string{kExample}));
    for (const Key& key : keys()) {
        const bool repeated = find_table(key.table)->repeated();
        const std::string number = repeated ? "0." : "";
        const std::string dotted = std::string{key.table} + "." + number + std::string{key.name};
        EXPECT_EQ(dotted_name(key, 0), dotted);
        EXPECT_EQ(flag_name(key, 0).substr(0, 2), "--");
        EXPECT_EQ(flag_name(key, 0).find('_'), std::string::npos);
        EXPECT_TRUE(variable_name(key, 0).starts_with("PLIMSOLL_"));
        std::string value = text_of(key, file.config, 0);
        ASSERT_FALSE(value.empty()) << dotted << " is not in the example";
        if (value.starts_with('"')) value = value.substr(1, value.size() - 2);
        if (dotted == "keeper.mode")
            value = "dry-run";  // the one value that only the file may give is `live`
        const Setting by_variable = variable(variable_name(key, 0), value);
        const Setting by_flag = flag(flag_name(key, 0).substr(2), value);
        for (const Sources& from :
             {sources(std::string{kExample}, {by_variable}), sources(std::string{kExample}, {}, {by_flag})}) {
            const Effective effective = good(from);
            if (dotted != "keeper.mode") {
                EXPECT_EQ(text_of(key, effective.config, 0), text_of(key, file.config, 0)) << dotted;
            }
            EXPECT_NE(effective.origins.at({key.table, 0, key.name}).layer, Layer::file) << dotted;
        }
    }
}

}  // namespace
}  // namespace plimsoll::config
