// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/primitives/log.hpp"
#include "chain/primitives/needed_fee.hpp"
#include "signer/attempt.hpp"
#include "signer/intent.hpp"
#include "signer/journal.hpp"
#include "signer/policy.hpp"
#include "signer/send_class.hpp"
#include "signer/transaction.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace plimsoll::signer {

/// What the journal held at start; must be the first event of all, also when it is empty.
struct Recovered {
    JournalState state;
};

struct IntentSubmitted {
    Intent intent;
};

/// Ends an intent that is not wanted any more: at once if nothing was sent, else by a cancellation at its
/// nonce.
struct CancelRequested {
    std::uint64_t intent_id{};
};

/// The answers to a Sign action.
struct Signed {
    AttemptId attempt{};
    SignedTransaction transaction;
};
struct SignRefused {
    AttemptId attempt{};
    Refusal refusal;
};

/// The answer to a Reserve action: nonces up to this one may be used.
struct Reserved {
    Nonce through;
};

/// The answers to a Persist action. A failure (of a Reserve or Record too) stops the key: what cannot be
/// remembered is not sent.
struct Persisted {
    AttemptId attempt{};
};
struct PersistFailed {
    AttemptId attempt{};
    std::string text;
};

/// The answer to a Send action.
struct SendResult {
    AttemptId attempt{};
    SendClass result{};
    std::string text;    // what the node said, for people
    NeededFee needed{};  // of one that it found underpriced, if it said
};

/// A node that is asked has this transaction of ours in its pool, and no block has it yet.
struct PoolSeen {
    Hash32 transaction_hash;
};

/// Somebody else liquidated the account in this block of the canonical chain.
struct OutbidSeen {
    IntentKey key;
    Hash32 block_hash;
    BlockNumber block_number;
};

/// What may close the way from an intent to a signature. Any closed gate keeps intents waiting; what is under
/// way already is still bumped, cancelled and sent again.
enum class GateReason : std::uint8_t {
    paused,        // by the operator
    killed,        // by the kill switch: not even a bump is signed, only cancellations
    balance_low,   // below what must stay for cancellations
    spend_budget,  // used up for now
    loss_breaker,  // open after losses
};

struct Gate {
    GateReason reason{};
    bool closed{};
};

/// Whether our own address has code (EIP-7702): nodes keep one transaction in flight for such a key.
struct Delegated {
    bool delegated{};
};

/// What recent blocks paid as a tip, per gas (fees::recent_tip).
struct TipsSeen {
    Wei tip;
};

/// How the base fee follows the load from now on: chains of the OP stack tell it in their headers.
struct FeeRuleSeen {
    fees::Elasticity elasticity;
};

/// The tip of the canonical chain moved to this block.
struct HeadSeen {
    Head head;
};

/// A block left the canonical chain; told for each, before the HeadSeen of the new branch.
struct HeadUndone {
    Hash32 hash;
};

struct Receipt {
    Hash32 transaction_hash;
    Hash32 block_hash;
    BlockNumber block_number;
    bool success{};
    Gas gas_used;
    Wei effective_gas_price;
    std::vector<Log> logs;
    Wei data_fee{};  // taken for the bytes, beside the gas
};

/// The answer to a ReceiptQuery: no receipt means the node knew of none when it was asked. A failed query is
/// not told; it is asked again at the next head.
struct ReceiptSeen {
    Hash32 transaction_hash;
    std::optional<Receipt> receipt;
    std::optional<BlockNumber>
        asked_at;  // `head` of the query; without it, the latest query is taken to be meant
};

/// The answer to a NonceQuery: eth_getTransactionCount at "latest" and "pending".
struct NonceRead {
    Nonce latest;
    Nonce pending;
};

/// Time passes; `now` is wall-clock seconds. Once a second is enough.
struct Tick {
    Timestamp now;
};

/// Send nothing from now on; what is out stays watched until the shell ends.
struct Stop {};

using SignerEvent =
    std::variant<Recovered, IntentSubmitted, CancelRequested, Signed, SignRefused, Reserved, Persisted,
                 PersistFailed, SendResult, PoolSeen, OutbidSeen, Gate, Delegated, TipsSeen, FeeRuleSeen,
                 HeadSeen, HeadUndone, ReceiptSeen, NonceRead, Tick, Stop>;

}  // namespace plimsoll::signer
