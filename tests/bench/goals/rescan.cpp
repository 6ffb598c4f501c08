// SPDX-License-Identifier: Apache-2.0
// G11: what one pass over everybody costs, beside reading as many bytes once.
#include "tests/bench/goals/goals.hpp"
#include "tests/bench/goals/line_book.hpp"
#include "tests/bench/goals/timing.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace plimsoll::bench {

namespace {

/// Reads all of it once, as wide as plain C++ compiles to with AVX2 where there is any.
#if defined(__x86_64__)
__attribute__((target_clones("avx2", "default")))
#endif
std::uint64_t
read_all(const std::uint64_t* words, std::size_t count) {
    std::array<std::uint64_t, 32> sums{};
    for (std::size_t i = 0; i + sums.size() <= count; i += sums.size()) {
        for (std::size_t j = 0; j < sums.size(); ++j)
            sums[j] += words[i + j];
    }
    std::uint64_t out = 0;
    for (const std::uint64_t sum : sums)
        out += sum;
    return out;
}

double goal_of(std::string_view kernel) {
    if (kernel == "avx512") return 2.5;
    return kernel == "avx2" ? 5.0 : std::numeric_limits<double>::infinity();
}

void measure_kernel(const strategy::LineKernel& kernel, const strategy::LineScan& scan, const LineBook& book,
                    std::size_t rounds, bool gated, Report& report) {
    const std::vector<std::uint64_t> buffer(scan.bytes_scanned() / 8 + 32, 1);
    std::vector<strategy::AccountId> found;
    std::vector<double> scans;
    std::vector<double> reads;
    std::vector<double> ratios;
    std::uint64_t sum = 0;
    for (std::size_t round = 0; round < rounds + 2; ++round) {
        found.clear();
        const double pass = timed([&] { scan.below(kernel, book.weights(), 1.0, found); });
        const double read = timed([&] { sum += read_all(buffer.data(), buffer.size()); });
        if (round < 2) continue;
        scans.push_back(pass);
        reads.push_back(read);
        ratios.push_back(pass / read);
    }
    if (sum != (rounds + 2) * (buffer.size() / 32 * 32)) throw std::runtime_error{"the bytes were not read"};
    const auto accounts = static_cast<double>(book.size());
    const std::string name{kernel.name};
    const double goal = goal_of(kernel.name);
    const std::string what = about(name + " of the time to read its bytes", book.size());
    if (goal == std::numeric_limits<double>::infinity()) {
        report.figure(what, median(ratios), "x");
    } else {
        report.at_most(what, median(ratios), goal, "x", gated ? Gate::yes : Gate::no);
    }
    report.figure("  ns an account", median(scans) / accounts, "ns");
    report.figure("  reading alone", static_cast<double>(scan.bytes_scanned()) / median(reads), "GB/s");
}

}  // namespace

void measure_rescan(Bench& bench, Report& report) {
    if (strategy::line_kernels().front().name != "avx512") report.note("this processor has no AVX-512");
    for (const std::size_t accounts : bench.sizes()) {
        const LineBook book{bench.stage(accounts).venue()};
        strategy::LineScan scan;
        for (strategy::AccountId account = 0; account < book.size(); ++account)
            scan.put(account, book.terms(account), book.weights());
        if (accounts == bench.usual())
            report.figure("bytes read an account",
                          static_cast<double>(scan.bytes_scanned()) / static_cast<double>(book.size()), "B");
        for (const strategy::LineKernel& kernel : strategy::line_kernels())
            measure_kernel(kernel, scan, book, bench.rounds(accounts > 500'000 ? 15 : 61),
                           accounts == bench.usual(), report);
    }
}

}  // namespace plimsoll::bench
