// SPDX-License-Identifier: Apache-2.0
// What a line of the log costs the thread that has it to tell: as a plain value into the ring of a LogThread,
// copied field by field into the same ring, worded at once, and through spdlog's asynchronous logger. In
// turns in one run, in bursts that fit both queues, in processor time of the calling thread; medians of
// bursts.
#include "bot/decision_lines.hpp"
#include "bot/log_thread.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace plimsoll::bench {
namespace {

constexpr int kRounds = 201;
constexpr int kBurst = 256;
constexpr std::size_t kQueue = 2048;

double processor_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

template <class Call>
void burst(std::vector<double>& out, const Call& call) {
    const double start = processor_ns();
    for (int i = 0; i < kBurst; ++i)
        call(static_cast<std::uint64_t>(i));
    out.push_back((processor_ns() - start) / kBurst);
}

/// Lines go to /dev/null, and are counted on their way.
struct Sink {
    std::FILE* file = std::fopen("/dev/null", "w");
    std::atomic<std::uint64_t> lines{0};
    ~Sink() {
        if (file != nullptr) std::fclose(file);
    }
    void operator()(std::string_view line) {
        std::fwrite(line.data(), 1, line.size(), file);
        lines.fetch_add(1, std::memory_order_relaxed);
    }
    void wait_for(std::uint64_t count) const {
        while (lines.load(std::memory_order_relaxed) < count)
            std::this_thread::sleep_for(std::chrono::microseconds{200});
    }
};

struct Peer {
    std::shared_ptr<spdlog::details::thread_pool> pool =
        std::make_shared<spdlog::details::thread_pool>(kQueue, 1);
    std::shared_ptr<spdlog::async_logger> log = std::make_shared<spdlog::async_logger>(
        "peer", std::make_shared<spdlog::sinks::basic_file_sink_mt>("/dev/null"), pool,
        spdlog::async_overflow_policy::overrun_oldest);
    void wait_until_written() const {
        while (pool->queue_size() != 0)
            std::this_thread::sleep_for(std::chrono::microseconds{200});
    }
};

int run() {
    using namespace bot;
    Sink sink;
    if (sink.file == nullptr) throw std::runtime_error{"no /dev/null"};
    Logger log{LogLevel::debug, LogFormat::logfmt, [&](LogLevel, std::string_view line) { sink(line); },
               [] { return std::chrono::system_clock::now(); }};
    const Address account = *parse_address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
    const std::string hex = to_string(account);
    const strategy::SignedUsd net{true, Usd{41'230'000'000}};
    SkipLine skip{account, "below_min_profit", "WETH", "USDC", net, {}};
    FoundLine found{account, 6, 18, "WETH", "USDC", Wad{998'700'000'000'000'000}, {}, {}, net, {}, {}};
    const auto fields = [&](std::uint64_t block) {
        log.debug("skip", {{"account", account},
                           {"reason", "below_min_profit"},
                           {"collateral", "WETH"},
                           {"debt", "USDC"},
                           {"net_usd", net},
                           {"block", block}});
    };
    const Peer peer;
    std::vector<double> stamps, skips, founds, copies, at_once, asynchronous;
    std::uint64_t told = 0;
    std::uint64_t ticks = 0;
    for (int round = 0; round < kRounds; ++round) {
        {
            LogThread thread{log};
            const auto one = [&](std::vector<double>& out, const auto& call) {
                burst(out, call);
                sink.wait_for(told += kBurst);
            };
            one(skips, [&](std::uint64_t i) { skip.block.value = i, log.put(skip); });
            one(founds, [&](std::uint64_t i) { found.block.value = i, log.put(found); });
            one(copies, fields);
            if (thread.ring().lost() != 0) throw std::runtime_error{"lines were lost"};
        }
        burst(stamps, [&](std::uint64_t) { ticks ^= read_ticks(); });
        burst(at_once, fields);
        told += kBurst;
        burst(asynchronous, [&](std::uint64_t i) {
            peer.log->info("event=skip account={} reason={} collateral={} debt={} net_usd={} block={}", hex,
                           "below_min_profit", "WETH", "USDC", -412.30, i);
        });
        peer.wait_until_written();
    }
    const double call = median(skips);
    const double spdlog_call = median(asynchronous);
    std::printf("a call: skip %.1f ns, found %.1f ns, of which the stamp %.1f ns (%u)\n", call,
                median(founds), median(stamps), static_cast<unsigned>(ticks & 1U));
    std::printf("any other line copied %.0f ns, worded at once %.0f ns; spdlog async %.0f ns\n",
                median(copies), median(at_once), spdlog_call);
    std::printf("G21 measured %.1f ns goal 20 ns holds %s\n", call, call <= 20 ? "yes" : "no");
    std::printf("G21 measured %.1f times less than spdlog async goal 15 holds %s\n", spdlog_call / call,
                spdlog_call >= 15 * call ? "yes" : "no");
    return 0;
}

}  // namespace
}  // namespace plimsoll::bench

int main() {
    try {
        return plimsoll::bench::run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
