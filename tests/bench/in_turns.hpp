// SPDX-License-Identifier: Apache-2.0
// Three ways to compute the same, timed in turns, in processor time.
#pragma once

#include "tests/bench/goals/timing.hpp"

#include <cstddef>
#include <ctime>
#include <utility>
#include <vector>

namespace plimsoll::bench {

[[nodiscard]] inline double processor_nanoseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

/// Keeps a result alive without a store.
template <class T>
void keep(const T& value) {
    __asm__ volatile("" : : "r"(&value) : "memory");
}

/// Medians of all rounds. The ratios are those of single rounds, whose three parts see the same machine.
struct Costs {
    double boost{};
    double wide{};
    double narrow{};
    double of_wide{};
    double of_boost{};
};

[[nodiscard]] inline double median_ratio(const std::vector<double>& of, const std::vector<double>& to) {
    std::vector<double> out;
    for (std::size_t i = 0; i < of.size(); ++i)
        out.push_back(of[i] / to[i]);
    return median(std::move(out));
}

/// The three in turns; each work does `operations` of them.
template <class BoostWork, class WideWork, class NarrowWork>
[[nodiscard]] Costs in_turns(std::size_t operations, BoostWork boost, WideWork wide, NarrowWork narrow) {
    constexpr int kRounds = 15;
    const auto each = [operations](auto& work) {
        const double start = processor_nanoseconds();
        work();
        return (processor_nanoseconds() - start) / static_cast<double>(operations);
    };
    std::vector<double> boosts;
    std::vector<double> wides;
    std::vector<double> narrows;
    for (int round = 0; round < kRounds; ++round) {
        boosts.push_back(each(boost));
        wides.push_back(each(wide));
        narrows.push_back(each(narrow));
    }
    return {median(boosts), median(wides), median(narrows), median_ratio(narrows, wides),
            median_ratio(narrows, boosts)};
}

}  // namespace plimsoll::bench
