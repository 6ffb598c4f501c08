// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/journal/journal_open_error.hpp"
#include "bot/journal/journal_owner.hpp"
#include "bot/journal/sqlite.hpp"

#include <filesystem>

namespace plimsoll::bot {

/// Opens or makes the journal's file: tables, rules, owner, durability. A file of an older schema is carried
/// over in one stroke; any other file is refused.
[[nodiscard]] tl::expected<Database, JournalOpenError> open_journal_file(const std::filesystem::path& file,
                                                                         const JournalOwner& owner,
                                                                         const char* vfs);

}  // namespace plimsoll::bot
