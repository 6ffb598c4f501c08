// SPDX-License-Identifier: Apache-2.0
// G14: one account's exact health factor, beside Boost's 256 bits.
#include "strategy/venues/aave_v3/rules.hpp"
#include "tests/bench/exact_health.hpp"
#include "tests/bench/goals/goals.hpp"

namespace plimsoll::bench {

void measure_exact_health(Bench& bench, Report& report) {
    const ArithmeticBook book{bench.usual()};
    const auto rules = strategy::aave_v3::all_rules();
    for (const strategy::aave_v3::Rules& row : {rules.front(), rules.back()}) {
        const Costs costs = measure_health(book, row);
        const std::string version = "Aave " + std::string{row.version};
        report.at_most(version + ", of Boost's", costs.of_boost, 0.2, "x", Gate::yes);
        report.at_most("  at all", costs.narrow, 60, "ns", Gate::no);
    }
}

}  // namespace plimsoll::bench
