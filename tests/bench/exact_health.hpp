// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/arithmetic_book.hpp"
#include "tests/bench/in_turns.hpp"

namespace plimsoll::bench {

/// What one account's exact health factor costs in Boost's integers, in 256 bits and in the product's 128, in
/// nanoseconds. All results of all accounts are compared first; throws if any differ.
[[nodiscard]] Costs measure_health(const ArithmeticBook& book, const strategy::aave_v3::Rules& rules);

}  // namespace plimsoll::bench
