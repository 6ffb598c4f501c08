// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/hex.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

namespace plimsoll::testing {
namespace {

RC_GTEST_PROP(Hex, CrossesUnchanged, (const Bytes& bytes)) {
    const Result<Bytes> back = parse_hex(to_hex(bytes));
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == bytes);
}

TEST(Hex, WritesLowerCaseAndReadsBoth) {
    const Bytes bytes{0x00, 0x01, 0xAB, 0xCD, 0xEF, 0xFF};
    EXPECT_EQ(to_hex(bytes), "0x0001abcdefff");
    EXPECT_EQ(to_hex({}), "0x");
    EXPECT_EQ(parse_hex("0x0001ABcdEFff"), Result<Bytes>{bytes});
    EXPECT_EQ(parse_hex("0x"), Result<Bytes>{Bytes{}});
}

RC_GTEST_PROP(Hex, ReadsEitherCaseAnywhere, (const Bytes& bytes, std::uint64_t upper)) {
    std::string text = to_hex(bytes);
    for (std::size_t i = 2; i < text.size(); ++i) {
        const bool change = ((upper >> (i % 64U)) & 1U) != 0;
        if (change && text[i] >= 'a') text[i] = static_cast<char>(text[i] - 'a' + 'A');
    }
    const Result<Bytes> read = parse_hex(text);
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == bytes);
}

TEST(Hex, AppendsWithoutPrefix) {
    std::string out = "frame:";
    append_hex(out, Bytes{0x0A, 0xB0});
    EXPECT_EQ(out, "frame:0ab0");
}

TEST(Hex, RefusesEveryByteThatIsNoDigitAtEveryPlace) {
    for (int c = 0; c < 256; ++c) {
        const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        for (std::size_t place = 0; place < 38; ++place) {  // whole eights of bytes, and a rest
            std::string text = "0x" + std::string(38, '0');
            text[2 + place] = static_cast<char>(c);
            EXPECT_EQ(parse_hex(text).has_value(), digit) << c << " at " << place;
        }
    }
}

TEST(Hex, RefusesOddLengthsAndMissingPrefix) {
    for (const std::string_view text : {"", "0", "00", "0X00", "x00", "0x0", "0x000", " 0x00"}) {
        EXPECT_FALSE(parse_hex(text).has_value()) << text;
    }
}

TEST(Hex, DecodesInPlaceOnlyTheExactLength) {
    std::array<std::uint8_t, 2> out{};
    EXPECT_TRUE(decode_hex("beEF", out));
    EXPECT_EQ(out, (std::array<std::uint8_t, 2>{0xBE, 0xEF}));
    EXPECT_FALSE(decode_hex("bee", out));
    EXPECT_FALSE(decode_hex("beef0", out));
    EXPECT_FALSE(decode_hex("be", out));
    EXPECT_TRUE(decode_hex("", {}));
}

}  // namespace
}  // namespace plimsoll::testing
