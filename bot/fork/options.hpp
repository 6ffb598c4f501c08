// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/fork/price_shock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace plimsoll::bot {

/// What the command `fork` was asked for.
struct ForkOptions {
    std::vector<PriceShock> shocks;
    std::optional<std::uint64_t> blocks;        // ends after so many heads of the origin, once it watches
    std::optional<std::chrono::seconds> lasts;  // or after that time
};

}  // namespace plimsoll::bot
