// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/goals/armed.hpp"
#include "tests/bench/goals/report.hpp"
#include "tests/bench/goals/stage.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::bench {

/// What all goals measure with: how many accounts, how often, and the books, each made once.
class Bench {
  public:
    /// `program` is this program's path; `quick`: few rounds, to see that everything runs.
    Bench(std::vector<std::size_t> sizes, std::string program, bool quick);

    /// Numbers of accounts, rising.
    [[nodiscard]] std::span<const std::size_t> sizes() const noexcept { return sizes_; }
    /// The one that goals are meant for unless they say another.
    [[nodiscard]] std::size_t usual() const noexcept { return usual_; }
    [[nodiscard]] bool quick() const noexcept { return quick_; }
    [[nodiscard]] std::size_t rounds(std::size_t many) const noexcept { return quick_ ? 3 : many; }
    [[nodiscard]] const std::string& program() const noexcept { return program_; }

    [[nodiscard]] BytesView snapshot(std::size_t accounts);
    /// One that decides before the block is complete.
    [[nodiscard]] Stage& stage(std::size_t accounts);

    /// What is held ready there, and its events over connections that never sleep.
    [[nodiscard]] ArmedBook& armed(std::size_t accounts);
    [[nodiscard]] const ArmedEvents& armed_events(std::size_t accounts);
    /// Round trips of a raw echo that never sleeps, of messages of those sizes.
    [[nodiscard]] const std::vector<double>& echoes();
    /// simdjson's parse and one signature, in nanoseconds.
    [[nodiscard]] double limit();

    /// What G4 measured for G6; 0: it did not.
    void remember_event(std::size_t accounts, double nanoseconds) { events_[accounts] = nanoseconds; }
    [[nodiscard]] double event_nanoseconds(std::size_t accounts) { return events_[accounts]; }

  private:
    std::vector<std::size_t> sizes_;
    std::size_t usual_;
    std::string program_;
    bool quick_;
    std::map<std::size_t, Bytes> snapshots_;
    std::map<std::size_t, std::unique_ptr<Stage>> stages_;
    std::map<std::size_t, double> events_;
    std::map<std::size_t, std::unique_ptr<ArmedBook>> armed_;
    std::map<std::size_t, ArmedEvents> armed_events_;
    std::vector<double> echoes_;
    double limit_ = 0;
};

struct Goal {
    std::string_view id;
    std::string_view about;
    void (*measure)(Bench& bench, Report& report);
};

/// G1 to G22. Whatever is missing says why.
[[nodiscard]] std::span<const Goal> goals();

// events.cpp
void measure_armed(Bench& bench, Report& report);
void measure_armed_sends(Bench& bench, Report& report);
void measure_armed_cold(Bench& bench, Report& report);
void measure_armed_tail(Bench& bench, Report& report);
void measure_transport(Bench& bench, Report& report);
void measure_events(Bench& bench, Report& report);
void measure_growth(Bench& bench, Report& report);
// local_quote.cpp
void tell_local_quotes(Bench& bench, Report& report);
// rivals.cpp
void measure_rivals(Bench& bench, Report& report);
// effort.cpp
void measure_instructions(Bench& bench, Report& report);
void measure_quiet_heap(Bench& bench, Report& report);
/// In a process of its own, for a profiler: so many events, in which somebody sinks or ("quiet") nobody does.
void run_events(const std::string& kind, std::size_t events);
// reading.cpp
void measure_price_frame(Bench& bench, Report& report);
void measure_cold_logs(Bench& bench, Report& report);
void measure_start(Bench& bench, Report& report);
// log_line.cpp
void measure_log_line(Bench& bench, Report& report);
// rescan.cpp
void measure_rescan(Bench& bench, Report& report);
// ticks.cpp
void measure_ticks(Bench& bench, Report& report);
void measure_paths(Bench& bench, Report& report);
void measure_accrual(Bench& bench, Report& report);
// exact.cpp
void measure_exact_health(Bench& bench, Report& report);
// memory.cpp
void measure_memory(Bench& bench, Report& report);
/// In a process of its own: takes up the snapshot in that file, and prints what the process holds then.
void print_resident(const std::string& file);

/// "what, 100,000 accounts".
[[nodiscard]] std::string about(std::string_view what, std::size_t accounts);

}  // namespace plimsoll::bench
