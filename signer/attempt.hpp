// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/fees/fee_quote.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/outcome.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>
#include <string_view>

namespace plimsoll::signer {

/// Numbers attempts in the order they were made; unique in the journal.
using AttemptId = std::uint64_t;

/// What a transaction of ours is for. The policy knows the shape of each.
enum class Purpose : std::uint8_t {
    execute,  // a call of the Executor
    cancel,   // nothing to ourselves, to consume a nonce
};

[[nodiscard]] std::string_view to_string(Purpose purpose) noexcept;

/// Where an attempt stands, as the journal keeps it. Every state but `dropped` counts as "may have been
/// sent" once the process that wrote it is gone. Progress is forward only, but for
/// mined -> reorged -> sent ...
enum class AttemptStatus : std::uint8_t {
    armed,       // durable: its unsigned fields and its hash; fired only after that, if at all
    signed_,     // durable with its bytes; perhaps sent, perhaps not
    maybe_sent,  // handed out, no clear answer
    sent,        // a node took it
    seen,        // a node shows it in its pool when it is asked, or had it already when we sent it
    superseded,  // another attempt of the nonce was made after it; it may still land
    mined,       // in a block that is not final yet
    reorged,     // its block left the chain; it is sent again, byte for byte
    confirmed,   // final: landed and succeeded
    reverted,    // final: landed and failed
    replaced,    // final: another attempt of the nonce landed, or a foreign transaction
    dropped,     // final: never handed to any node; its nonce was given back
};

[[nodiscard]] std::string_view to_string(AttemptStatus status) noexcept;

/// confirmed, reverted, replaced and dropped: nothing is watched any more.
[[nodiscard]] constexpr bool is_final(AttemptStatus status) noexcept {
    return status >= AttemptStatus::confirmed;
}

/// One transaction for an intent, with all that recovery needs. A cancel attempt carries the intent it
/// cancels.
struct AttemptRow {
    AttemptId id{};
    std::uint64_t intent_id{};
    IntentKey key;
    Purpose purpose{};
    Nonce nonce;
    Hash32 hash;
    Bytes raw;  // what is sent, byte for byte; of an armed one, what is to be signed (and `hash` is of the
                // signed bytes)
    fees::FeeQuote fee;
    BlockNumber last_block;
    Usd value_at_stake;
    Wei ceiling;  // the most it can take from the balance: gas limit x fee cap + value
    AttemptStatus status{};
    BlockNumber first_head;    // newest block when anything was first made for its nonce; 0 while only armed
    Hash32 block_hash;         // where it is mined; else zero
    BlockNumber block_number;  // likewise
    friend bool operator==(const AttemptRow&, const AttemptRow&) = default;
};

}  // namespace plimsoll::signer
