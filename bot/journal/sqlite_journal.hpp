// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/journal/journal_open_error.hpp"
#include "bot/journal/journal_owner.hpp"
#include "bot/journal/witness.hpp"
#include "signer/journal.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace plimsoll::bot {

/// Where things lie, and what the operator says about them.
struct JournalOptions {
    std::filesystem::path witness;      // empty: `witness` in the journal's folder
    std::filesystem::path lock_folder;  // for the lock of the key; empty: only the folder's own lock
    /// The operator's word that the chain's next nonce is this one: a journal that is behind its witness, or
    /// has none, is taken all the same.
    std::optional<Nonce> adopt;
    std::unique_ptr<WitnessFile> witness_file;  // in place of the file at `witness`; for tests
    const char* vfs = nullptr;                  // SQLite's VFS by name; for tests
};

/// The journal in a SQLite file, `<folder>/journal.sqlite` (WAL, synchronous=FULL), and its witness on
/// another path. One process at a time: a lock on `<folder>/journal.lock`, which names its owner's pid, and
/// one named after chain and key are held until the object goes. Not for use by several threads at once.
class SqliteJournal final : public signer::Journal {
  public:
    /// Creates folder and files when they are missing, and begins a new epoch.
    [[nodiscard]] static tl::expected<std::unique_ptr<SqliteJournal>, JournalOpenError> open(
        const std::filesystem::path& folder, const JournalOwner& owner, JournalOptions options = {});
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
