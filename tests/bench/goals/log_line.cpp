// SPDX-License-Identifier: Apache-2.0
// G21: what a line of the log costs whoever tells it, as the log's own benchmark beside this program says.
#include "tests/bench/goals/command.hpp"
#include "tests/bench/goals/goals.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace plimsoll::bench {

namespace {

/// The number behind the `nth` mark in a text.
double number_behind(const std::string& text, std::string_view mark, unsigned nth) {
    std::size_t at = text.find(mark);
    for (; nth != 0 && at != std::string::npos; --nth)
        at = text.find(mark, at + mark.size());
    if (at == std::string::npos)
        throw std::runtime_error{"the log's benchmark says something else:\n" + text};
    return std::strtod(text.c_str() + at + mark.size(), nullptr);
}

}  // namespace

void measure_log_line(Bench& bench, Report& report) {
    const auto program = std::filesystem::path{bench.program()}.parent_path() / "plimsoll_log_bench";
    if (!std::filesystem::exists(program))
        return report.note("not measured: needs the target plimsoll_log_bench");
    const std::string told = printed_by("'" + program.string() + "'");
    report.at_most("a decision's line", number_behind(told, "G21 measured ", 0), 20, "ns", Gate::no);
    report.at_least("spdlog's asynchronous call, of it", number_behind(told, "G21 measured ", 1), 15, "x",
                    Gate::no);
}

}  // namespace plimsoll::bench
