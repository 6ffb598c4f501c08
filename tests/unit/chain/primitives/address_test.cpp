// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/address.hpp"

#include "tests/unit/chain/vector_file.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <unordered_set>

namespace plimsoll::testing {
namespace {

std::string with_case(std::string text, int (*change)(int)) {
    for (std::size_t i = 2; i < text.size(); ++i)
        text[i] = static_cast<char>(change(text[i]));
    return text;
}

TEST(Address, WritesTheChecksumOfEip55) {
    const auto lines = read_vector_lines("address/eip55.txt");
    ASSERT_EQ(lines.size(), 263U);
    for (const std::string& text : lines) {
        const Result<Address> mixed = parse_address(text);
        ASSERT_TRUE(mixed.has_value()) << text;
        EXPECT_EQ(to_string(*mixed), text);
        EXPECT_EQ(parse_address(with_case(text, std::tolower)), mixed);
        EXPECT_EQ(parse_address(with_case(text, std::toupper)), mixed);
    }
}

TEST(Address, RefusesAWrongChecksum) {
    for (const std::string& text : read_vector_lines("address/eip55.txt")) {
        for (std::size_t i = 2; i < text.size(); ++i) {
            if (std::isalpha(static_cast<unsigned char>(text[i])) == 0) continue;
            std::string wrong = text;
            wrong[i] = static_cast<char>(wrong[i] ^ 0x20);
            // One flipped case may leave a text all lower or all upper, which carries no checksum.
            const bool uniform =
                wrong == with_case(wrong, std::tolower) || wrong == with_case(wrong, std::toupper);
            EXPECT_EQ(parse_address(wrong).has_value(), uniform) << wrong;
        }
    }
}

TEST(Address, RefusesWrongLengthsAndCharacters) {
    const std::string good = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
    ASSERT_TRUE(parse_address(good).has_value());
    for (const std::string& text :
         {std::string{}, std::string{"0x"}, good.substr(2), good.substr(0, 41), good + "0",
          "0X" + good.substr(2), good.substr(0, 41) + "g", " " + good}) {
        const Result<Address> parsed = parse_address(text);
        ASSERT_FALSE(parsed.has_value()) << text;
        EXPECT_EQ(parsed.error().code, Errc::malformed_input);
    }
}

TEST(Address, IsTheLowTwentyBytesOfAWord) {
    const Address address = parse_address("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed").value();
    const Hash32 word = address.to_word();
    EXPECT_EQ(Address::from_word(word), address);
    EXPECT_EQ(to_string(word), "0x0000000000000000000000005aaeb6053f3e94c9b9a09f33669435e7ef1beaed");
    EXPECT_TRUE(Address{}.is_zero());
    EXPECT_FALSE(address.is_zero());
}

/// Vanity, precompile and test addresses differ in few bytes only; neither the hash nor its low bits may fold
/// them together.
TEST(Address, HashesNeighboursApart) {
    std::unordered_set<std::size_t> whole;
    for (unsigned place = 0; place < 20; ++place) {
        std::unordered_set<std::size_t> low_bits;
        for (unsigned value = 1; value < 256; ++value) {
            Address address;
            address.bytes[place] = static_cast<std::uint8_t>(value);
            const std::size_t hash = std::hash<Address>{}(address);
            whole.insert(hash);
            low_bits.insert(hash & 0xFFFFU);
        }
        EXPECT_GT(low_bits.size(), 240U) << place;
    }
    EXPECT_EQ(whole.size(), 20U * 255U);
}

}  // namespace
}  // namespace plimsoll::testing
