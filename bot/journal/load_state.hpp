// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/journal/sqlite.hpp"
#include "signer/journal.hpp"

namespace plimsoll::bot {

/// What a new process must know, read from a journal's file. `now` bounds the spends that still count. Reads
/// only. Errc::storage_failed.
[[nodiscard]] Result<signer::JournalState> load_state(Database& database, Timestamp now);

}  // namespace plimsoll::bot
