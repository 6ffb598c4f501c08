// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/revert.hpp"

#include "chain/primitives/hex.hpp"
#include "tests/unit/chain/vector_file.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>

namespace plimsoll::testing {
namespace {

using codec::describe_revert;
using codec::KnownError;

Bytes revert_data(const char* name) {
    simdjson::dom::parser parser;
    const std::string text = read_vector_file("abi/viem.json");
    return parse_hex(parser.parse(text)["errors"][name].get_string().value()).value();
}

TEST(Revert, GivesTheMessageOfErrorString) {
    const Bytes data = revert_data("message");
    EXPECT_EQ(codec::revert_message(data), "45");
    EXPECT_EQ(describe_revert(data), "45");
}

TEST(Revert, ShowsHostileTextHarmless) {
    const std::string shown = describe_revert(revert_data("unprintable"));
    EXPECT_TRUE(shown.starts_with("bad?[31m xxx"));
    EXPECT_EQ(shown.size(), 203U);
    EXPECT_TRUE(std::all_of(shown.begin(), shown.end(), [](char c) { return c >= 0x20 && c <= 0x7E; }));
}

TEST(Revert, NamesPanics) {
    EXPECT_EQ(describe_revert(revert_data("panic")), "panic 0x11 (arithmetic overflow)");
    EXPECT_TRUE(describe_revert(revert_data("unknown_panic")).ends_with("(unknown code)"));
    EXPECT_FALSE(codec::revert_message(revert_data("panic")).has_value());
}

TEST(Revert, NamesCustomErrorsItIsTold) {
    const Bytes data = revert_data("custom");
    const std::array known{KnownError{codec::selector("Other()"), "Other"},
                           KnownError{codec::selector("ProfitTooSmall(uint256,uint256)"), "ProfitTooSmall"}};
    EXPECT_EQ(describe_revert(data, known), "ProfitTooSmall");
    EXPECT_EQ(describe_revert(data), "custom error " + to_hex(BytesView{data}.first(4)));
}

TEST(Revert, SaysSomethingAboutAnyBytes) {
    EXPECT_EQ(describe_revert({}), "no reason given");
    EXPECT_EQ(describe_revert(Bytes{1, 2}), "malformed reason 0x0102");
    const Bytes message = revert_data("message");
    for (std::size_t size = 0; size <= message.size(); ++size) {
        EXPECT_FALSE(describe_revert(BytesView{message}.first(size)).empty());
    }
    const Bytes panic = revert_data("panic");
    EXPECT_EQ(describe_revert(BytesView{panic}.first(20)), "malformed panic");
}

}  // namespace
}  // namespace plimsoll::testing
