// SPDX-License-Identifier: Apache-2.0
// G1, G2, G3, G19, G20: what was signed before its price came.
#include "tests/bench/goals/armed.hpp"
#include "tests/bench/goals/echo.hpp"
#include "tests/bench/goals/goals.hpp"
#include "tests/bench/goals/hot_path.hpp"
#include "tests/bench/goals/limit.hpp"
#include "tests/bench/goals/timing.hpp"

#include <stdexcept>

namespace plimsoll::bench {

namespace {

constexpr double kMicroseconds = 1e3;
constexpr std::size_t kManyRounds = 400;

}  // namespace

ArmedBook& Bench::armed(std::size_t accounts) {
    auto& book = armed_[accounts];
    if (!book) book = std::make_unique<ArmedBook>(snapshot(accounts));
    return *book;
}

const ArmedEvents& Bench::armed_events(std::size_t accounts) {
    ArmedEvents& events = armed_events_[accounts];
    if (events.in_program.empty())
        events = run_armed(armed(accounts), rounds(kManyRounds), true, Caches::as_they_are);
    return events;
}

const std::vector<double>& Bench::echoes() {
    constexpr std::size_t kFrame = 751;
    ArmedPath path{armed(usual())};
    path.prepare();
    const PaddedFrame frame{armed(usual()).sending_frame()};
    const std::size_t answer = path.event(frame.text()).size();
    if (echoes_.empty()) echoes_ = raw_echoes(rounds(kManyRounds), kFrame, answer);
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
    const ArmedEvents slept =
        run_armed(bench.armed(bench.usual()), bench.rounds(kManyRounds), false, Caches::as_they_are);
    report.figure("frame to send returned by a thread that sleeps between frames",
                  median(slept.in_program) / kMicroseconds, "us");
}

void measure_armed_cold(Bench& bench, Report& report) {
    const double warm = median(bench.armed_events(bench.usual()).in_program);
    const ArmedEvents cold =
        run_armed(bench.armed(bench.usual()), bench.rounds(kManyRounds / 4), true, Caches::emptied);
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
    const double trip = median(bench.armed_events(bench.usual()).by_node);
    const double echo = median(bench.echoes());
    report.at_most("a frame there and its transaction back, of a raw echo", trip / echo, 1.3, "x", Gate::no);
    report.figure("  a frame there and its transaction back, over ws", trip / kMicroseconds, "us");
    report.note("wss: not measured");
}

}  // namespace plimsoll::bench
