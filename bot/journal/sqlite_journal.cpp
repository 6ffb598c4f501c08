// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/sqlite_journal.hpp"

#include "bot/journal/attempt_codec.hpp"
#include "bot/journal/file_lock.hpp"
#include "bot/journal/journal_file.hpp"
#include "bot/journal/key_lock.hpp"
#include "bot/journal/load_state.hpp"
#include "bot/journal/sqlite.hpp"
#include "bot/journal/standing.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace plimsoll::bot {

namespace {

using Kind = JournalOpenError::Kind;

/// Where the journal's file lies in its folder.
std::filesystem::path journal_file(const std::filesystem::path& folder) {
    return folder / "journal.sqlite";
}

}  // namespace

struct SqliteJournal::Impl {
    FileLock folder_lock;
    std::optional<FileLock> key_lock;
    Database database;  // closed before the locks go
    JournalOwner owner;
    Witness witness;
    WitnessRecord known;
    Statement reserve;
    Statement supersede;
    Statement insert;
    Statement update;
    Statement forget;
    Statement end;
    Statement profit;

    Impl(FileLock folder, std::optional<FileLock> key, Database opened, const JournalOwner& whose,
         Witness beside, const WitnessRecord& standing)
        : folder_lock{std::move(folder)},
          key_lock{std::move(key)},
          database{std::move(opened)},
          owner{whose},
          witness{std::move(beside)},
          known{standing},
          reserve{database.prepare("INSERT INTO reservations VALUES (?1, ?2, ?3)")},
          supersede{
              database.prepare("UPDATE attempts SET status = 'superseded', updated_ms = ?1 WHERE nonce "
                               "= ?2 AND status IN ('signed', 'maybe_sent', 'sent', 'seen', 'reorged')")},
          insert{database.prepare(std::string{"INSERT INTO attempts ("} + kAttemptColumns +
                                  ", sender, created_ms, updated_ms) VALUES "
                                  "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?20,?21,?21)")},
          update{database.prepare("UPDATE attempts SET status = ?1, block_hash = ?2, block_number = ?3, "
                                  "gas_cost = ifnull(?4, gas_cost), updated_ms = ?5, first_head = "
                                  "ifnull(?7, first_head) WHERE id = ?6")},
          forget{database.prepare("DELETE FROM attempts WHERE id = ?1 AND status = 'armed'")},
          end{database.prepare("INSERT INTO intents VALUES (?1, ?2, ?3, ?4, ?5, ?6)")},
          profit{database.prepare(
              "UPDATE attempts SET profit_token = ?1, profit = ?2, gas_cost = ?3, updated_ms = ?4 "
              "WHERE id = ?5")} {}

    Result<void> put(const signer::ReserveNonces& entry, WitnessRecord& then) {
        if (then.reserved && entry.through <= *then.reserved) return {};
        then.reserved = entry.through;
        return reserve.bind(1, entry.through.value).bind(2, then.epoch).bind(3, wall_clock_ms()).run();
    }
    Result<void> put(const signer::InsertAttempt& entry, WitnessRecord& then) {
        const signer::AttemptRow& row = entry.row;
        if (row.key.chain != owner.chain) return fail(Errc::storage_failed, "an attempt on another chain");
        if (row.status != signer::AttemptStatus::armed)
            PLIMSOLL_CHECK(supersede.bind(1, wall_clock_ms()).bind(2, row.nonce.value).run());
        then.last_attempt = std::max(then.last_attempt, row.id);
        then.last_intent = std::max(then.last_intent, row.intent_id);
        bind_attempt(insert, row);
        return insert.bind(20, BytesView{owner.sender.bytes}).bind(21, wall_clock_ms()).run();
    }
    Result<void> put(const signer::UpdateAttempt& entry, WitnessRecord& /*then*/) {
        if (entry.status == signer::AttemptStatus::dropped) {
            PLIMSOLL_CHECK(forget.bind(1, entry.id).run());
            if (database.changed() != 0) return {};
        }
        const bool landed = entry.status == signer::AttemptStatus::mined ||
                            entry.status == signer::AttemptStatus::confirmed ||
                            entry.status == signer::AttemptStatus::reverted;
        update.bind(1, to_string(entry.status));
        if (landed) {
            update.bind(2, BytesView{entry.block_hash.bytes}).bind(3, entry.block_number.value);
        } else {
            update.bind_null(2).bind_null(3);
        }
        if (entry.cost) {
            update.bind(4, to_decimal(entry.cost->raw()));
        } else {
            update.bind_null(4);
        }
        if (entry.first_head) {
            update.bind(7, entry.first_head->value);
        } else {
            update.bind_null(7);
        }
        return touch(update.bind(5, wall_clock_ms()).bind(6, entry.id), entry.id);
    }
    Result<void> put(const signer::EndIntent& entry, WitnessRecord& then) {
        then.last_intent = std::max(then.last_intent, entry.intent_id);
        return end.bind(1, entry.intent_id)
            .bind(2, to_string(entry.kind))
            .bind(3, BytesView{entry.block_hash.bytes})
            .bind(4, entry.block_number.value)
            .bind(5, entry.text)
            .bind(6, wall_clock_ms())
            .run();
    }
    Result<void> put(const signer::RecordProfit& entry, WitnessRecord& /*then*/) {
        profit.bind(1, BytesView{entry.token.bytes})
            .bind(2, to_decimal(entry.profit.raw()))
            .bind(3, to_decimal(entry.gas_cost.raw()));
        return touch(profit.bind(4, wall_clock_ms()).bind(5, entry.id), entry.id);
    }
    /// After the commit: a journal that knows more than its witness is sound, the other way round it is not.
    Result<void> tell_witness(const WitnessRecord& now) {
        if (now == known) return {};
        const bool reserved = now.reserved != known.reserved;
        PLIMSOLL_CHECK(reserved ? witness.sync(now) : witness.follow(now));
        known = now;
        return {};
    }
    /// Runs an UPDATE, which must meet its row.
    Result<void> touch(Statement& statement, signer::AttemptId id) {
        PLIMSOLL_CHECK(statement.run());
        if (database.changed() == 0)
            return fail(Errc::storage_failed, "the journal has no attempt " + std::to_string(id));
        return {};
    }
};

