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

/// A new attempt with its bytes. In the same stroke every earlier live attempt of the nonce becomes
/// superseded.
struct InsertAttempt {
    AttemptRow row;  // status signed_
};

/// A later state of a known attempt; `block_hash` and `block_number` count for mined and the landed final
/// states.
struct UpdateAttempt {
    AttemptId id{};
    AttemptStatus status{};
    Hash32 block_hash;
    BlockNumber block_number;
};

/// What a landed attempt earned and cost; for reports, never for decisions.
struct RecordProfit {
    AttemptId id{};
    Address token;
    TokenAmount profit;
    Wei gas_cost;
};

using JournalEntry = std::variant<InsertAttempt, UpdateAttempt, RecordProfit>;

/// What a new process must know before it may sign.
struct JournalState {
    std::vector<AttemptRow> open;         // not final, by nonce and then by id
    std::optional<Nonce> highest_nonce;   // ever used, dropped ones excepted
    std::optional<Nonce> highest_landed;  // consumed by a final transaction
    AttemptId next_attempt{1};
    std::uint64_t next_intent{1};
};

/// The profit of all final confirmed attempts in one token.
struct TokenTotal {
    Address token;
    TokenAmount profit;
    std::uint64_t count{};
};

/// The durable memory of one key on one chain. Losing it stops the key. Implementations enforce the rules by
/// constraints: one live intent per nonce, one live nonce per intent key, bytes never change, a final state
/// is final.
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
