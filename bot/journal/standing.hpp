// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/journal/journal_open_error.hpp"
#include "bot/journal/sqlite.hpp"
#include "bot/journal/witness.hpp"

#include <optional>
#include <string>

namespace plimsoll::bot {

/// Where the paths and the owner come from that a refusal names.
struct StandingNames {
    std::string journal;
    std::string witness;
    Address sender;
};

/// Compares the journal with its witness and begins a new epoch in both, the journal first. Refused
/// (`behind`) if the journal knows less than the witness, or lost its witness; not so with `adopt`, which
/// must be above every nonce that is final. What is returned is what the witness says from now on.
[[nodiscard]] tl::expected<WitnessRecord, JournalOpenError> take_up(Database& database, Witness& witness,
                                                                    std::optional<Nonce> adopt,
                                                                    const StandingNames& names);

/// Milliseconds since the Unix epoch, for columns that tell people when.
[[nodiscard]] std::uint64_t wall_clock_ms();

}  // namespace plimsoll::bot
