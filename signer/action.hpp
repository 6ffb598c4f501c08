// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/outcome.hpp"
#include "signer/attempt.hpp"
#include "signer/journal.hpp"
#include "signer/transaction.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace plimsoll::signer {

/// Make all nonces up to this one ours (ReserveNonces); answer with Reserved or PersistFailed.
struct Reserve {
    Nonce through;
};

/// Let the policy judge and the key sign these fields; answer with Signed or SignRefused. The nonce in them
/// is reserved. `data_fee` is the most that a rollup takes for the bytes, beside the gas.
struct Sign {
    AttemptId attempt{};
    std::uint64_t intent_id{};
    Purpose purpose{};
    Transaction fields;
    bool armed{};  // held ready, not decided upon: most such signatures are never used
    Wei data_fee{};
};

/// What was to be signed is not wanted any more, and no row of it is durable: it costs nothing.
struct Discarded {
    AttemptId attempt{};
};

/// Make this row durable (InsertAttempt), in the order told; answer with Persisted or PersistFailed.
struct Persist {
    AttemptRow row;
};

/// Note later states in the journal, all of them or none, in order with the Persist actions. Nothing waits
/// for it.
struct Record {
    std::vector<JournalEntry> entries;  // UpdateAttempt and EndIntent
};

/// Hand these bytes to the network, byte for byte; answer with SendResult. Never told before the row is
/// durable.
struct Send {
    AttemptId attempt{};
    Nonce nonce;
    Hash32 hash;
    Bytes raw;
    std::uint32_t repeat{};  // 0 for the first time
    // What the choice of lanes needs to know:
    Purpose purpose{};
    BlockNumber last_block;  // of no use in a later one; 0 for what has no deadline
    BlockNumber head;        // the newest one we know
    BlockNumber first_head;  // the one when its nonce's story began, in this process or an earlier one
};

/// Ask for eth_getTransactionReceipt; answer with ReceiptSeen, which gives `head` back.
struct ReceiptQuery {
    Hash32 transaction_hash;
    BlockNumber head;  // the newest one we know
    bool pool{};       // if there is no receipt: also whether a pool has it; answer with PoolSeen if so
};
/// Ask for the sender's transaction counts; answer with NonceRead.
struct NonceQuery {};
using Query = std::variant<ReceiptQuery, NonceQuery>;

/// A Tick is wanted no later than this.
struct Wait {
    Timestamp until;
};

enum class ReportStage : std::uint8_t {
    included,  // landed in a block that may still be undone
    undone,    // that block was undone; the intent is under way again
    final,     // nothing can change it any more; the last word on the intent
};

[[nodiscard]] std::string_view to_string(ReportStage stage) noexcept;

/// What an intent came to. `included` (confirmed or reverted) comes at most once a landing and always before
/// its `final`. Intents that never land go straight to `final`.
struct Report {
    ReportStage stage{};
    AttemptId attempt{};  // the landed one; 0 if nothing landed
    Purpose purpose{};    // of the landed one
    Outcome outcome;
    std::string text;  // why, for refusals and expiries
    Wei data_fee{};    // that the landed one paid for its bytes, beside the gas
};

enum class DeclineReason : std::uint8_t {
    already_pending,  // an intent of the same key is not final
    stopping,
    key_stopped,
    queue_full,
};

[[nodiscard]] std::string_view to_string(DeclineReason reason) noexcept;

/// An intent that was not taken at all; nothing about it is remembered.
struct Declined {
    std::uint64_t intent_id{};
    IntentKey key;
    DeclineReason reason{};
};

/// What a person should know; formatted by the shell.
struct Notice {
    enum class Kind : std::uint8_t {
        recovered,      // rows of an earlier run are under way again
        replaced,       // a stuck attempt got a higher fee
        reused,         // a nonce that only had to be consumed went to a waiting intent
        cap_reached,    // a stuck attempt may not be raised any further
        cancelling,     // a nonce is being consumed by a transfer to ourselves
        unfunded,       // new intents wait until the balance covers them
        send_rejected,  // a node refused bytes
        signer_failed,  // no signature came: intents wait, what is signed goes on
        journal_ahead,  // the journal knows more than the chain: lagging node or another chain; nothing is
                        // sent
        pending_elsewhere,  // the node knows pending transactions of the key that we do not; nothing is sent
        unaccounted,  // told at start: the chain used nonces that the journal does not know; the key stops
                      // until they are adopted
        key_stopped,  // foreign use of the key or a failed journal: nothing is sent any more
    };
    Kind kind{};
    std::string text;
};

using Action =
    std::variant<Reserve, Sign, Discarded, Persist, Record, Send, Query, Wait, Report, Declined, Notice>;
/// In order; owned by the caller and reused.
using Actions = std::vector<Action>;

}  // namespace plimsoll::signer
