// SPDX-License-Identifier: Apache-2.0
#include "bot/logger.hpp"

#include "strategy/decision.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace plimsoll::bot {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

/// A logger whose lines and clock the test holds.
struct Desk {
    explicit Desk(LogFormat format, LogLevel level = LogLevel::info)
        : log{level, format, [this](LogLevel, std::string_view line) { lines.emplace_back(line); },
              [this] { return now; }} {}
    system_clock::time_point now{std::chrono::milliseconds{1'795'350'729'402}};
    std::vector<std::string> lines;
    Logger log;
};

const Address kAccount = *parse_address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");

TEST(Logger, PrettyHasFixedColumnsAndShortAddresses) {
    Desk desk{LogFormat::pretty};
    desk.log.info("ready", "watching", {{"accounts", std::size_t{412}}, {"near", 3}});
    desk.log.warn("endpoint", "rate limited", {{"name", "local node"}, {"retry_s", 2.0}});
    desk.log.error("won", {{"account", kAccount}, {"profit_usd", Usd{41'230'000'000}}});
    ASSERT_EQ(desk.lines.size(), 3U);
    EXPECT_EQ(desk.lines[0], "12:32:09.402 INFO  ready    watching accounts=412 near=3");
    EXPECT_EQ(desk.lines[1], "12:32:09.402 WARN  endpoint rate limited name=\"local node\" retry_s=2.000");
    EXPECT_EQ(desk.lines[2], "12:32:09.402 ERROR won      account=0x5aAe…eAed profit_usd=412.30");
}

TEST(Logger, LogfmtHoldsWholeValues) {
    Desk desk{LogFormat::logfmt};
    desk.log.info(
        "skip",
        {{"account", kAccount}, {"reason", "below_min_profit"}, {"gas_wei", Wei{12'345}}, {"live", false}});
    EXPECT_EQ(desk.lines.at(0),
              "ts=2026-11-22T12:32:09.402Z level=info event=skip "
              "account=0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed "
              "reason=below_min_profit gas_wei=12345 live=false");
}

TEST(Logger, JsonKeepsNumbersAsNumbersAndLargeOnesAsText) {
    Desk desk{LogFormat::json};
    desk.log.info("won", "a \"quoted\" \\ word",
                  {{"block", BlockNumber{7}},
                   {"repaid", TokenAmount{U256::max()}},
                   {"hf", decimal(Wad{998'700'000'000'000'000})}});
    EXPECT_EQ(
        desk.lines.at(0),
        R"({"ts":"2026-11-22T12:32:09.402Z","level":"info","event":"won","msg":"a \"quoted\" \\ word","block":7,)"
        R"("repaid":"115792089237316195423570985008687907853269984665640564039457584007913129639935","hf":0.9987})");
}

TEST(Logger, ARecordIsAlwaysOneLine) {
    for (const LogFormat format : {LogFormat::pretty, LogFormat::logfmt, LogFormat::json}) {
        Desk desk{format};
        desk.log.info("error", "a\nb\x1b[31m", {{"symbol", "X\n\r\x1b]0;owned\x07"}, {"empty", ""}});
        const bool clean = std::ranges::none_of(
            desk.lines.at(0), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
        EXPECT_TRUE(clean) << desk.lines.at(0);
    }
}

TEST(Logger, NeverShowsAnEndpointsSecret) {
    Desk desk{LogFormat::logfmt};
    const auto url = config::parse_url("wss://me:SECRET@node.example/v3/SECRET?k=SECRET");
    desk.log.info("endpoint", {{"url", *url}});
    EXPECT_EQ(desk.lines.at(0).find("SECRET"), std::string::npos);
    EXPECT_NE(desk.lines.at(0).find("node.example:443"), std::string::npos);
}

TEST(Logger, LeavesOutWhatIsBelowTheLevel) {
    Desk desk{LogFormat::pretty, LogLevel::warn};
    desk.log.info("head", {{"number", 1}});
    desk.log.debug("found", "x");
    EXPECT_TRUE(desk.lines.empty());
    desk.log.warn("endpoint", "lost");
    EXPECT_EQ(desk.lines.size(), 1U);
}

TEST(Logger, HoldsEqualWarningsBackForAMinuteAndCountsThem) {
    Desk desk{LogFormat::pretty};
    for (int i = 0; i < 5; ++i) {
        desk.log.warn("endpoint", "lost", {{"name", "a"}, {"attempt", i}});
        desk.now += seconds{10};
    }
    EXPECT_EQ(desk.lines.size(), 1U);
    desk.log.warn("endpoint", "lost", {{"name", "b"}});
    desk.log.warn("endpoint", "found wrong", {{"name", "a"}});
    EXPECT_EQ(desk.lines.size(), 3U) << "another endpoint or another message is another warning";
    desk.now += seconds{10};
    desk.log.warn("endpoint", "lost", {{"name", "a"}});
    ASSERT_EQ(desk.lines.size(), 4U);
    EXPECT_TRUE(desk.lines[3].ends_with("repeated=4")) << desk.lines[3];
    for (int i = 0; i < 3; ++i)
        desk.log.info("head", {{"number", 1}});
    EXPECT_EQ(desk.lines.size(), 7U) << "only warnings are held back";
}

TEST(Logger, TheEventsAreAClosedSetThatFitsItsColumn) {
    std::set<std::string_view> names;
    for (const EventDescription& event : kLogEvents) {
        EXPECT_TRUE(names.insert(event.name).second) << event.name;
        EXPECT_LE(event.name.size(), 8U) << event.name;
        EXPECT_FALSE(event.meaning.empty());
        EXPECT_TRUE(std::ranges::all_of(event.name, [](char c) { return c >= 'a' && c <= 'z'; }))
            << event.name;
    }
}

TEST(LogField, WritesAmountsExactly) {
    EXPECT_EQ(decimal(Wad{1'050'000'000'000'000'001}).text, "1.0500");
    EXPECT_EQ(decimal(Wad{999'999'999'999'999'999}).text, "0.9999") << "never rounded up to healthy";
    EXPECT_EQ(decimal(TokenAmount{1'500'000}, 6).text, "1.5");
    EXPECT_EQ(decimal(TokenAmount{7}, 0).text, "7");
    EXPECT_EQ(decimal(TokenAmount{1}, 18).text, "0.000000000000000001");
    EXPECT_EQ(decimal(Wei{2'000'000'000'000'000'000}).text, "2");
    EXPECT_EQ(decimal(Usd{199'999'999}).text, "1.99");
    Desk desk{LogFormat::logfmt};
    desk.log.info("summary", {{"loss_usd", strategy::SignedUsd{true, Usd{150'000'000}}},
                              {"nothing_usd", strategy::SignedUsd{true, Usd{1}}}});
    EXPECT_NE(desk.lines.at(0).find("loss_usd=-1.50 nothing_usd=0.00"), std::string::npos)
        << desk.lines.at(0);
}

}  // namespace
}  // namespace plimsoll::bot
