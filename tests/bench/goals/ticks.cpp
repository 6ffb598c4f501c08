// SPDX-License-Identifier: Apache-2.0
// G12, G13, G22: what an update costs the index. A path is gone through several times from the same start,
// and each of its events counts with the least time it took: what a neighbour takes is nobody's cost.
#include "tests/bench/goals/goals.hpp"
#include "tests/bench/goals/line_book.hpp"
#include "tests/bench/goals/timing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <stdexcept>

namespace plimsoll::bench {

namespace {

using strategy::AccountId;
using strategy::LineIndex;
using strategy::LineWeights;

constexpr int kReplays = 4;
constexpr std::size_t kEventsInARow = 10;  // of a crash, until there is time to look at everybody

/// One event of a path: the price of Ether moves by a factor, then so many seconds of interest.
struct Move {
    double ether = 1;
    double seconds = 0;
};

struct Outcome {
    std::vector<double> nanoseconds;  // by event
    std::vector<double> rescans;      // by event: one pass at the same weights, if asked for
    double touched{};                 // accounts an event
    double passes{};                  // events that a pass answered, of all
};

/// Those that are below beyond doubt must be among those that were told.
void require_found(const LineBook& book, const LineIndex::Look& seen) {
    std::vector<bool> told(book.size());
    for (const AccountId account : seen.news)
        told[account] = true;
    for (const AccountId account : seen.standing)
        told[account] = true;
    for (AccountId account = 0; account < book.size(); ++account) {
        const bool below = strategy::distance(book.terms(account), book.weights()).most < 0;
        if (below && !told[account]) throw std::runtime_error{"the index missed an account below the line"};
    }
}

class Replay {
  public:
    /// Whoever sinks is liquidated at once if `liquidate`, as in a market with keepers. After so many events
    /// everybody is looked at when nothing else is to be done, as the engine does after each block.
    Replay(const LineBook& book, bool liquidate, std::size_t sweep_every)
        : book_{book}, liquidate_{liquidate}, sweep_every_{sweep_every} {
        index_.rebuild(book_.size(), book_.weights(), book_.terms_of());
        look();
        sweep();
    }

    /// Where a pass is timed too, either goes first in turns: the second finds everything in the caches.
    enum class Rescan : std::uint8_t { none, after, before };
    void run(std::span<const Move> path, Outcome& out, Rescan rescan) {
        LineIndex::Counts counts;
        out.nanoseconds.resize(path.size(), 1e18);
        out.rescans.resize(path.size(), 1e18);
        for (std::size_t i = 0; i < path.size(); ++i) {
            book_.move_ether(path[i].ether);
            if (path[i].seconds > 0) book_.accrue(path[i].seconds);
            const LineIndex::Counts before = index_.counts();
            if (rescan == Rescan::before) time_pass(out.rescans[i]);
            out.nanoseconds[i] = std::min(out.nanoseconds[i], timed([&] { look(); }));
            counts.refiled += index_.counts().refiled - before.refiled;
            counts.passes += index_.counts().passes - before.passes;
            if (rescan == Rescan::after) time_pass(out.rescans[i]);
            if (liquidate_) liquidate();
            if (i % sweep_every_ == 0) sweep();
        }
        const auto events = static_cast<double>(path.size());
        out.touched = static_cast<double>(counts.refiled) / events;
        out.passes = static_cast<double>(counts.passes) / events;
    }
    void check() { require_found(book_, index_.look(book_.weights(), terms_of_, kWhateverItTakes)); }

  private:
    static constexpr std::size_t kWhateverItTakes = 1'000'000;

    void sweep() {
        constexpr std::size_t kPatience = 64;  // LineWatch's
        static_cast<void>(index_.look(book_.weights(), terms_of_, kPatience));
        index_.tidy(terms_of_);
    }
    void time_pass(double& least) {
        below_.clear();
        least = std::min(least, timed([&] { index_.below(book_.weights(), 1.0, below_); }));
    }
    /// As while a block is being decided on.
    void look() { seen_ = index_.look(book_.weights(), terms_of_, 1, LineIndex::Whom::newcomers); }
    void liquidate() {
        const std::vector<AccountId> news{seen_.news.begin(), seen_.news.end()};
        for (const AccountId account : news) {
            if (strategy::distance(book_.terms(account), book_.weights()).least >= 0) continue;
            book_.relieve(account);
            index_.put(account, book_.terms(account), book_.weights());
        }
    }

