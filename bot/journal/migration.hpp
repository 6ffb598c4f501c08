// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/journal/journal_owner.hpp"
#include "bot/journal/sqlite.hpp"

#include <cstdint>

namespace plimsoll::bot {

/// The oldest schema that can be carried over.
inline constexpr std::uint64_t kOldestSchema = 1;

/// Carries a journal of an older schema over to the present one, in one transaction: of the first, the
/// attempts with what each can cost at most, and all nonces they use as reserved; of the second, as it is.
/// Errc::storage_failed; the file is as before then.
[[nodiscard]] Result<void> migrate(Database& database, const JournalOwner& owner, std::uint64_t version);

}  // namespace plimsoll::bot
