// SPDX-License-Identifier: Apache-2.0
#include "bot/log_thread.hpp"

#include "bot/decision_lines.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace plimsoll::bot {
namespace {

using std::chrono::system_clock;

const system_clock::time_point kNow{std::chrono::milliseconds{1'795'350'729'402}};

/// A logger whose lines the test holds, and reads after its thread ended.
struct Paper {
    explicit Paper(LogFormat format = LogFormat::logfmt, LogLevel level = LogLevel::debug)
        : log{level, format, [this](LogLevel, std::string_view line) { take(line); }, [] { return kNow; }} {}
    void take(std::string_view line) {
        if (gate.valid()) gate.wait();
        lines.emplace_back(line);
    }
    std::shared_future<void> gate;  // whoever writes waits for it
    std::vector<std::string> lines;
    Logger log;
};

LogThread::Options at_once_upon_a_time(std::size_t slots = 2048) {
    return {slots, [](std::uint64_t) { return kNow; }, std::chrono::milliseconds{10}};
}

/// A line whose words say whether they belong together.
struct NumberLine {
    static constexpr LogLevel kLevel = LogLevel::info;
    std::uint64_t number{};
    std::array<std::uint64_t, 24> same{};
    explicit NumberLine(std::uint64_t value) : number{value} { same.fill(value); }
    void tell(Logger& log, system_clock::time_point at) const {
        bool whole = true;
        for (const std::uint64_t one : same)
            whole = whole && one == number;
        const Field fields[] = {{"number", number}, {"whole", whole}};
        log.write_at(at, kLevel, "found", {}, fields);
    }
};

std::string number_line(std::uint64_t number) {
    return "ts=2026-11-22T12:32:09.402Z level=info event=found number=" + std::to_string(number) +
           " whole=true";
}

/// Everything that the keeper's lines are made of, in both ways that lines take.
void say_everything(Logger& log) {
    const Address account = *parse_address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
    const Usd dollars{41'230'000'000};
    log.info("start", "the message\nhas two lines", {{"count", 3}, {"name", std::string(200, 'n')}});
    log.put(HeadLine{BlockNumber{23'199'245}, Hash32{}, Timestamp{1'795'350'727}, Wei{1'000'000'007}});
    log.put(SkipLine{account, "below_min_profit", log.keep("WETH"), log.keep("PT-sUSDE-27NOV2025"),
                     strategy::SignedUsd{true, dollars}, BlockNumber{7}});
    log.put(FoundLine{account, 6, 18, log.keep("WETH"), log.keep("USDC"), Wad{998'700'000'000'000'000},
                      TokenAmount{1'500'000'000}, TokenAmount{U256::max()},
                      strategy::SignedUsd{false, dollars}, Gas{412'000}, BlockNumber{8}});
    for (int i = 0; i < 3; ++i)
        log.warn("endpoint", "rate limited", {{"name", "local node"}, {"retry_s", 2.0}});
    log.trace("price", {{"asked_for", false}});
    log.error("won", {{"account", account}, {"profit_usd", dollars}, {"live", true}, {"wei", U256::max()}});
}

TEST(LogThread, WritesWhatTheLoggerAloneWrites) {
    for (const LogFormat format : {LogFormat::pretty, LogFormat::logfmt, LogFormat::json}) {
        for (const LogLevel level : {LogLevel::debug, LogLevel::info, LogLevel::error}) {
            Paper alone{format, level};
            say_everything(alone.log);
            Paper beside{format, level};
            {
                LogThread thread{beside.log, at_once_upon_a_time()};
                say_everything(beside.log);
            }
            EXPECT_EQ(beside.lines, alone.lines);
            EXPECT_FALSE(beside.lines.empty());
        }
    }
}

TEST(LogThread, SaysWhatWasFoundAndWhatWasNot) {
    Paper paper;
    {
        LogThread thread{paper.log, at_once_upon_a_time()};
        say_everything(paper.log);
    }
    const std::string stamp = "ts=2026-11-22T12:32:09.402Z ";
    EXPECT_EQ(paper.lines.at(2),
              stamp +
                  "level=debug event=skip account=0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed "
                  "reason=below_min_profit collateral=WETH debt=PT-sUSDE-27NOV2025 "
                  "net_usd=-412.30 block=7");
    const std::string found =
        stamp +
        "level=info event=found account=0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed "
        "collateral=WETH debt=USDC hf=0.9987 repay=1500 seize=115792089237316195423570985008"
        "687907853269984665640564039457.584007913129639935 net_usd=412.30 gas=412000 block=8";
    EXPECT_EQ(paper.lines.at(3), found);
}

TEST(LogThread, KeepsTheOrderThroughManyTurnsOfASmallRing) {
    constexpr std::uint64_t kLines = 5'000;
    Paper paper;
    {
        LogThread thread{paper.log, at_once_upon_a_time(8)};
        for (std::uint64_t i = 0; i < kLines; ++i) {
            // Waits for room as the keeper never does: here nothing may be missing.
            while (!thread.ring().push(NumberLine{i}))
                thread.wake();
        }
    }
    std::erase_if(paper.lines, [](const std::string& line) { return line.find("event=log") != line.npos; });
    ASSERT_EQ(paper.lines.size(), kLines);
    for (std::uint64_t i = 0; i < kLines; ++i)
        ASSERT_EQ(paper.lines[i], number_line(i));
}

TEST(LogThread, BothKindsOfLinesStayInOneOrder) {
    Paper paper;
    {
        LogThread thread{paper.log, at_once_upon_a_time()};
        for (std::uint64_t i = 0; i < 500; ++i) {
            paper.log.put(NumberLine{2 * i});
            paper.log.info("found", {{"number", 2 * i + 1}, {"whole", true}});
        }
    }
    ASSERT_EQ(paper.lines.size(), 1000U);
    for (std::uint64_t i = 0; i < 1000; ++i)
        ASSERT_EQ(paper.lines[i], number_line(i));
}

TEST(LogThread, NeverWaitsForWhoReadsAndCountsWhatIsLost) {
    constexpr std::uint64_t kLines = 100;
    constexpr std::size_t kSlots = 16;
    std::promise<void> open;
    Paper paper;
    paper.gate = open.get_future().share();
    {
        LogThread thread{paper.log, at_once_upon_a_time(kSlots)};
        for (std::uint64_t i = 0; i < kLines; ++i) {
            paper.log.put(NumberLine{i});
            paper.log.info("found", "of the other kind", {});
        }
        // Nobody let a line through, and still the loop came to its end. A line is out of the ring when it is
        // written.
        EXPECT_EQ(thread.ring().lost(), 2 * kLines - kSlots);
        open.set_value();
    }
    const auto told = std::ranges::find(paper.lines,
                                        "ts=2026-11-22T12:32:09.402Z level=error event=log "
                                        "msg=\"lines came faster than they are written\" lines=184");
    ASSERT_NE(told, paper.lines.end());
    paper.lines.erase(told);
    ASSERT_EQ(paper.lines.size(), kSlots);
    EXPECT_EQ(paper.lines.front(), number_line(0));
    EXPECT_EQ(paper.lines[14], number_line(7));
}

TEST(LogThread, LinesComeWithoutBeingAskedFor) {
    std::atomic<int> written{0};
    Logger log{LogLevel::info, LogFormat::logfmt, [&](LogLevel, std::string_view) { ++written; },
               [] { return kNow; }};
    LogThread thread{log};
    const auto wait_for = [&](int count) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (written < count && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        return written == count;
    };
    log.put(NumberLine{1});
    EXPECT_TRUE(wait_for(1));
    log.info("ready", "watching");
    EXPECT_TRUE(wait_for(2));
}

TEST(LogThread, ABurstOfPlainLinesWakesTheWriter) {
    constexpr std::uint64_t kLines = 5'000;
    constexpr std::uint64_t kAtOnce = 96;
    std::atomic<std::uint64_t> written{0};
    Logger log{LogLevel::info, LogFormat::logfmt, [&](LogLevel, std::string_view) { ++written; },
               [] { return kNow; }};
    LogThread::Options options = at_once_upon_a_time(128);
    options.nap = std::chrono::seconds{1};
    LogThread thread{log, options};
    const auto start = std::chrono::steady_clock::now();
    for (std::uint64_t i = 0; i < kLines; ++i) {
        while (i - written >= kAtOnce)
            std::this_thread::yield();
        log.put(NumberLine{i});
    }
    // Fifty naps, if it were not woken as soon as half the ring is full.
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{20});
    EXPECT_EQ(thread.ring().lost(), 0U);
}

TEST(LogThread, AfterItsEndTheLoggerWritesItself) {
    Paper paper;
    { LogThread thread{paper.log, at_once_upon_a_time()}; }
    paper.log.put(NumberLine{5});
    paper.log.info("stop", "asked to");
    ASSERT_EQ(paper.lines.size(), 2U);
    EXPECT_EQ(paper.lines[0], number_line(5));
}

using Stamps = std::vector<std::pair<system_clock::time_point, system_clock::time_point>>;

struct StampLine {
    static constexpr LogLevel kLevel = LogLevel::info;
    system_clock::time_point called;
    Stamps* out;
    void tell(Logger& /*log*/, system_clock::time_point at) const { out->emplace_back(called, at); }
};

TEST(LogThread, StampsAreTheTimeOfTheCall) {
    Stamps stamps;
    Paper paper;
    {
        LogThread thread{paper.log};
        for (int i = 0; i < 40; ++i) {
            paper.log.put(StampLine{system_clock::now(), &stamps});
            std::this_thread::sleep_for(std::chrono::milliseconds{i % 4});
        }
    }
    ASSERT_EQ(stamps.size(), 40U);
    // This thread may have been away between the clock and the call, but not each time.
    int near = 0;
    for (const auto& [called, stamp] : stamps) {
        if (stamp > called - std::chrono::milliseconds{1} && stamp < called + std::chrono::milliseconds{1})
            ++near;
    }
    EXPECT_GE(near, 30);
}

TEST(LogRing, WantsAPowerOfTwo) {
    EXPECT_THROW(LogRing{24}, std::invalid_argument);
}

}  // namespace
}  // namespace plimsoll::bot
