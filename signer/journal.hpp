// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "signer/attempt.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace plimsoll::signer {

/// From now on every nonce up to `through` may be used. The witness on its other path is synced before this
/// counts as durable.
struct ReserveNonces {
    Nonce through;
};

/// A new attempt with its bytes, or an armed one with what is to be signed. Its nonce must be reserved. In
/// the same stroke every earlier live attempt of the nonce becomes superseded, unless the new one is only
/// armed.
struct InsertAttempt {
    AttemptRow row;  // status signed_ or armed
};

/// A later state of a known attempt; `block_hash` and `block_number` count for mined and the landed final
/// states. An armed one that was fired becomes maybe_sent.
struct UpdateAttempt {
    AttemptId id{};
    AttemptStatus status{};
    Hash32 block_hash;
    BlockNumber block_number;
    std::optional<Wei> cost{};                // of the landed final states: gas used x price paid
    std::optional<BlockNumber> first_head{};  // of one that was fired, which its row could not know
};

/// The last word on an intent, once: after the updates that make all its attempts final, best in the same
/// stroke. For an intent that never had an attempt too. The block is what proves it, never zero: of the
/// landing; of the other's liquidation; where the nonce was consumed; or the head at which an unsent one
/// ended.
struct EndIntent {
    std::uint64_t intent_id{};
    OutcomeKind kind{};
    Hash32 block_hash;
    BlockNumber block_number;
    std::string text;
};

/// What a landed attempt earned and cost; the cost counts as what its nonce really spent.
struct RecordProfit {
    AttemptId id{};
    Address token;
    TokenAmount profit;
    Wei gas_cost;
};

using JournalEntry = std::variant<ReserveNonces, InsertAttempt, UpdateAttempt, EndIntent, RecordProfit>;

/// What one nonce may cost, and what it did cost.
struct Spend {
    Nonce nonce;
    Wei ceiling;              // the highest of its attempts that may have been sent
    std::optional<Wei> cost;  // once it is final; zero if no attempt of ours landed
    Timestamp at;             // when its first attempt was made
    friend bool operator==(const Spend&, const Spend&) = default;
};

/// An intent that had attempts, none of which can land any more, and that waited for another nonce when the
/// process ended.
struct LooseIntent {
    std::uint64_t id{};
    IntentKey key;
    BlockNumber last_block;
    Hash32 block_hash;         // where something else of ours consumed its nonce; zero if nothing of ours did
    BlockNumber block_number;  // likewise
    friend bool operator==(const LooseIntent&, const LooseIntent&) = default;
};

/// An intent's transaction that landed for good.
struct PastLanding {
    std::uint64_t intent_id{};
    Timestamp sent;   // when the first attempt of the intent was made
    Timestamp ended;  // when its last word was written
    Wei cost;         // its ceiling, if what it really took was not written down
    Address token;    // of the profit
    TokenAmount profit;
    friend bool operator==(const PastLanding&, const PastLanding&) = default;
};

/// What a new process must know before it may sign.
struct JournalState {
    std::vector<AttemptRow> open;         // not final, by nonce and then by id
    std::vector<LooseIntent> loose;       // without a last word, though nothing of them is open
    std::optional<Nonce> highest_nonce;   // ever used, dropped ones excepted
    std::optional<Nonce> highest_landed;  // consumed by a final transaction
    AttemptId next_attempt{1};
    std::uint64_t next_intent{1};
    std::optional<Nonce> reserved;  // every nonce up to this one may be used
    /// The operator's word that the chain's next nonce is this one, because the journal may lack what came
    /// before. While no attempt at or above it was made, nothing is signed until latest == pending == it;
    /// below it, a nonce that none of our hashes consumed is no foreign use.
    std::optional<Nonce> adopted;
    std::uint64_t epoch{};              // counts the openings of the journal
    std::vector<Spend> spends;          // of the last 24 hours, and all that are not final; by nonce
    std::vector<PastLanding> landings;  // that ended within the last 24 hours, in that order
};

/// The profit of all final confirmed attempts in one token.
struct TokenTotal {
    Address token;
    TokenAmount profit;
    std::uint64_t count{};
};

/// The durable memory of one key on one chain. Losing it stops the key. Implementations enforce the rules by
/// constraints: no attempt at a nonce that is not reserved or is consumed, an intent under way at one nonce
/// only and never after it landed or ended, one open intent a key, both fees raised by a replacement, bytes
/// never change, a final state is final.
class Journal {
  public:
    virtual ~Journal() = default;
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    Journal(Journal&&) = delete;
    Journal& operator=(Journal&&) = delete;

    /// All or nothing, and durable when it returns. Errc::storage_failed: nothing of it may be acted upon;
    /// the key must stop.
    [[nodiscard]] virtual Result<void> write(std::span<const JournalEntry> entries) = 0;
    [[nodiscard]] virtual Result<JournalState> load() = 0;
    [[nodiscard]] virtual Result<std::vector<TokenTotal>> profit_by_token() = 0;

  protected:
    Journal() = default;
};

}  // namespace plimsoll::signer
