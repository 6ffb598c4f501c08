// SPDX-License-Identifier: Apache-2.0
// G18: what a process holds that follows a market of so many accounts.
#include "tests/bench/goals/command.hpp"
#include "tests/bench/goals/goals.hpp"
#include "tests/bench/goals/temporary_file.hpp"

#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace plimsoll::bench {

namespace {

/// Resident bytes, those of the program's own file among them.
double resident() {
    std::ifstream in{"/proc/self/statm"};
    double total = 0;
    double held = 0;
    in >> total >> held;
    if (!in) throw std::runtime_error{"no /proc/self/statm"};
    return held * static_cast<double>(sysconf(_SC_PAGESIZE));
}

Bytes contents(const std::string& file) {
    std::ifstream in{file, std::ios::binary | std::ios::ate};
    Bytes out(static_cast<std::size_t>(in.tellg()));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
    if (!in) throw std::runtime_error{"cannot read " + file};
    return out;
}

}  // namespace

void print_resident(const std::string& file) {
    const Stage stage{contents(file), true};
    malloc_trim(0);  // as the keeper does when it is ready
    std::printf("%.0f\n", resident());
}

void measure_memory(Bench& bench, Report& report) {
    for (const std::size_t accounts : bench.sizes()) {
        const TemporaryFile file{bench.snapshot(accounts)};
        const double bytes =
            std::stod(printed_by("'" + bench.program() + "' --resident '" + file.path() + "'"));
        const double most = 10e6 + 220.0 * static_cast<double>(accounts);
        report.at_most(about("resident", accounts), bytes / 1e6, most / 1e6, "MB", Gate::yes);
        const Stage& stage = bench.stage(accounts);
        report.figure("  of it the book, an account",
                      static_cast<double>(stage.venue().book().bytes()) / static_cast<double>(accounts), "B");
    }
}

}  // namespace plimsoll::bench
