// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/hash.hpp"

#include <gtest/gtest.h>

namespace plimsoll::testing {
namespace {

TEST(Hash32, CrossesTextUnchanged) {
    const std::string text = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
    const Result<Hash32> hash = parse_hash(text);
    ASSERT_TRUE(hash.has_value());
    EXPECT_EQ(to_string(*hash), text);
    EXPECT_EQ(parse_hash("0xC5D2460186F7233C927E7DB2DCC703C0E500B653CA82273B7BFAD8045D85A470"), hash);
}

TEST(Hash32, RefusesAnyOtherLength) {
    const std::string digits(64, 'a');
    ASSERT_TRUE(parse_hash("0x" + digits).has_value());
    for (const std::string& text : {digits, "0x" + digits.substr(1), "0x" + digits + "a",
                                    "0x" + digits.substr(1) + "x", std::string{"0x"}, std::string{}}) {
        EXPECT_FALSE(parse_hash(text).has_value()) << text;
    }
}

TEST(Hash32, IsABigEndianNumber) {
    EXPECT_EQ(Hash32::from_u256(U256{1}).bytes[31], 1);
    EXPECT_EQ(Hash32::from_u256(U256::max()).as_u256(), U256::max());
    EXPECT_LT(Hash32::from_u256(U256{255}), Hash32::from_u256(U256{256}));
    EXPECT_TRUE(Hash32{}.is_zero());
    EXPECT_FALSE(Hash32::from_u256(U256{1}).is_zero());
}

}  // namespace
}  // namespace plimsoll::testing
