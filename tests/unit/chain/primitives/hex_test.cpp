// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/hex.hpp"

#include "chain/primitives/hex_kernels.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

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

TEST(Hex, WritesEveryByteAtEveryLength) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (std::size_t size = 0; size < 300; ++size) {
        Bytes bytes(size);
        std::string expected;
        for (std::size_t i = 0; i < size; ++i) {
            bytes[i] = static_cast<std::uint8_t>(i + size);
            expected += kDigits[bytes[i] / 16];
            expected += kDigits[bytes[i] % 16];
        }
        std::string out;
        append_hex(out, bytes);
        EXPECT_EQ(out, expected) << size;
    }
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

#if defined(__x86_64__)

/// Both ways on the same digits, which begin `shift` bytes into their memory.
void expect_same_both_ways(std::string_view digits, std::size_t shift) {
    std::vector<char> text(shift + digits.size());
    std::copy(digits.begin(), digits.end(), text.begin() + static_cast<std::ptrdiff_t>(shift));
    const std::string_view moved{text.data() + shift, digits.size()};
    Bytes plain(digits.size() / 2);
    Bytes wide(shift + digits.size() / 2);
    const std::span<std::uint8_t> out = std::span<std::uint8_t>{wide}.subspan(shift);
    const bool good = hex_kernels::decode_plainly(moved, plain);
    ASSERT_EQ(hex_kernels::decode_with_avx2(moved, out), good) << digits << " moved by " << shift;
    ASSERT_TRUE(!good || std::ranges::equal(out, plain)) << digits << " moved by " << shift;
}

std::string some_digits(std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += "0123456789abcdefABCDEF"[(7 * i + i / 22) % 22];
    return out;
}

TEST(Hex, EveryLengthAndAlignmentIsReadAlikeWithAndWithoutAvx2) {
    if (!hex_kernels::has_avx2()) GTEST_SKIP() << "this processor has no AVX2";
    for (std::size_t size = 0; size <= 136; ++size) {
        for (std::size_t shift = 0; shift < 32; ++shift)
            expect_same_both_ways(some_digits(2 * size), shift);
    }
    std::array<std::uint8_t, 32> word{};
    for (std::size_t extra = 1; extra < 40; extra += 2)
        EXPECT_FALSE(hex_kernels::decode_with_avx2(some_digits(64 + extra), word));
}

TEST(Hex, EveryByteAtEveryPlaceIsJudgedAlikeWithAndWithoutAvx2) {
    if (!hex_kernels::has_avx2()) GTEST_SKIP() << "this processor has no AVX2";
    for (const std::size_t size : {20U, 49U}) {
        for (std::size_t place = 0; place < 2 * size; ++place) {
            for (int c = 0; c < 256; ++c) {
                std::string digits = some_digits(2 * size);
                digits[place] = static_cast<char>(c);
                expect_same_both_ways(digits, place % 32);
            }
        }
    }
}

#endif

}  // namespace
}  // namespace plimsoll::testing
