// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/log.hpp"
#include "chain/primitives/units.hpp"

#include <compare>
#include <cstdint>
#include <string_view>
#include <vector>

namespace plimsoll {

/// Index of a configured [[venue]], in file order.
using VenueId = std::uint16_t;

/// At most one non-final intent may exist for each of these, across restarts and reorgs.
struct IntentKey {
    ChainId chain;
    VenueId venue{};
    Address account;
    friend constexpr auto operator<=>(const IntentKey&, const IntentKey&) noexcept = default;
};

enum class OutcomeKind : std::uint8_t {
    confirmed,  // our transaction landed and did what it was for
    reverted,   // it landed and failed: gas is lost
    outbid,     // somebody else's liquidation of the account came first and ours was not sent or not landed
    expired,    // the deadline passed without landing
    cancelled,  // our cancellation landed instead
    refused,    // the policy said no; nothing was signed
};

[[nodiscard]] std::string_view to_string(OutcomeKind kind) noexcept;

/// How one intent ended, with the block that proves it (zero for `refused`).
struct Outcome {
    IntentKey key;
    std::uint64_t intent_id{};
    OutcomeKind kind{};
    Hash32 transaction_hash;
    Hash32 block_hash;
    BlockNumber block_number;
    Gas gas_used;
    Wei effective_gas_price;
    std::vector<Log> logs;  // of the receipt
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

}  // namespace plimsoll
