// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/units.hpp"
#include "signer/journal.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace plimsoll::bot {

/// Whose journal it is. Every row names its owner; a journal with rows of another one is refused.
struct JournalOwner {
    ChainId chain;
    Address sender;
};

/// Why a journal could not be opened; `text` says what to do about it.
struct JournalOpenError {
    enum class Kind : std::uint8_t {
        cannot_create,  // the folder or the file cannot be made or written
        locked,         // another process holds it
        unreadable,     // it is there, but it is no journal, damaged, or of a newer program
        other_owner,    // it belongs to another chain or key
    };
    Kind kind{};
    std::string text;
};

/// The program's exit code for it: 73, 73, 66, 77.
[[nodiscard]] int exit_code(JournalOpenError::Kind kind) noexcept;

/// The journal in one SQLite table, `<folder>/journal.sqlite` (WAL, synchronous=FULL). One process at a time:
/// a lock on
/// `<folder>/journal.lock`, which names its owner's pid, is held until the object goes. Not for use by
/// several threads at once.
class SqliteJournal final : public signer::Journal {
  public:
    /// Creates folder and file when they are missing.
    [[nodiscard]] static tl::expected<std::unique_ptr<SqliteJournal>, JournalOpenError> open(
        const std::filesystem::path& folder, const JournalOwner& owner);
    ~SqliteJournal() override;

    [[nodiscard]] Result<void> write(std::span<const signer::JournalEntry> entries) override;
    [[nodiscard]] Result<signer::JournalState> load() override;
    [[nodiscard]] Result<std::vector<signer::TokenTotal>> profit_by_token() override;

    /// SQLite's synchronous setting of this connection: 2 is FULL.
    [[nodiscard]] Result<std::uint64_t> synchronous();

    SqliteJournal(const SqliteJournal&) = delete;
    SqliteJournal& operator=(const SqliteJournal&) = delete;
    SqliteJournal(SqliteJournal&&) = delete;
    SqliteJournal& operator=(SqliteJournal&&) = delete;

  private:
    struct Impl;
    explicit SqliteJournal(std::unique_ptr<Impl> impl) noexcept;
    std::unique_ptr<Impl> impl_;
};

}  // namespace plimsoll::bot
