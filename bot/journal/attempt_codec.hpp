// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/journal/sqlite.hpp"
#include "signer/attempt.hpp"

namespace plimsoll::bot {

/// The columns of an attempt in the order bind_attempt and read_attempt use.
inline constexpr const char* kAttemptColumns =
    "id, intent_id, chain, venue, account, purpose, nonce, hash, raw, base_fee, max_fee, priority_fee, "
    "last_block, value_at_stake, ceiling, status, block_hash, block_number, first_head";
inline constexpr int kAttemptColumnCount = 19;

/// Binds all columns from place 1 on.
void bind_attempt(Statement& statement, const signer::AttemptRow& row);
/// Reads the columns from 0 on. Errc::storage_failed if one holds what this program never writes.
[[nodiscard]] Result<signer::AttemptRow> read_attempt(const Statement& statement);

}  // namespace plimsoll::bot