    LineBook book_;
    bool liquidate_;
    std::size_t sweep_every_;
    LineIndex index_;
    LineIndex::TermsOf terms_of_ = book_.terms_of();
    LineIndex::Look seen_;
    std::vector<AccountId> below_;
};

std::vector<Move> random_ticks(std::size_t count, double deviation, unsigned seed) {
    std::mt19937_64 random{seed};
    std::vector<Move> out;
    for (std::size_t i = 0; i < count; ++i) {
        // The sum of twelve uniforms: near enough to a normal, and the same everywhere.
        double sum = -6;
        for (int j = 0; j < 12; ++j)
            sum += static_cast<double>(random() >> 11U) * 0x1p-53;
        out.push_back({1 + deviation * sum, 0});
    }
    return out;
}

Outcome replayed(const LineBook& book, std::span<const Move> warm_up, std::span<const Move> path,
                 bool crash) {
    Outcome out;
    for (int i = 0; i < kReplays; ++i) {
        Replay replay{book, !crash, crash ? kEventsInARow : 1};
        Outcome forgotten;
        replay.run(warm_up, forgotten, Replay::Rescan::none);
        const auto turn = i % 2 == 0 ? Replay::Rescan::after : Replay::Rescan::before;
        replay.run(path, out, crash ? turn : Replay::Rescan::none);
        replay.check();
    }
    return out;
}

double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double rescan_nanoseconds(const LineBook& book) {
    strategy::LineScan scan;
    for (AccountId account = 0; account < book.size(); ++account)
        scan.put(account, book.terms(account), book.weights());
    std::vector<double> all;
    std::vector<AccountId> found;
    for (int i = 0; i < 15; ++i)
        all.push_back(timed([&] { found.clear(), scan.below(usual_kernel(), book.weights(), 1.0, found); }));
    return median(all);
}

void measure_tick(const LineBook& book, double deviation, std::size_t events, double most_time,
                  double most_touched, Gate gate, Report& report) {
    const auto warm_up = random_ticks(events, deviation, 1);
    const auto path = random_ticks(events, deviation, 2);
    const Outcome out = replayed(book, warm_up, path, false);
    const double share = median(out.nanoseconds) / rescan_nanoseconds(book);
    const std::string name = "sd " + std::to_string(deviation * 100).substr(0, 4) + " %";
    report.at_most(about(name + ", of a rescan", book.size()), share * 100, most_time, "%", gate);
    report.at_most(about(name + ", accounts touched", book.size()),
                   out.touched / static_cast<double>(book.size()) * 100, most_touched, "%", gate);
    report.figure("  median of an event", median(out.nanoseconds) / 1e3, "us");
    report.figure("  mean of an event", mean(out.nanoseconds) / 1e3, "us");
    report.figure("  events that a pass answered", out.passes * 100, "%");
}

}  // namespace

void measure_ticks(Bench& bench, Report& report) {
    for (const std::size_t accounts : bench.sizes()) {
        const LineBook book{bench.stage(accounts).venue()};
        const Gate gate = accounts == bench.usual() ? Gate::yes : Gate::no;
        const std::size_t events = bench.quick() ? 50 : accounts > 500'000 ? 250 : 1'000;
        measure_tick(book, 0.0001, 2 * events, 1, 0.001, gate, report);
        measure_tick(book, 0.001, events, 10, 0.03, gate, report);
    }
}

void measure_paths(Bench& bench, Report& report) {
    std::vector<Move> path = random_ticks(bench.quick() ? 20 : 200, 0.005, 3);
    const auto calm = random_ticks(20, 0.001, 4);
    for (const double jump : {0.99, 0.95, 1 / 0.95, 0.9, 0.9, 1 / 0.81, 1.05, 1 / 1.05, 0.98, 0.98, 0.98}) {
        path.push_back({jump, 12});
        path.insert(path.end(), calm.begin(), calm.end());
    }
    // It begins in a market that was followed for a while, and has seen a pass.
    std::vector<Move> before{calm};
    before.insert(before.end(), {{0.98, 12}, {1 / 0.98, 12}});
    before.insert(before.end(), calm.begin(), calm.end());
    for (const std::size_t accounts : bench.sizes()) {
        const LineBook book{bench.stage(accounts).venue()};
        const Outcome out = replayed(book, before, path, true);
        std::vector<double> ratios;
        for (std::size_t i = 0; i < path.size(); ++i)
            ratios.push_back(out.nanoseconds[i] / out.rescans[i]);
        const Gate gate = accounts == bench.usual() ? Gate::yes : Gate::no;
        report.at_most(about("worst event of a crash, of a rescan", accounts), quantile(ratios, 1), 1.5, "x",
                       gate);
        report.figure("  median of its events, of a rescan", median(ratios), "x");
        report.figure("  worst event", quantile(out.nanoseconds, 1) / 1e3, "us");
        report.figure("  events that a rescan answered", out.passes * 100, "%");
    }
    report.note("no account below the line was missed on the way (10^6 events against integers: the tests)");
}

void measure_accrual(Bench& bench, Report& report) {
    const std::vector<Move> blocks(bench.quick() ? 20 : 500, Move{1, 12});
    for (const std::size_t accounts : bench.sizes()) {
        const LineBook book{bench.stage(accounts).venue()};
        const Outcome out = replayed(book, blocks, blocks, false);
        const std::string what = about("a block's interest on everything", accounts);
        if (accounts == bench.usual()) {
            report.at_most(what, mean(out.nanoseconds) / 1e3, 2, "us", Gate::no);
        } else {
            report.figure(what, mean(out.nanoseconds) / 1e3, "us");
        }
    }
}

}  // namespace plimsoll::bench
