// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/sqlite_journal.hpp"

#include "bot/journal/attempt_codec.hpp"
#include "bot/journal/file_lock.hpp"
#include "bot/journal/schema.hpp"
#include "bot/journal/sqlite.hpp"

#include <chrono>
#include <map>
#include <string>
#include <system_error>
#include <utility>

namespace plimsoll::bot {

namespace {

using Kind = JournalOpenError::Kind;

std::uint64_t now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

tl::unexpected<JournalOpenError> refuse(Kind kind, std::string text) {
    return tl::make_unexpected(JournalOpenError{kind, std::move(text)});
}

/// Makes the table in an empty file; refuses any other file than a journal of this schema.
tl::expected<void, JournalOpenError> establish(Database& database, const std::string& file) {
    const auto version = database.number("PRAGMA user_version");
    const auto application = database.number("PRAGMA application_id");
    const auto tables = database.number("SELECT count(*) FROM sqlite_master");
    if (!version || !application || !tables) {
        return refuse(Kind::unreadable,
                      file + " cannot be read as a journal (" +
                          (version ? "damaged" : version.error().context) +
                          "); restore it from a copy, never start with an empty one while its key may have "
                          "transactions under way");
    }
    if (*tables == 0 && *version == 0) {
        const std::string script = "PRAGMA journal_mode=WAL; BEGIN IMMEDIATE; PRAGMA application_id=" +
                                   std::to_string(kApplicationId) + "; " + kSchema +
                                   "PRAGMA user_version=" + std::to_string(kSchemaVersion) + "; COMMIT";
        const auto made = database.execute(script.c_str());
        if (!made) return refuse(Kind::cannot_create, file + " cannot be written: " + made.error().context);
        return {};
    }
    if (*application != kApplicationId) return refuse(Kind::unreadable, file + " is not a Plimsoll journal");
    if (*version != kSchemaVersion) {
        return refuse(Kind::unreadable, file + " has schema version " + std::to_string(*version) +
                                            ", this program knows " + std::to_string(kSchemaVersion) +
                                            "; use the program that wrote it");
    }
    Statement check = database.prepare("PRAGMA quick_check(1)");
    const auto checked = check.step();
    if (!checked || !*checked || check.text(0) != "ok") {
        return refuse(Kind::unreadable, file + " is damaged: " +
                                            (checked ? std::string{check.text(0)} : checked.error().context));
    }
    return {};
}

tl::expected<void, JournalOpenError> check_owner(Database& database, const JournalOwner& owner,
                                                 const std::string& file) {
    Statement any = database.prepare("SELECT chain, sender FROM attempts LIMIT 1");
    const auto row = any.step();
    if (!row) return refuse(Kind::unreadable, file + ": " + row.error().context);
    if (!*row) return {};
    Address sender;
    const BytesView raw = any.blob(1);
    std::copy_n(raw.begin(), std::min(raw.size(), sender.bytes.size()), sender.bytes.begin());
    if (any.integer(0) == owner.chain.value && sender == owner.sender) return {};
    return refuse(Kind::other_owner, file + " belongs to " + to_string(sender) + " on chain id " +
                                         std::to_string(any.integer(0)) + ", not to " +
                                         to_string(owner.sender) + " on chain id " +
                                         std::to_string(owner.chain.value) + "; use another data folder");
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
            return 77;
    }
    return 70;
}

struct SqliteJournal::Impl {
    FileLock lock;
    Database database;  // closed before the lock goes
    JournalOwner owner;
    Statement supersede;
    Statement insert;
    Statement update;
    Statement profit;

    Impl(FileLock held, Database opened, const JournalOwner& whose)
        : lock{std::move(held)},
          database{std::move(opened)},
          owner{whose},
          supersede{database.prepare("UPDATE attempts SET status = 'superseded', updated_ms = ?1 WHERE nonce "
                                     "= ?2 AND status IN ('signed', 'sent')")},
          insert{database.prepare(std::string{"INSERT INTO attempts ("} + kAttemptColumns +
                                  ", sender, created_ms, updated_ms) VALUES "
                                  "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?18,?19,?19)")},
          update{database.prepare("UPDATE attempts SET status = ?1, block_hash = ?2, block_number = ?3, "
                                  "updated_ms = ?4 WHERE id = ?5 RETURNING 1")},
          profit{database.prepare(
              "UPDATE attempts SET profit_token = ?1, profit = ?2, gas_cost = ?3, updated_ms = ?4 "
              "WHERE id = ?5 RETURNING 1")} {}

