// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/journal/file_lock.hpp"
#include "bot/journal/journal_owner.hpp"

namespace plimsoll::bot {

/// One keeper a key and chain, whatever data folders they use: a lock named after both in `folder`, which is
/// made with mode 0700. It reaches as far as the folder does: not to another machine, container or user.
[[nodiscard]] tl::expected<FileLock, FileLock::Failure> lock_key(const std::filesystem::path& folder,
                                                                 const JournalOwner& owner);

/// Where such locks lie for this user: `$XDG_RUNTIME_DIR/plimsoll`, else `/tmp/plimsoll-<uid>`.
[[nodiscard]] std::filesystem::path key_lock_folder();

}  // namespace plimsoll::bot
