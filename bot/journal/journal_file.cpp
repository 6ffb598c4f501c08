// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/journal_file.hpp"

#include "bot/journal/migration.hpp"
#include "bot/journal/schema.hpp"

#include <algorithm>
#include <string>
#include <system_error>

namespace plimsoll::bot {

namespace {

using Kind = JournalOpenError::Kind;

std::string unreadable_text(const std::string& file, const std::string& why) {
    return file + " cannot be read as a journal (" + why +
           "); restore it from a copy, never start with an empty one while its key may have transactions "
           "under "
           "way";
}

Result<void> make_tables(Database& database, const JournalOwner& owner) {
    PLIMSOLL_CHECK(database.execute("PRAGMA journal_mode=WAL; BEGIN IMMEDIATE"));
    PLIMSOLL_CHECK(database.execute(("PRAGMA application_id=" + std::to_string(kApplicationId)).c_str()));
    PLIMSOLL_CHECK(database.execute(kTables));
    PLIMSOLL_CHECK(database.execute(kRules));
    PLIMSOLL_CHECK(database.execute(kForgetting));
    PLIMSOLL_CHECK(database.prepare("INSERT INTO owner VALUES (1, ?, ?)")
                       .bind(1, owner.chain.value)
                       .bind(2, BytesView{owner.sender.bytes})
                       .run());
    return database.execute(("PRAGMA user_version=" + std::to_string(kSchemaVersion) + "; COMMIT").c_str());
}

tl::expected<void, JournalOpenError> check_sound(Database& database, const std::string& file) {
    Statement check = database.prepare("PRAGMA quick_check(1)");
    const auto checked = check.step();
    if (checked && *checked && check.text(0) == "ok") return {};
    return refuse_journal(
        Kind::unreadable,
        file + " is damaged: " + (checked ? std::string{check.text(0)} : checked.error().context));
}

/// Makes the tables in an empty file; refuses any other file than a journal of a schema we know.
tl::expected<void, JournalOpenError> establish(Database& database, const JournalOwner& owner,
                                               const std::string& file) {
    const auto version = database.number("PRAGMA user_version");
    const auto application = database.number("PRAGMA application_id");
    const auto tables = database.number("SELECT count(*) FROM sqlite_master");
    if (!version || !application || !tables) {
        return refuse_journal(Kind::unreadable,
                              unreadable_text(file, version ? "damaged" : version.error().context));
    }
    if (*tables == 0 && *version == 0) {
        const Result<void> made = make_tables(database, owner);
        if (made) return {};
        return refuse_journal(Kind::cannot_create, file + " cannot be written: " + made.error().context);
    }
    if (*application != kApplicationId)
        return refuse_journal(Kind::unreadable, file + " is not a Plimsoll journal");
    if (*version > kSchemaVersion || *version < kOldestSchema) {
        return refuse_journal(Kind::unreadable, file + " has schema version " + std::to_string(*version) +
                                                    ", this program knows " + std::to_string(kSchemaVersion) +
                                                    "; use the program that wrote it");
    }
    if (auto sound = check_sound(database, file); !sound) return sound;
    if (*version == kSchemaVersion) return {};
    const Result<void> carried = migrate(database, owner, *version);
    if (carried) return {};
    return refuse_journal(Kind::unreadable,
                          file + " cannot be carried over to the new schema: " + carried.error().context);
}

tl::expected<void, JournalOpenError> check_owner(Database& database, const JournalOwner& owner,
                                                 const std::string& file) {
    Statement row = database.prepare("SELECT chain, sender FROM owner");
    const auto found = row.step();
    if (!found || !*found) {
        return refuse_journal(Kind::unreadable,
                              file + ": " + (found ? "it names no owner" : found.error().context));
    }
    JournalOwner whose;
    whose.chain.value = row.integer(0);
    const BytesView raw = row.blob(1);
    std::copy_n(raw.begin(), std::min(raw.size(), whose.sender.bytes.size()), whose.sender.bytes.begin());
    if (whose == owner) return {};
    return refuse_journal(Kind::other_owner, file + " belongs to " + to_string(whose.sender) +
                                                 " on chain id " + std::to_string(whose.chain.value) +
                                                 ", not to " + to_string(owner.sender) + " on chain id " +
                                                 std::to_string(owner.chain.value) +
                                                 "; use another data folder");
}

}  // namespace

int exit_code(JournalOpenError::Kind kind) noexcept {
    switch (kind) {
        case Kind::cannot_create:
        case Kind::locked:
            return 73;
        case Kind::unreadable:
            return 66;
        case Kind::other_owner:
        case Kind::behind:
            return 77;
    }
    return 70;
}

tl::expected<Database, JournalOpenError> open_journal_file(const std::filesystem::path& file,
                                                           const JournalOwner& owner, const char* vfs) {
    std::error_code failed;
    const bool existed = std::filesystem::exists(file, failed);
    auto database = Database::open(file, vfs);
    if (!database)
        return refuse_journal(existed ? Kind::unreadable : Kind::cannot_create, database.error().context);
    // Until the file is in WAL mode its commits end with the removal of a rollback journal. EXTRA syncs the
    // folder after that: a removal that a power cut takes back would roll the whole file back.
    const auto mode = database->execute("PRAGMA synchronous=EXTRA; PRAGMA locking_mode=NORMAL");
    if (!mode) return refuse_journal(Kind::unreadable, unreadable_text(file.string(), mode.error().context));
    if (auto sound = establish(*database, owner, file.string()); !sound)
        return tl::make_unexpected(sound.error());
    // From here on a commit is on the disk when it returns, also across a power cut.
    const auto wal = database->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
    if (!wal)
        return refuse_journal(Kind::cannot_create,
                              file.string() + " cannot be written: " + wal.error().context);
    if (auto ours = check_owner(*database, owner, file.string()); !ours)
        return tl::make_unexpected(ours.error());
    return *std::move(database);
}

}  // namespace plimsoll::bot