    Result<void> put(const signer::InsertAttempt& entry) {
        if (entry.row.key.chain != owner.chain)
            return fail(Errc::storage_failed, "an attempt on another chain");
        PLIMSOLL_CHECK(supersede.bind(1, now_ms()).bind(2, entry.row.nonce.value).run());
        bind_attempt(insert, entry.row);
        return insert.bind(18, BytesView{owner.sender.bytes}).bind(19, now_ms()).run();
    }
    Result<void> put(const signer::UpdateAttempt& entry) {
        const bool landed = entry.status == signer::AttemptStatus::mined ||
                            entry.status == signer::AttemptStatus::confirmed ||
                            entry.status == signer::AttemptStatus::reverted;
        update.bind(1, to_string(entry.status));
        if (landed) {
            update.bind(2, BytesView{entry.block_hash.bytes}).bind(3, entry.block_number.value);
        } else {
            update.bind_null(2).bind_null(3);
        }
        return touch(update.bind(4, now_ms()).bind(5, entry.id), entry.id);
    }
    Result<void> put(const signer::RecordProfit& entry) {
        profit.bind(1, BytesView{entry.token.bytes})
            .bind(2, to_decimal(entry.profit.raw()))
            .bind(3, to_decimal(entry.gas_cost.raw()));
        return touch(profit.bind(4, now_ms()).bind(5, entry.id), entry.id);
    }
    /// Runs an UPDATE ... RETURNING, which must meet its row.
    static Result<void> touch(Statement& statement, signer::AttemptId id) {
        const Result<bool> met = statement.step();
        statement.reset();
        if (!met) return tl::make_unexpected(met.error());
        if (!*met) return fail(Errc::storage_failed, "the journal has no attempt " + std::to_string(id));
        return {};
    }
};

SqliteJournal::SqliteJournal(std::unique_ptr<Impl> impl) noexcept : impl_{std::move(impl)} {}
SqliteJournal::~SqliteJournal() = default;

tl::expected<std::unique_ptr<SqliteJournal>, JournalOpenError> SqliteJournal::open(
    const std::filesystem::path& folder, const JournalOwner& owner) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return refuse(Kind::cannot_create, folder.string() + " cannot be made: " + failed.message());
    auto lock = FileLock::take(folder / "journal.lock");
    if (!lock) return refuse(lock.error().held ? Kind::locked : Kind::cannot_create, lock.error().text);

    const std::filesystem::path file = folder / "journal.sqlite";
    const bool existed = std::filesystem::exists(file, failed);
    auto database = Database::open(file);
    if (!database) return refuse(existed ? Kind::unreadable : Kind::cannot_create, database.error().context);
    if (auto sound = establish(*database, file.string()); !sound) return tl::make_unexpected(sound.error());
    // A commit is on the disk when it returns, also across a power cut.
    const auto mode =
        database->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA locking_mode=NORMAL");
    if (!mode)
        return refuse(Kind::cannot_create, file.string() + " cannot be written: " + mode.error().context);
    if (auto ours = check_owner(*database, owner, file.string()); !ours)
        return tl::make_unexpected(ours.error());
    auto impl = std::make_unique<Impl>(*std::move(lock), *std::move(database), owner);
    return std::unique_ptr<SqliteJournal>{new SqliteJournal{std::move(impl)}};
}

Result<void> SqliteJournal::write(std::span<const signer::JournalEntry> entries) {
    PLIMSOLL_CHECK(impl_->database.execute("BEGIN IMMEDIATE"));
    for (const signer::JournalEntry& entry : entries) {
        const Result<void> put = std::visit([this](const auto& one) { return impl_->put(one); }, entry);
        if (put) continue;
        // The first error is the one to tell; SQLite may have rolled back by itself already.
        static_cast<void>(impl_->database.execute("ROLLBACK"));
        return put;
    }
    const Result<void> committed = impl_->database.execute("COMMIT");
    if (!committed) static_cast<void>(impl_->database.execute("ROLLBACK"));
    return committed;
}

Result<std::uint64_t> SqliteJournal::synchronous() {
    return impl_->database.number("PRAGMA synchronous");
}

Result<signer::JournalState> SqliteJournal::load() {
    signer::JournalState out;
    Statement rows =
        impl_->database.prepare(std::string{"SELECT "} + kAttemptColumns +
                                " FROM attempts WHERE status IN ('signed', 'sent', 'superseded', 'mined') "
                                "ORDER BY nonce, id");
    while (true) {
        PLIMSOLL_TRY(const bool more, rows.step());
        if (!more) break;
        PLIMSOLL_TRY(signer::AttemptRow row, read_attempt(rows));
        out.open.push_back(std::move(row));
    }
    Statement marks = impl_->database.prepare(
        "SELECT max(nonce) FILTER (WHERE status <> 'dropped'), "
        "max(nonce) FILTER (WHERE status IN ('confirmed', 'reverted', 'replaced')), "
        "ifnull(max(id), 0) + 1, ifnull(max(intent_id), 0) + 1 FROM attempts");
    PLIMSOLL_TRY(const bool found, marks.step());
    if (!found) return fail(Errc::storage_failed, "the journal gave no answer");
    if (!marks.is_null(0)) out.highest_nonce = Nonce{marks.integer(0)};
    if (!marks.is_null(1)) out.highest_landed = Nonce{marks.integer(1)};
    out.next_attempt = marks.integer(2);
    out.next_intent = marks.integer(3);
    return out;
}

Result<std::vector<signer::TokenTotal>> SqliteJournal::profit_by_token() {
    Statement rows = impl_->database.prepare(
        "SELECT profit_token, profit FROM attempts WHERE status = 'confirmed' AND profit IS NOT NULL");
    std::map<Address, signer::TokenTotal> totals;
    while (true) {
        PLIMSOLL_TRY(const bool more, rows.step());
        if (!more) break;
        Address token;
        const BytesView raw = rows.blob(0);
        std::copy_n(raw.begin(), std::min(raw.size(), token.bytes.size()), token.bytes.begin());
        PLIMSOLL_TRY(const U256 profit, parse_decimal(rows.text(1)));
        signer::TokenTotal& total = totals[token];
        total.token = token;
        total.profit += TokenAmount{profit};
        ++total.count;
    }
    std::vector<signer::TokenTotal> out;
    for (const auto& entry : totals)
        out.push_back(entry.second);
    return out;
}

}  // namespace plimsoll::bot
