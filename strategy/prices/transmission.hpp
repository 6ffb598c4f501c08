// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/event.hpp"
#include "strategy/prices/price_leaves.hpp"

#include <optional>

namespace plimsoll::strategy {

/// What an aggregator will answer once a transaction is mined, if it does not revert.
using Transmission = AggregatorAnswer;

/// Chainlink's OffchainAggregator.transmit(bytes,bytes32[],bytes32[],bytes32) (OCR1) and
/// OCR2Aggregator.transmit(bytes32[3],bytes,bytes32[],bytes32[],bytes32), sent to the aggregator itself or
/// through one AuthorizedForwarder.forward(address,bytes). The answer is the median that the contract takes:
/// the observation in the middle, of an even number the upper one. Nothing for any other transaction, and for
/// a report that no aggregator takes (of another layout, out of order, of more observations than the 31
/// oracles there may be). Signatures, the sender and the aggregator's own bounds are not looked at.
[[nodiscard]] std::optional<Transmission> decode_transmission(const PendingTransaction& transaction);

}  // namespace plimsoll::strategy
