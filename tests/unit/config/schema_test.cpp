// SPDX-License-Identifier: Apache-2.0
#include "config/schema.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace plimsoll::config {
namespace {

TEST(Schema, EveryKeyIsUniqueAndExplained) {
    std::set<std::string> seen;
    for (const Key& key : keys()) {
        const std::string path = std::string{key.table} + "." + std::string{key.name};
        EXPECT_TRUE(seen.insert(path).second) << path;
        EXPECT_NE(find_table(key.table), nullptr) << path;
        EXPECT_EQ(find_key(key.table, key.name), &key) << path;
        EXPECT_FALSE(key.help.empty()) << path;
        EXPECT_FALSE(type_name(key).empty()) << path;
        EXPECT_EQ(key.need.holds == nullptr, key.need.text.empty()) << path;
    }
}

TEST(Schema, EveryDefaultExampleAndBoundIsItselfValid) {
    for (const Key& key : keys()) {
        Config config;
        for (const Table& table : tables())
            if (table.repeated()) table.append(config);
        const std::string path = std::string{key.table} + "." + std::string{key.name};
        EXPECT_NE(key.fallback.empty(), key.example.empty())
            << path << " has a default or an example, not both";
        EXPECT_FALSE(unit_of(key).empty()) << path;
        for (const std::string_view text : {key.fallback, key.example, key.least, key.most}) {
            if (text.empty()) continue;
            const auto stored = store(key, config, 0, scalar_for(key, text));
            EXPECT_TRUE(stored) << path << " = " << text;
        }
    }
}

TEST(Schema, BoundsAreKept) {
    Config config = defaults();
    const Key* pending = find_key("execution", "max_pending");
    ASSERT_NE(pending, nullptr);
    EXPECT_TRUE(store(*pending, config, 0, Scalar{std::int64_t{64}}));
    EXPECT_FALSE(store(*pending, config, 0, Scalar{std::int64_t{65}}));
    EXPECT_FALSE(store(*pending, config, 0, Scalar{std::int64_t{0}}));
    EXPECT_FALSE(store(*pending, config, 0, Scalar{std::int64_t{4'294'967'297}}));
    EXPECT_EQ(config.execution.max_pending, 64U);
    const Key* watch = find_key("strategy", "health_watch");
    EXPECT_FALSE(store(*watch, config, 0, Scalar{0.99}));
    const Key* cap = find_key("execution", "max_fee_per_gas");
    EXPECT_FALSE(store(*cap, config, 0, Scalar{std::string{"0 wei"}}));
}

TEST(Schema, TheReadmeHoldsTheTableAsItIs) {
    std::ifstream stream{PLIMSOLL_SOURCE_DIR "/README.md"};
    const std::string readme{std::istreambuf_iterator<char>{stream}, {}};
    EXPECT_NE(readme.find(to_markdown()), std::string::npos) << "put this into README.md:\n" << to_markdown();
}

}  // namespace
}  // namespace plimsoll::config
