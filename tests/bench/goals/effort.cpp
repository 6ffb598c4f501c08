// SPDX-License-Identifier: Apache-2.0
// G8, G9: instructions, allocations, locks and system calls of an event.
#include "tests/bench/goals/armed.hpp"
#include "tests/bench/goals/command.hpp"
#include "tests/bench/goals/counting.hpp"
#include "tests/bench/goals/goals.hpp"
#include "tests/bench/goals/hot_path.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace plimsoll::bench {

namespace {

constexpr std::size_t kCounted = 8;                                 // events
constexpr std::uint64_t kQuietPrice = Market::kCalmPrice + 10'000;  // a ten-thousandth of a dollar higher

/// A price that changes nothing for anybody.
std::string quiet_frame(HotPath& path, std::size_t round) {
    return path.stage().price_frame(round % 2 == 0 ? kQuietPrice : Market::kCalmPrice);
}

void end_quiet(HotPath& path) {
    path.stage().seal();
    path.stage().answer_reads();
    path.stage().tell(Tick{});
    path.stage().answer_reads();
}

/// Instructions of one event, by callgrind, which counts what measured_event() takes.
double instructions(const Bench& bench, std::string_view kind) {
    const std::string told = printed_by(
        "valgrind --tool=callgrind --callgrind-out-file=/dev/null "
        "--toggle-collect='plimsoll::bench::measured_*' '" +
        bench.program() + "' --events '" + std::string{kind} + "' --accounts " + std::to_string(kCounted) +
        " 2>&1");
    const std::size_t at = told.find("Collected : ");
    if (at == std::string::npos) throw std::runtime_error{"callgrind said nothing:\n" + told};
    return std::strtod(told.c_str() + at + 12, nullptr) / static_cast<double>(kCounted);
}

/// Answers that come to the thread which looks at nothing else.
void run_answers(bool sends, std::size_t events) {
    constexpr std::size_t kAccounts = 10'000;
    ArmedBook book{synthetic_snapshot(kAccounts)};
    ArmedPath path{book};
    const PaddedFrame frame{sends ? book.sending_frame() : book.quiet_frame()};
    for (std::size_t i = 0; i < events; ++i) {
        path.prepare();
        if (measured_armed_event(path, frame.text()).empty() == sends)
            throw std::runtime_error{"the answer led to something else"};
    }
}

bool has_valgrind() {
    return std::system("valgrind --version >/dev/null 2>&1") == 0;  // NOLINT(concurrency-mt-unsafe)
}

}  // namespace

void run_events(const std::string& kind, std::size_t events) {
    if (kind == "armed" || kind == "calm") return run_answers(kind == "armed", events);
    constexpr std::size_t kAccounts = 10'000;
    Stage stage{synthetic_snapshot(kAccounts), true};
    HotPath path{stage};
    constexpr std::size_t kWarmUp = 4;
    for (std::size_t i = 0; i < events + kWarmUp; ++i) {
        path.begin();
        const bool quiet = kind == "quiet";
        const PaddedFrame frame{quiet ? quiet_frame(path, i) : stage.price_frame(Market::kSunkenPrice)};
        const std::string sent =
            i < kWarmUp ? path.answer(frame.text(), false) : measured_event(path, frame.text(), false);
        if (sent.empty() != quiet) throw std::runtime_error{"the event led to something else"};
        if (quiet) {
            end_quiet(path);
        } else {
            path.recover(false);
        }
    }
}

void measure_instructions(Bench& bench, Report& report) {
    if (!has_valgrind()) return report.note("not measured: needs valgrind");
    if (bench.quick()) return report.note("not measured with --quick: callgrind takes half a minute");
    report.at_most("an answer that sends nobody, 10,000", instructions(bench, "calm"), 1'200, "", Gate::yes);
    report.at_most("an answer that sends what is armed", instructions(bench, "armed"), 1'300, "", Gate::yes);
    report.figure("nobody sinks: the thread that does all else", instructions(bench, "quiet"), "");
    report.at_most("somebody sinks: with the signature, 10,000", instructions(bench, "sinks"), 382'000, "",
                   Gate::yes);
}

void measure_quiet_heap(Bench& bench, Report& report) {
    const ArmedEvents& armed = bench.armed_events(bench.usual());
    report.at_most("armed, spinning, until send returned: allocations",
                   static_cast<double>(armed.allocations), 0, "", Gate::yes);
    report.at_most("  mutexes locked", static_cast<double>(armed.locks), 0, "", Gate::yes);
    report.note("the event of G4:");
    HotPath path{bench.stage(bench.usual())};
    constexpr std::size_t kWarmUp = 4;
    Asked most;
    for (std::size_t i = 0; i < 2 * kWarmUp; ++i) {
        path.begin();
        const PaddedFrame frame{path.stage().price_frame(Market::kSunkenPrice)};
        const Asked before = asked();
        const std::string sent = measured_event(path, frame.text(), false);
        const Asked after = asked();
        path.recover(false);
        if (i < kWarmUp) continue;
        most.allocations = std::max(most.allocations, after.allocations - before.allocations);
        most.locks = std::max(most.locks, after.locks - before.locks);
    }
    report.figure("allocations by operator new", static_cast<double>(most.allocations), "");
    report.figure("mutexes locked", static_cast<double>(most.locks), "");
    path.begin();
    const PaddedFrame frame{path.stage().price_frame(Market::kSunkenPrice)};
    const auto calls = system_calls([&] { static_cast<void>(measured_event(path, frame.text(), false)); });
    if (calls) {
        report.figure("system calls", static_cast<double>(*calls), "");
    } else {
        report.note("system calls not measured: this process may not trace another");
    }
    if (path.answer(frame.text(), false).empty()) throw std::runtime_error{"nothing was sent"};
    path.recover(false);
}

}  // namespace plimsoll::bench
