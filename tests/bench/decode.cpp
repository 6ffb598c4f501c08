// SPDX-License-Identifier: Apache-2.0
// How much of parsing's speed is left once the logs are in the book, and how long a start from a snapshot
// takes. Writes the answer it reads to the file that is named, for the same to be read by viem; prints
// "name value" lines, which decode.mjs turns into ratios.
#include "tests/bench/aave_answer.hpp"
#include "tests/bench/log_rates.hpp"
#include "tests/bench/scripted_stage.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kAccounts = 2'500;
constexpr std::size_t kActions = 10'000;
constexpr int kRounds = 15;
constexpr std::size_t kSnapshotAccounts = 100'000;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void tell_logs(const AaveAnswer& answer) {
    const LogRates rates = measure_logs(answer, kRounds);
    std::printf("logs %zu\nbytes %zu\n", answer.logs, answer.text.size());
    std::printf("parse_only_logs_per_second %.0f\n", rates.parse_only);
    std::printf("applied_logs_per_second %.0f\n", rates.applied);
}

void measure_snapshot() {
    ScriptedStage stage{kSnapshotAccounts};
    const auto saved = stage.engine().save();
    if (!saved) throw std::runtime_error{saved.error().context};
    const auto start = Clock::now();
    stage.restart(*saved);
    std::printf("snapshot_accounts %zu\nsnapshot_bytes %zu\n", kSnapshotAccounts, saved->size());
    std::printf("snapshot_to_ready_ms %.1f\n", 1e3 * seconds_since(start));
}

}  // namespace
}  // namespace plimsoll::bench

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: plimsoll_decode_bench FILE\n", stderr);
        return 64;
    }
    try {
        const auto answer =
            plimsoll::bench::aave_answer(plimsoll::bench::kActions, plimsoll::bench::kAccounts);
        std::ofstream{arguments[1]} << answer.text;
        plimsoll::bench::tell_logs(answer);
        plimsoll::bench::measure_snapshot();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
