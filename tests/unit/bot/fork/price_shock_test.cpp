// SPDX-License-Identifier: Apache-2.0
#include "bot/fork/price_shock.hpp"

#include "chain/codec/selector.hpp"
#include "chain/primitives/hex.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plimsoll::bot {
namespace {

TEST(PriceShock, IsAShareOfThePrice) {
    const auto share = [](std::string_view text) { return parse_price_shock(text)->share; };
    EXPECT_EQ(share("WETH=-12%"), 8'800U);
    EXPECT_EQ(share("WBTC=+3.5%"), 10'350U);
    EXPECT_EQ(share("USDC=-0.01%"), 9'999U);
    EXPECT_EQ(share("X=+1000%"), 110'000U);
    EXPECT_EQ(share("X=-99.99%"), 1U);
    EXPECT_EQ(parse_price_shock("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB=-1%")->symbol,
              "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB");
}

TEST(PriceShock, WhatIsNoChangeIsRefusedWithTheText) {
    for (const char* text : {"", "WETH", "=-12%", "WETH=12%", "WETH=-12", "WETH=-%", "WETH=-100%",
                             "WETH=-1000%", "WETH=+1000.01%", "WETH=-1.234%", "WETH=-1.%", "WETH=-.5%",
                             "WETH=--1%", "WETH=-1e2%", "WETH=+99999%"}) {
        const auto shock = parse_price_shock(text);
        ASSERT_FALSE(shock) << text;
        EXPECT_EQ(shock.error().code, Errc::malformed_input);
        EXPECT_NE(shock.error().context.find(text), std::string::npos);
    }
}

// Its behaviour is tested on a node; here only that every jump lands on a JUMPDEST.
TEST(PriceShock, CodeHoldsTheOriginalsAddressAndJumpsToDestinations) {
    Address original;
    original.bytes.fill(0xab);
    const Bytes code = shocked_code(original, 8'800);
    EXPECT_NE(std::search(code.begin(), code.end(), original.bytes.begin(), original.bytes.end()),
              code.end());
    unsigned jumps = 0;
    for (std::size_t at = 0; at < code.size(); ++at) {
        const std::uint8_t op = code[at];
        const bool jump = op == 0x56 || op == 0x57;
        if (jump) {
            ++jumps;
            ASSERT_GE(at, 2U);
            ASSERT_EQ(code[at - 2], 0x60);
            EXPECT_EQ(code.at(code[at - 1]), 0x5b);
        }
        if (op >= 0x60 && op <= 0x7f) at += op - 0x60U + 1U;
    }
    EXPECT_EQ(jumps, 7U);
}

TEST(PriceShock, OverridesNameBothAddresses) {
    ShockedSource source;
    source.source.bytes[19] = 1;
    source.original.bytes[19] = 2;
    source.code = Bytes{0x60};
    source.original_code = Bytes{0x61};
    EXPECT_EQ(state_overrides({&source, 1}),
              R"({"0x0000000000000000000000000000000000000001":{"code":"0x60"},)"
              R"("0x0000000000000000000000000000000000000002":{"code":"0x61"}})");
    EXPECT_EQ(state_overrides({}), "");
}

}  // namespace
}  // namespace plimsoll::bot
