// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/u256.hpp"
#include "tests/unit/chain/primitives/u256_oracle.hpp"

#include <gtest/gtest.h>

namespace plimsoll::testing {
namespace {

const char* const kMax = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

TEST(U256Text, DecimalCrossesUnchangedAndEqualsTheOracle) {
    Operands operands{21};
    for (int i = 0; i < 50'000; ++i) {
        const U256 value = operands.next();
        const std::string text = to_decimal(value);
        ASSERT_EQ(text, to_big(value).str());
        const Result<U256> back = parse_decimal(text);
        ASSERT_TRUE(back.has_value() && *back == value) << text;
    }
    for (unsigned i = 0; i <= 77; ++i)
        EXPECT_EQ(to_decimal(pow10(i)), std::string{"1"}.append(i, '0'));
}

TEST(U256Text, DecimalRefusesWhatIsNoNumberBelowTwoTo256) {
    EXPECT_EQ(parse_decimal(kMax), Result<U256>{U256::max()});
    EXPECT_EQ(parse_decimal("007"), Result<U256>{U256{7}});
    const std::string above =
        "115792089237316195423570985008687907853269984665640564039457584007913129639936";
    const std::string much_above(78, '9');
    for (const std::string& text :
         {std::string{}, std::string{" 1"}, std::string{"1 "}, std::string{"-1"}, std::string{"+1"},
          std::string{"0x1"}, std::string{"1e3"}, std::string{"1_0"}, std::string{"1.0"}, above, much_above,
          std::string(79, '0')}) {
        const Result<U256> parsed = parse_decimal(text);
        ASSERT_FALSE(parsed.has_value()) << text;
        EXPECT_EQ(parsed.error().code, Errc::malformed_input);
    }
}

TEST(U256Text, QuantityHexCrossesUnchangedWithoutLeadingZeros) {
    EXPECT_EQ(to_quantity_hex(U256{}), "0x0");
    EXPECT_EQ(to_quantity_hex(U256{0x400}), "0x400");
    EXPECT_EQ(to_quantity_hex(U256::max()), std::string{"0x"}.append(64, 'f'));
    Operands operands{22};
    for (int i = 0; i < 20'000; ++i) {
        const U256 value = operands.next();
        const Result<U256> back = parse_quantity_hex(to_quantity_hex(value));
        ASSERT_TRUE(back.has_value() && *back == value);
        ASSERT_EQ(Big{to_quantity_hex(value)}, to_big(value));
    }
    EXPECT_EQ(parse_quantity_hex("0xDeadBeef"), Result<U256>{U256{0xDEADBEEF}});
}

TEST(U256Text, QuantityHexIsStrict) {
    for (const std::string& text :
         {std::string{}, std::string{"0x"}, std::string{"0x00"}, std::string{"0x01"}, std::string{"1"},
          std::string{"0X1"}, std::string{"0xg"}, std::string{"0x 1"}, std::string{"0x-1"},
          std::string{"0x1"}.append(64, '0')}) {
        EXPECT_FALSE(parse_quantity_hex(text).has_value()) << text;
    }
}

}  // namespace
}  // namespace plimsoll::testing
