// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/journal/sqlite.hpp"
#include "signer/journal.hpp"

#include <vector>

namespace plimsoll::bot {

/// The landings of intents that ended at `from` or later, in that order. Reads only. Errc::storage_failed.
[[nodiscard]] Result<std::vector<signer::PastLanding>> read_past_landings(Database& database, Timestamp from);

}  // namespace plimsoll::bot
