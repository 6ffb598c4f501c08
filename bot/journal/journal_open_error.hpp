// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace plimsoll::bot {

/// Why a journal could not be opened; `text` says what to do about it.
struct JournalOpenError {
    enum class Kind : std::uint8_t {
        cannot_create,  // the folder, the file or the witness cannot be made or written
        locked,         // another process holds it, or its key
        unreadable,     // it is there, but it is no journal, damaged, or of a newer program
        other_owner,    // it belongs to another chain or key
        behind,         // it knows less than its witness, or has none: an old copy, or lost
    };
    Kind kind{};
    std::string text;
};

/// The program's exit code for it: 73, 73, 66, 77, 77.
[[nodiscard]] int exit_code(JournalOpenError::Kind kind) noexcept;

[[nodiscard]] inline tl::unexpected<JournalOpenError> refuse_journal(JournalOpenError::Kind kind,
                                                                     std::string text) {
    return tl::make_unexpected(JournalOpenError{kind, std::move(text)});
}

}  // namespace plimsoll::bot