SqliteJournal::SqliteJournal(std::unique_ptr<Impl> impl) noexcept : impl_{std::move(impl)} {}
SqliteJournal::~SqliteJournal() = default;

tl::expected<std::unique_ptr<SqliteJournal>, JournalOpenError> SqliteJournal::open(
    const std::filesystem::path& folder, const JournalOwner& owner, JournalOptions options) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        return refuse_journal(Kind::cannot_create, folder.string() + " cannot be made: " + failed.message());
    const auto refused = [](const FileLock::Failure& failure, const std::string& advice) {
        return failure.held ? refuse_journal(Kind::locked, failure.text + advice)
                            : refuse_journal(Kind::cannot_create, failure.text);
    };
    auto folder_lock = FileLock::take(folder / "journal.lock");
    if (!folder_lock)
        return refused(folder_lock.error(),
                       "; that keeper works on this folder: stop it, or give this one another "
                       "keeper.data_dir and another key");
    std::optional<FileLock> key_lock;
    if (!options.lock_folder.empty()) {
        auto taken = lock_key(options.lock_folder, owner);
        if (!taken)
            return refused(taken.error(),
                           "; that keeper sends with the same key: stop it, or give this one another key "
                           "(two would take each other's nonces)");
        key_lock.emplace(*std::move(taken));
    }
    const std::filesystem::path file = journal_file(folder);
    auto database = open_journal_file(file, owner, options.vfs);
    if (!database) return tl::make_unexpected(database.error());
    const std::filesystem::path place = options.witness.empty() ? folder / "witness" : options.witness;
    if (!options.witness_file) options.witness_file = posix_witness_file(place);
    Witness witness{std::move(options.witness_file), owner};
    const StandingNames names{file.string(), place.string(), owner.sender};
    const auto standing = take_up(*database, witness, options.adopt, names);
    if (!standing) return tl::make_unexpected(standing.error());
    auto impl = std::make_unique<Impl>(*std::move(folder_lock), std::move(key_lock), *std::move(database),
                                       owner, std::move(witness), *standing);
    return std::unique_ptr<SqliteJournal>{new SqliteJournal{std::move(impl)}};
}

Result<void> SqliteJournal::write(std::span<const signer::JournalEntry> entries) {
    WitnessRecord then = impl_->known;
    PLIMSOLL_CHECK(impl_->database.execute("BEGIN IMMEDIATE"));
    for (const signer::JournalEntry& entry : entries) {
        const Result<void> put =
            std::visit([this, &then](const auto& one) { return impl_->put(one, then); }, entry);
        if (put) continue;
        // The first error is the one to tell; SQLite may have rolled back by itself already.
        static_cast<void>(impl_->database.execute("ROLLBACK"));
        return put;
    }
    const Result<void> committed = impl_->database.execute("COMMIT");
    if (!committed) {
        static_cast<void>(impl_->database.execute("ROLLBACK"));
        return committed;
    }
    return impl_->tell_witness(then);
}

Result<std::uint64_t> SqliteJournal::synchronous() {
    return impl_->database.number("PRAGMA synchronous");
}

Result<signer::JournalState> SqliteJournal::load() {
    return load_state(impl_->database, Timestamp{wall_clock_ms() / 1000});
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
