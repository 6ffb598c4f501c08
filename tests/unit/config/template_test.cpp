// SPDX-License-Identifier: Apache-2.0
#include "config/template.hpp"

#include "config/load.hpp"
#include "config/networks.hpp"
#include "config/schema.hpp"
#include "tests/unit/config/new_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>

namespace plimsoll::config {
namespace {

constexpr std::array kBuiltIn{Network::mainnet, Network::arbitrum, Network::base, Network::optimism,
                              Network::devnet};

Effective loaded(const std::string& text) {
    auto effective = load({FileText{"plimsoll.toml", text}, {}, {}}, surroundings_of_process());
    EXPECT_TRUE(effective) << render(effective.error()) << text;
    return effective ? *effective : Effective{};
}

/// Everything that is set, as text.
std::map<std::string, std::string> values(const Config& config) {
    std::map<std::string, std::string> out;
    for (const Table& table : tables()) {
        const std::size_t count = table.repeated() ? table.count(config) : 1;
        for (std::size_t i = 0; i < count; ++i)
            for (const Key& key : table.keys())
                out[dotted_name(key, i)] = text_of(key, config, i);
    }
    return out;
}

TEST(NewFile, OfEveryNetworkIsValidAndSetsWhatTheNetworkSays) {
    for (const Network network : kBuiltIn) {
        const std::string text = file_for(network);
        const Effective effective = loaded(text);
        EXPECT_EQ(effective.config.chain.network, network);
        EXPECT_EQ(effective.config.keeper.mode, Mode::dry_run);
        EXPECT_EQ(effective.config.venues.size(), 1U);
        for (const std::string& line : lines_of(text))
            EXPECT_LE(line.size(), 120U) << line;
    }
    EXPECT_EQ(loaded(file_for(Network::mainnet)).config.chain.id, ChainId{1});
    EXPECT_EQ(to_string(loaded(file_for(Network::mainnet)).config.venues[0].pool),
              "0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2");
}

TEST(NewFile, SwitchingOnAnyLineChangesNothingButItsOrigin) {
    for (const Network network : kBuiltIn) {
        const std::string text = file_for(network);
        const auto before = values(loaded(text).config);
        const Effective after = loaded(all_switched_on(text));
        const auto now = values(after.config);
        for (const auto& [name, value] : before) {
            if (value.empty()) continue;
            EXPECT_EQ(now.at(name), value) << name;
        }
        for (const Table& table : tables())
            for (const Key& key : table.keys())
                EXPECT_EQ(after.origins.at({key.table, 0, key.name}).layer, Layer::file) << key.name;
    }
}

TEST(NewFile, WhatIsWrittenIsReadBackAsItWas) {
    const Effective first = loaded(all_switched_on(file_for(Network::arbitrum)));
    std::string again;
    for (const Table& table : tables()) {
        again += table.repeated() ? "[[" + std::string{table.name} + "]]\n"
                                  : "[" + std::string{table.name} + "]\n";
        for (const Key& key : table.keys())
            again += std::string{key.name} + " = " + text_of(key, first.config, 0) + "\n";
    }
    EXPECT_EQ(values(loaded(again).config), values(first.config));
}

TEST(NewFile, TakesSettingsOver) {
    Problems problems;
    const std::vector<Setting> settings{{"endpoint.0.ws", "wss://node.example/${KEY}", "--endpoint.0.ws"},
                                        {"strategy.min_profit", "7 usd", "--strategy.min-profit"}};
    ::setenv("KEY", "secret-key", 1);  // NOLINT(concurrency-mt-unsafe)
    const std::string text = new_file(starting_point(Network::mainnet, settings, problems));
    EXPECT_NE(text.find("\nmin_profit = \"7 usd\"\n"), std::string::npos) << text;
    EXPECT_EQ(loaded(text).config.endpoints[0].ws.host, "node.example");
    const std::vector<Setting> wrong{{"strategy.min_porfit", "7 usd", "--strategy.min-porfit"}};
    static_cast<void>(starting_point(Network::mainnet, wrong, problems));
    ASSERT_EQ(problems.list.size(), 1U);
    EXPECT_EQ(problems.list[0].fix, "did you mean --strategy.min-profit?");
}

TEST(Networks, AreTheFilesOfTheFolder) {
    for (const Network network : kBuiltIn) {
        std::ifstream stream{PLIMSOLL_SOURCE_DIR "/config/networks/" + std::string{to_string(network)} +
                             ".toml"};
        const std::string text{std::istreambuf_iterator<char>{stream}, {}};
        EXPECT_FALSE(text.empty());
        EXPECT_EQ(network_file(network), text);
    }
    EXPECT_TRUE(network_file(Network::custom).empty());
}

}  // namespace
}  // namespace plimsoll::config
