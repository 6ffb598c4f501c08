// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace plimsoll {

/// Everything a journal says of attempts and of how intents ended, as JSON lines on standard output; by SQL
/// of its own, so that a test need not believe the reader it tests. Throws std::runtime_error if it cannot be
/// read.
void print_journal(const std::filesystem::path& folder);

}  // namespace plimsoll
