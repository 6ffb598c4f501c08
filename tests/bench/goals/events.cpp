// SPDX-License-Identifier: Apache-2.0
// G4, G6: from the bytes of a price frame to the bytes of a signed transaction, for an account that nothing
// was prepared for.
#include "tests/bench/goals/goals.hpp"
#include "tests/bench/goals/hot_path.hpp"
#include "tests/bench/goals/limit.hpp"
#include "tests/bench/goals/timing.hpp"

#include <stdexcept>

namespace plimsoll::bench {

namespace {

struct Rounds {
    std::vector<double> events;
    std::vector<double> limits;  // in turns with the events
    std::vector<double> decoding;
    std::vector<double> deciding;
    std::vector<double> signing;
};

void require_sent(const std::string& frame) {
    if (frame.empty()) throw std::runtime_error{"nothing was sent for the account that sinks"};
}

Rounds rounds_of(HotPath& path, std::size_t rounds, bool sealed) {
    Limit limit;
    Rounds out;
    constexpr std::size_t kWarmUp = 3;
    for (std::size_t i = 0; i < rounds + kWarmUp; ++i) {
        path.begin();
        const PaddedFrame frame{path.stage().price_frame(Market::kSunkenPrice)};
        std::string sent;
        const double event = timed([&] { sent = measured_event(path, frame.text(), sealed); });
        require_sent(sent);
        path.recover(sealed);
        const double least = timed([&] { limit.parse(frame.bytes, frame.size), limit.sign(); });
        if (i < kWarmUp) continue;
        out.events.push_back(event);
        out.limits.push_back(least);
    }
    return out;
}

/// The same in its parts, a clock in between.
void add_parts(HotPath& path, std::size_t rounds, Rounds& out) {
    for (std::size_t i = 0; i < rounds; ++i) {
        path.begin();
        const PaddedFrame frame{path.stage().price_frame(Market::kSunkenPrice)};
        const Log* log = nullptr;
        const strategy::Decision* decision = nullptr;
        std::string sent;
        out.decoding.push_back(timed([&] { log = &path.decoded(frame.text()); }));
        out.deciding.push_back(timed([&] { decision = path.decide(*log, false); }));
        if (decision != nullptr) out.signing.push_back(timed([&] { sent = path.signed_frame(*decision); }));
        require_sent(sent);
        path.recover(false);
    }
}

}  // namespace

void measure_events(Bench& bench, Report& report) {
    for (const std::size_t accounts : bench.sizes()) {
        HotPath path{bench.stage(accounts)};
        Rounds rounds = rounds_of(path, bench.rounds(accounts > 500'000 ? 60 : 300), false);
        const double ratio = median(rounds.events) / median(rounds.limits);
        report.at_most(about("price frame to signed frame, of the limit", accounts), ratio, 1.3, "x",
                       accounts == bench.usual() ? Gate::yes : Gate::no);
        report.figure("  price frame to signed frame", median(rounds.events) / 1e3, "us");
        report.figure("  limit: simdjson and one signature", median(rounds.limits) / 1e3, "us");
        bench.remember_event(accounts, median(rounds.events));
        if (accounts != bench.usual()) continue;
        add_parts(path, bench.rounds(100), rounds);
        report.figure("  of it decoding", median(rounds.decoding) / 1e3, "us");
        report.figure("  of it deciding: venue, quotes, routes, plan", median(rounds.deciding) / 1e3, "us");
        report.figure("  of it fee, policy, signature, frame", median(rounds.signing) / 1e3, "us");
    }
    Stage waiting{bench.snapshot(bench.usual()), false};
    HotPath sealed{waiting};
    const Rounds rounds = rounds_of(sealed, bench.rounds(100), true);
    report.figure("where only complete blocks count: with the block's end", median(rounds.events) / 1e3,
                  "us");
    report.figure("  of the limit", median(rounds.events) / median(rounds.limits), "x");
    tell_local_quotes(bench, report);
}

void measure_growth(Bench& bench, Report& report) {
    const std::size_t few = bench.sizes().front();
    const std::size_t many = bench.sizes().back();
    const bool as_meant = few == 10'000 && many == 1'000'000;
    if (few != many) {
        const double armed =
            median(bench.armed_events(many).in_program) / median(bench.armed_events(few).in_program);
        report.at_most(about("armed, of the time with " + std::to_string(few), many), armed, 1.2, "x",
                       as_meant ? Gate::yes : Gate::no);
    }
    if (bench.event_nanoseconds(few) == 0 || few == many)
        return report.note("needs G4 at two sizes in the same run");
    report.at_most(about("not armed, of the time with " + std::to_string(few), many),
                   bench.event_nanoseconds(many) / bench.event_nanoseconds(few), 2, "x",
                   as_meant ? Gate::yes : Gate::no);
}

}  // namespace plimsoll::bench
