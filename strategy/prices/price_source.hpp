// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/u256.hpp"

#include <cstdint>

namespace plimsoll::strategy {

/// Most decimal places that a contract is believed to have.
inline constexpr std::uint64_t kMostDecimals = 36;

/// How a price comes to be known.
enum class SourceKind : std::uint8_t {
    polled,   // asked for at every head
    feed,     // the answer of one aggregator, told by its AnswerUpdated
    product,  // the product of two aggregators' answers, each told by its AnswerUpdated
};

/// What an oracle's source turned out to be. A product is first * second * multiplier / denominator, as
/// Aave's CLSynchronicityPriceAdapterPegToBase computes it.
struct PriceSource {
    SourceKind kind = SourceKind::polled;
    Address first;   // aggregator
    Address second;  // aggregator of a product
    U256 multiplier{1};
    U256 denominator{1};
    friend bool operator==(const PriceSource&, const PriceSource&) = default;
};

}  // namespace plimsoll::strategy
