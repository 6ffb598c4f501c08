// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/journal/journal_owner.hpp"
#include "bot/journal/sqlite.hpp"

namespace plimsoll::bot {

/// The older schema that can be carried over.
inline constexpr int kMigratedVersion = 1;

/// Carries a journal of schema 1 over to the present one, in one transaction: the attempts with what each can
/// cost at most, all nonces they use as reserved. Errc::storage_failed; the file is as before then.
[[nodiscard]] Result<void> migrate(Database& database, const JournalOwner& owner);

}  // namespace plimsoll::bot
