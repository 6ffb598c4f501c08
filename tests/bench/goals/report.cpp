// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/report.hpp"

#include <cstdio>

namespace plimsoll::bench {

namespace {

/// Three digits that count.
std::string number(double value) {
    char out[48];
    const int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : value >= 0.01 ? 3 : 6;
    std::snprintf(out, sizeof out, "%.*f", decimals, value);
    return out;
}

std::string with_unit(double value, std::string_view unit) {
    return number(value) + (unit.empty() ? "" : " ") + std::string{unit};
}

}  // namespace

void Report::begin(std::string_view id, std::string_view about) {
    id_ = id;
    std::printf("goals: %-4s %.*s\n", id_.c_str(), static_cast<int>(about.size()), about.data());
    std::fflush(stdout);
}

void Report::row(std::string_view what, double measured, std::string_view sign, double goal,
                 std::string_view unit, bool holds, Gate gate) {
    const bool gated = gate == Gate::yes;
    gates_ += gated ? 1 : 0;
    failed_gates_ += gated && !holds ? 1 : 0;
    std::printf("goals: %-4s   %-52.*s %14s  goal %.*s %-12s %s%s\n", id_.c_str(),
                static_cast<int>(what.size()), what.data(), with_unit(measured, unit).c_str(),
                static_cast<int>(sign.size()), sign.data(), with_unit(goal, unit).c_str(),
                holds ? "holds" : "does not hold", gated ? " (gate)" : "");
    std::fflush(stdout);
}

void Report::at_most(std::string_view what, double measured, double most, std::string_view unit, Gate gate) {
    row(what, measured, "<=", most, unit, measured <= most, gate);
}

void Report::at_least(std::string_view what, double measured, double least, std::string_view unit,
                      Gate gate) {
    row(what, measured, ">=", least, unit, measured >= least, gate);
}

void Report::figure(std::string_view what, double measured, std::string_view unit) {
    std::printf("goals: %-4s   %-52.*s %14s\n", id_.c_str(), static_cast<int>(what.size()), what.data(),
                with_unit(measured, unit).c_str());
    std::fflush(stdout);
}

void Report::note(std::string_view text) {
    std::printf("goals: %-4s   %.*s\n", id_.c_str(), static_cast<int>(text.size()), text.data());
    std::fflush(stdout);
}

}  // namespace plimsoll::bench
