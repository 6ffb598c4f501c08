// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/book/book.hpp"
#include "strategy/quote.hpp"

#include <cstddef>
#include <cstdint>

namespace plimsoll::bench {

/// Account 0, the only one that sinks when Ether falls by a thousandth.
inline constexpr std::uint64_t kVictimAddress = 0x100000;

/// Fills an empty book with so many borrowers of the market that `like` describes, by a fixed seed: two
/// collaterals and one and a half debts each on average, three of five hold or owe what follows Ether, a
/// tenth is in a category. A tenth has a health factor up to 1.05, two tenths up to 1.2, four up to 2.
/// Account 0 lies half a thousandth above its line, holds Ether and owes dollars; nobody else is nearer than
/// two thousandths.
void fill(strategy::Book& book, const strategy::Book& like, const strategy::PriceVector& prices,
          std::size_t accounts);

}  // namespace plimsoll::bench
