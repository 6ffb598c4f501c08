// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace plimsoll::signer {

/// What a node's answer to eth_sendRawTransaction means for the attempt.
enum class SendClass : std::uint8_t {
    accepted,                 // a hash came back, and it is ours
    already_known,            // the node has these very bytes: as good as accepted
    nonce_too_low,            // something with this nonce is mined: ours or not, the receipts tell
    nonce_too_high,           // the node misses a lower nonce
    replacement_underpriced,  // another transaction holds the nonce in its pool
    underpriced,              // fee below what the node or the base fee wants
    unfunded,                 // the balance does not cover gas limit x fee cap
    invalid,                  // refused for good: gas limits, size, chain id, or it would revert
    node_capped,              // above the fee that this node sends on at all: no higher one will do
    foreign,                  // the node says that something else uses our address
    unknown,                  // anything else, timeouts and cut connections too: maybe sent
};

[[nodiscard]] std::string_view to_string(SendClass sent) noexcept;

}  // namespace plimsoll::signer
