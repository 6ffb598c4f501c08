// SPDX-License-Identifier: Apache-2.0
// G10, G16, G17: frames, logs and snapshots, from their bytes on.
#include "strategy/snapshot/envelope.hpp"
#include "tests/bench/goals/goals.hpp"
#include "tests/bench/goals/hot_path.hpp"
#include "tests/bench/goals/limit.hpp"
#include "tests/bench/goals/timing.hpp"
#include "tests/bench/log_rates.hpp"

#include <stdexcept>

namespace plimsoll::bench {

namespace {

/// Until it is known who is below the line: what no answer of a node is awaited for.
double start_nanoseconds(BytesView snapshot) {
    const auto engine = Market::unread_engine(true);
    std::vector<strategy::AccountId> below;
    return timed([&] {
        const auto loaded = engine->load(snapshot);
        if (!loaded) throw std::runtime_error{loaded.error().context};
        const strategy::Venue& venue = engine->venue(0);
        strategy::Changes changes;
        changes.everything = true;
        venue.liquidatable(changes, venue.prices(), loaded->timestamp, below);
        if (venue.account_count() == 0 || !below.empty()) throw std::runtime_error{"another book was loaded"};
    });
}

}  // namespace

void measure_price_frame(Bench& bench, Report& report) {
    constexpr std::size_t kFrames = 16;
    constexpr int kTurns = 16;
    HotPath path{bench.stage(bench.sizes().front())};
    std::vector<PaddedFrame> frames;
    for (std::size_t i = 0; i < kFrames; ++i)
        frames.emplace_back(path.stage().price_frame(Market::kCalmPrice + 7'919 * (kFrames - 1 - i)));
    Limit limit;
    std::vector<double> ours;
    std::vector<double> ratios;
    const auto all = [&](const auto& work) {
        return timed([&] {
            for (int turn = 0; turn < kTurns; ++turn) {
                for (const PaddedFrame& frame : frames)
                    work(frame);
            }
        });
    };
    const Address aggregator = Market::ether_aggregator();
    for (std::size_t round = 0; round < bench.rounds(101); ++round) {
        ours.push_back(all([&](const PaddedFrame& frame) {
            if (path.decoded(frame.text()).address != aggregator)
                throw std::runtime_error{"decoded to something else"};
        }));
        const double document = all([&](const PaddedFrame& frame) { limit.parse(frame.bytes, frame.size); });
        ratios.push_back(ours.back() / document);
    }
    report.at_most("to checked fields, of simdjson's DOM parse alone", median(ratios), 0.2, "x", Gate::no);
    report.figure("  at all", median(ours) / (kTurns * static_cast<double>(kFrames)), "ns");
}

void measure_cold_logs(Bench& bench, Report& report) {
    const AaveAnswer answer = aave_answer(bench.quick() ? 1'000 : 10'000, bench.quick() ? 250 : 2'500);
    const LogRates rates = measure_logs(answer, static_cast<int>(bench.rounds(9)));
    report.at_least("log bytes to applied state, of parsing alone", rates.applied / rates.parse_only * 100,
                    60, "%", Gate::no);
    report.at_least("  at all", rates.applied / 1e6, 3, "M/s", Gate::no);
    report.note("beside viem: tests/bench/decode.mjs");
}

void measure_start(Bench& bench, Report& report) {
    for (const std::size_t accounts : bench.sizes()) {
        std::vector<double> all;
        for (std::size_t round = 0; round < bench.rounds(5); ++round)
            all.push_back(start_nanoseconds(bench.snapshot(accounts)) / 1e6);
        const std::string what = about("snapshot to who is below the line", accounts);
        if (accounts == 100'000 || accounts == 1'000'000) {
            report.at_most(what, median(all), accounts == 100'000 ? 25 : 400, "ms", Gate::no);
        } else {
            report.figure(what, median(all), "ms");
        }
    }
}

}  // namespace plimsoll::bench
