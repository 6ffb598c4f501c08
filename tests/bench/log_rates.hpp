// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/aave_answer.hpp"

namespace plimsoll::bench {

/// Logs a second, of the same answer in turns: only read, and read and applied to a market.
struct LogRates {
    double parse_only{};
    double applied{};
};

/// Medians of so many rounds. Throws if the market does not hold in the end what the logs told.
[[nodiscard]] LogRates measure_logs(const AaveAnswer& answer, int rounds);

}  // namespace plimsoll::bench
