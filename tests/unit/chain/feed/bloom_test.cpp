// SPDX-License-Identifier: Apache-2.0
// Blooms and logs as a real node told them.
#include "chain/feed/watch_filter.hpp"
#include "chain/primitives/hex.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <map>
#include <string>
#include <vector>

namespace plimsoll::feed {
namespace {

struct Told {
    rpc::Bloom bloom{};
    std::vector<Watch> logs;  // emitter and first topic of each
};

std::string text_of(const simdjson::dom::element& json, const char* key) {
    return std::string{std::string_view(json[key])};
}

std::map<std::string, Told> load() {
    std::map<std::string, Told> out;
    simdjson::dom::parser parser;
    const simdjson::dom::element file = parser.load(PLIMSOLL_VECTORS "/wire/anvil.json");
    for (const simdjson::dom::element item : simdjson::dom::array(file["ws"])) {
        simdjson::dom::parser once;
        const simdjson::dom::element frame = once.parse(text_of(item, "frame"));
        simdjson::dom::element result;
        if (frame.at_pointer("/params/result").get(result) != simdjson::SUCCESS || !result.is_object())
            continue;
        if (result["logsBloom"].error() == simdjson::SUCCESS) {
            const Bytes bloom = parse_hex(text_of(result, "logsBloom")).value();
            std::copy(bloom.begin(), bloom.end(), out[text_of(result, "hash")].bloom.begin());
        } else if (result["topics"].error() == simdjson::SUCCESS) {
            const std::string topic{std::string_view(result["topics"].at(0))};
            const Watch log{{parse_address(text_of(result, "address")).value()}, {parse_hash(topic).value()}};
            out[text_of(result, "blockHash")].logs.push_back(log);
        }
    }
    return out;
}

TEST(WatchFilter, FindsEveryRealLogInItsBlocksBloomAndNothingInAnEmptyOne) {
    int found = 0;
    int empty = 0;
    for (const auto& [hash, told] : load()) {
        for (const Watch& log : told.logs) {
            EXPECT_TRUE(WatchFilter{log}.may_match(told.bloom)) << hash;
            EXPECT_FALSE((WatchFilter{Watch{log.addresses, {Hash32{{0x77}}}}}.may_match(told.bloom))) << hash;
            EXPECT_FALSE((WatchFilter{Watch{{Address{{0x77}}}, log.topics}}.may_match(told.bloom))) << hash;
            EXPECT_FALSE(WatchFilter{log}.may_match(rpc::Bloom{}));
            ++found;
        }
        if (told.logs.empty()) ++empty;
    }
    EXPECT_GE(found, 3);
    EXPECT_GE(empty, 3);
}

}  // namespace
}  // namespace plimsoll::feed
