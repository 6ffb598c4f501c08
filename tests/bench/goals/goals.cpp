// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/goals.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace plimsoll::bench {

namespace {

constexpr std::size_t kUsual = 100'000;

void no_stored_nonces(Bench&, Report& report) {
    report.note("not built, on purpose: secret nonces are not kept ready");
}

void no_burst_here(Bench&, Report& report) {
    report.note("not measured here: plimsoll_submission_bench sends 1,000 in one turn");
}

constexpr std::array kGoals{
    Goal{"G1", "armed: frame bytes to signed transaction, of the limit", measure_armed},
    Goal{"G2", "armed: until send() returned", measure_armed_sends},
    Goal{"G3", "armed: after its caches were emptied", measure_armed_cold},
    Goal{"G4", "not armed: frame bytes to signed frame, of the limit", measure_events},
    Goal{"G5", "with stored ECDSA nonces", no_stored_nonces},
    Goal{"G6", "growth with the number of accounts", measure_growth},
    Goal{"G7", "beside a bot written with viem, on the same frames and book", measure_rivals},
    Goal{"G8", "instructions of an event", measure_instructions},
    Goal{"G9", "allocations, locks and system calls of an event", measure_quiet_heap},
    Goal{"G10", "a price frame decoded", measure_price_frame},
    Goal{"G11", "a pass over everybody, beside reading its bytes", measure_rescan},
    Goal{"G12", "an ordinary tick, beside a pass over everybody", measure_ticks},
    Goal{"G13", "any price path: the worst event, beside a pass", measure_paths},
    Goal{"G14", "the exact health factor, beside Boost", measure_exact_health},
    Goal{"G15", "a burst of transactions", no_burst_here},
    Goal{"G16", "a cold start from logs", measure_cold_logs},
    Goal{"G17", "a start from a snapshot", measure_start},
    Goal{"G18", "memory", measure_memory},
    Goal{"G19", "the tail, beside a raw echo", measure_armed_tail},
    Goal{"G20", "the transport, beside a raw echo", measure_transport},
    Goal{"G21", "a log line on the hot path", measure_log_line},
    Goal{"G22", "interest alone", measure_accrual},
};

}  // namespace

std::span<const Goal> goals() {
    return kGoals;
}

std::string about(std::string_view what, std::size_t accounts) {
    std::string digits = std::to_string(accounts);
    for (std::size_t at = digits.size(); at > 3; at -= 3)
        digits.insert(at - 3, 1, ',');
    return std::string{what} + ", " + digits;
}

Bench::Bench(std::vector<std::size_t> sizes, std::string program, bool quick)
    : sizes_{std::move(sizes)}, program_{std::move(program)}, quick_{quick} {
    const bool has_usual = std::find(sizes_.begin(), sizes_.end(), kUsual) != sizes_.end();
    usual_ = has_usual ? kUsual : sizes_.back();
}

BytesView Bench::snapshot(std::size_t accounts) {
    Bytes& bytes = snapshots_[accounts];
    if (bytes.empty()) bytes = synthetic_snapshot(accounts);
    return bytes;
}

Stage& Bench::stage(std::size_t accounts) {
    auto& stage = stages_[accounts];
    if (!stage) stage = std::make_unique<Stage>(snapshot(accounts), true);
    return *stage;
}

}  // namespace plimsoll::bench
