// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace plimsoll::fees {

/// How a chain decides who is first in a block.
enum class Ordering : std::uint8_t {
    first_come,        // by arrival: a higher tip buys nothing
    priority_auction,  // by tip
};

/// What one block's transactions tipped, at some percentile of its gas (eth_feeHistory).
struct BlockTip {
    Wei tip;
    bool empty{};  // nobody tipped anything: it says nothing
    friend bool operator==(const BlockTip&, const BlockTip&) = default;
};

/// What recent blocks paid: the median over those that are not empty, the upper one of two; zero if there are
/// none. One block of somebody else's bidding war moves it no further than to its neighbour.
[[nodiscard]] Wei recent_tip(std::span<const BlockTip> blocks);

/// What a chain and its operator allow to be bid.
struct TipTerms {
    Ordering ordering{};
    Wei floor;          // always offered
    BasisPoints share;  // of what a transaction is worth
};

/// The tip per gas of a transaction that uses at most `gas`: the floor; in a priority auction what recent
/// blocks paid, or the floor and `share` of what the transaction is worth beyond it, whichever is more, but
/// never so much that more than `worth` is given away on top of the floor. Without `worth` nothing bounds
/// what recent blocks paid: a cancellation must land. Throws ArithmeticError beyond 256 bits.
[[nodiscard]] Wei tip(const TipTerms& terms, const Wei& recent, const std::optional<Wei>& worth, Gas gas);

}  // namespace plimsoll::fees
