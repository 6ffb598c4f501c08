// SPDX-License-Identifier: Apache-2.0
// Prints what of each goal is measured, what it should be and whether it holds. Exit 1: a gate does not hold;
// 70: something could not be measured.
#include "tests/bench/goals/goals.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace plimsoll::bench {
namespace {

constexpr const char* kUsage =
    "usage: plimsoll_goals [--accounts N]... [--only GOAL]... [--quick]\n"
    "  --accounts N  so many (default 10000, 100000 and 1000000)\n"
    "  --only GOAL   G1 to G22; may be given several times\n"
    "  --quick       few rounds, and no gates: whether everything runs\n";

struct Options {
    std::vector<std::size_t> sizes;
    std::set<std::string> only;
    std::string resident;
    std::string events;
    bool quick = false;
    bool valid = true;
};

Options parsed(const std::vector<std::string>& arguments) {
    Options out;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& name = arguments[i];
        const bool last = i + 1 == arguments.size();
        if (name == "--quick") {
            out.quick = true;
        } else if (last) {
            out.valid = false;
        } else if (name == "--accounts") {
            out.sizes.push_back(std::strtoull(arguments[++i].c_str(), nullptr, 10));
            out.valid = out.valid && out.sizes.back() != 0;
        } else if (name == "--only") {
            out.only.insert(arguments[++i]);
        } else if (name == "--events") {
            out.events = arguments[++i];
        } else if (name == "--resident") {
            out.resident = arguments[++i];
        } else {
            out.valid = false;
        }
    }
    if (out.sizes.empty()) out.sizes = {10'000, 100'000, 1'000'000};
    return out;
}

int measure_all(const Options& options, const std::string& program) {
    Bench bench{options.sizes, program, options.quick};
    Report report;
    for (const Goal& goal : goals()) {
        if (!options.only.empty() && !options.only.contains(std::string{goal.id})) continue;
        report.begin(goal.id, goal.about);
        goal.measure(bench, report);
    }
    std::printf("goals: %zu of %zu gates hold\n", report.gates() - report.failed_gates(), report.gates());
    return report.failed_gates() == 0 || options.quick ? 0 : 1;
}

}  // namespace
}  // namespace plimsoll::bench

int main(int count, char** arguments) {
    const auto options = plimsoll::bench::parsed({arguments + 1, arguments + count});
    if (!options.valid) {
        std::fputs(plimsoll::bench::kUsage, stderr);
        return 64;
    }
    try {
        if (!options.resident.empty()) {
            plimsoll::bench::print_resident(options.resident);
            return 0;
        }
        if (!options.events.empty()) {
            plimsoll::bench::run_events(options.events, options.sizes.front());
            return 0;
        }
        return plimsoll::bench::measure_all(options,
                                            std::filesystem::read_symlink("/proc/self/exe").string());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "plimsoll_goals: %s\n", error.what());
        return 70;
    }
}
