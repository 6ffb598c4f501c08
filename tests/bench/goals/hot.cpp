// SPDX-License-Identifier: Apache-2.0
// G1, G2, G3, G19, G20: what was signed before its price came.
#include "tests/bench/goals/armed.hpp"
#include "tests/bench/goals/echo.hpp"
#include "tests/bench/goals/goals.hpp"
#include "tests/bench/goals/hot_path.hpp"
#include "tests/bench/goals/limit.hpp"
#include "tests/bench/goals/timing.hpp"
#include "tests/bench/in_turns.hpp"

#include <stdexcept>

namespace plimsoll::bench {

namespace {

constexpr double kMicroseconds = 1e3;
constexpr std::size_t kManyRounds = 400;
constexpr std::size_t kManyTurns = 15;
constexpr std::size_t kShortStretch = 40;

/// Raw ones, as long as the frame and what it sends.
std::vector<double> echoes_of(ArmedBook& book, std::size_t rounds) {
    constexpr std::size_t kFrame = 751;
    ArmedPath path{book};
    path.prepare();
    const PaddedFrame frame{book.sending_frame()};
    return raw_echoes(rounds, kFrame, path.event(frame.text()).size());
}

/// Medians of short stretches that take turns: each sees the machine that its neighbours see.
struct Trips {
    std::vector<double> echo;
    std::vector<double> ws;
    std::vector<double> wss;
};

Trips trips_in_turns(ArmedBook& book, std::size_t turns, std::size_t rounds) {
    Trips out;
    for (std::size_t i = 0; i < turns; ++i) {
        out.echo.push_back(median(echoes_of(book, rounds)));
        out.ws.push_back(median(run_armed(book, rounds, Waits::spinning).by_node));
        out.wss.push_back(median(run_armed(book, rounds, Waits::spinning_in_tls).by_node));
    }
    return out;
}

}  // namespace

ArmedBook& Bench::armed(std::size_t accounts) {
    auto& book = armed_[accounts];
    if (!book) book = std::make_unique<ArmedBook>(snapshot(accounts));
    return *book;
}

const ArmedEvents& Bench::armed_events(std::size_t accounts) {
    ArmedEvents& events = armed_events_[accounts];
    if (events.in_program.empty()) events = run_armed(armed(accounts), rounds(kManyRounds), Waits::spinning);
    return events;
}

const std::vector<double>& Bench::echoes() {
    if (echoes_.empty()) echoes_ = echoes_of(armed(usual()), rounds(kManyRounds));
    return echoes_;
}

double Bench::limit() {
    if (limit_ != 0) return limit_;
    Limit limit;
    const PaddedFrame frame{armed(usual()).quiet_frame()};
    std::vector<double> all;
    for (std::size_t i = 0; i < rounds(kManyRounds); ++i)
        all.push_back(timed([&] { limit.parse(frame.bytes, frame.size), limit.sign(); }));
    return limit_ = median(all);
}

void measure_armed(Bench& bench, Report& report) {
    for (const std::size_t accounts : bench.sizes()) {
        ArmedBook& book = bench.armed(accounts);
        ArmedPath path{book};
        Limit limit;
        const PaddedFrame frame{book.sending_frame()};
        std::vector<double> events;
        std::vector<double> limits;
        for (std::size_t i = 0; i < bench.rounds(kManyRounds); ++i) {
            path.prepare();
            std::string sent;
            events.push_back(timed([&] { sent = measured_armed_event(path, frame.text()); }));
            require_transaction(sent, book.sender(), book.nearest());
            limits.push_back(timed([&] { limit.parse(frame.bytes, frame.size), limit.sign(); }));
        }
        report.at_most(about("frame to signed frame, of the limit", accounts),
                       median(events) / median(limits), 0.1, "x", Gate::no);
        report.figure("  frame to signed frame", median(events) / kMicroseconds, "us");
        report.figure("  limit: simdjson and one signature", median(limits) / kMicroseconds, "us");
    }
}

void measure_armed_sends(Bench& bench, Report& report) {
    const double echo = median(bench.echoes());
    for (const std::size_t accounts : bench.sizes()) {
        const double took = median(bench.armed_events(accounts).in_program);
        report.at_most(about("frame to send returned, of the limit", accounts), took / bench.limit(), 0.5,
                       "x", Gate::no);
        report.at_most("  of a raw echo's round trip", took / echo, 1.3, "x", Gate::no);
        report.figure("  frame to send returned", took / kMicroseconds, "us");
    }
    report.figure("raw echo, neither side sleeps", echo / kMicroseconds, "us");
    const ArmedEvents slept = run_armed(bench.armed(bench.usual()), bench.rounds(kManyRounds), Waits::asleep);
    report.figure("frame to send returned by a thread that sleeps between frames",
                  median(slept.in_program) / kMicroseconds, "us");
}

void measure_armed_cold(Bench& bench, Report& report) {
    const double warm = median(bench.armed_events(bench.usual()).in_program);
    const ArmedEvents cold = run_armed(bench.armed(bench.usual()), bench.rounds(kManyRounds / 4),
                                       Waits::spinning, Caches::emptied);
    report.at_most("frame to send returned, of the same with warm caches", median(cold.in_program) / warm,
                   1.5, "x", Gate::no);
    report.figure("  frame to send returned", median(cold.in_program) / kMicroseconds, "us");
}

void measure_armed_tail(Bench& bench, Report& report) {
    constexpr double kTail = 0.99;
    const std::vector<double>& events = bench.armed_events(bench.usual()).in_program;
    const double most = quantile(bench.echoes(), kTail) + median(events);
    report.at_most("frame to send returned, 99 %, of a raw echo's and its own median",
                   quantile(events, kTail) / most, 1, "x", Gate::no);
    report.figure("  99 %", quantile(events, kTail) / kMicroseconds, "us");
    report.figure("  raw echo, 99 %", quantile(bench.echoes(), kTail) / kMicroseconds, "us");
}

void measure_transport(Bench& bench, Report& report) {
    const Trips trips =
        trips_in_turns(bench.armed(bench.usual()), bench.rounds(kManyTurns), bench.rounds(kShortStretch));
    report.at_most("a frame there and its transaction back, ws, of a raw echo",
                   median_ratio(trips.ws, trips.echo), 1.3, "x", Gate::no);
    report.at_most("  wss, of a raw echo in clear text", median_ratio(trips.wss, trips.echo), 1.9, "x",
                   Gate::no);
    report.figure("  ws", median(trips.ws) / kMicroseconds, "us");
    report.figure("  wss", median(trips.wss) / kMicroseconds, "us");
    report.figure("  raw echo", median(trips.echo) / kMicroseconds, "us");
}

}  // namespace plimsoll::bench
