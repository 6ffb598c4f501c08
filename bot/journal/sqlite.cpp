// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/sqlite.hpp"

#include <sqlite3.h>

#include <limits>

namespace plimsoll::bot {

namespace {

/// Once, before anything else is asked of SQLite. Conditions of the schema such as `status IN (…)` are little
/// tables of their own each time they are looked at; with SQLite's default every one of them asks for room
/// for twenty pages, and most of what a write costs is that.
void set_up_sqlite() {
    static const int done = sqlite3_config(SQLITE_CONFIG_PAGECACHE, nullptr, 0, 0);
    static_cast<void>(done);
}

tl::unexpected<Error> failure(sqlite3* database, std::string_view what) {
    return fail(Errc::storage_failed, std::string{what} + ": " + sqlite3_errmsg(database));
}

}  // namespace

void Statement::Finalise::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* database, std::string_view sql) : database_{database} {
    sqlite3_stmt* made = nullptr;
    note(sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                            &made, nullptr));
    statement_.reset(made);
}

void Statement::note(int code) noexcept {
    if (code != SQLITE_OK && failure_ == SQLITE_OK) failure_ = code;
}

Statement& Statement::bind(int place, std::uint64_t value) {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<sqlite3_int64>::max());
    note(value > kMost ? SQLITE_TOOBIG
                       : sqlite3_bind_int64(statement_.get(), place, static_cast<sqlite3_int64>(value)));
    return *this;
}

Statement& Statement::bind(int place, std::string_view value) {
    note(sqlite3_bind_text64(statement_.get(), place, value.data(), value.size(), SQLITE_TRANSIENT,
                             SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind(int place, BytesView value) {
    note(sqlite3_bind_blob64(statement_.get(), place, value.data(), value.size(), SQLITE_TRANSIENT));
    return *this;
}

Statement& Statement::bind_null(int place) {
    note(sqlite3_bind_null(statement_.get(), place));
    return *this;
}

Result<bool> Statement::step() {
    if (failure_ != SQLITE_OK) {
        return fail(Errc::storage_failed, std::string{"journal statement: "} + sqlite3_errstr(failure_));
    }
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    auto out = failure(database_, "journal");
    sqlite3_reset(statement_.get());
    return out;
}

Result<void> Statement::run() {
    const Result<bool> stepped = step();
    reset();
    if (!stepped) return tl::make_unexpected(stepped.error());
    return {};
}

void Statement::reset() noexcept {
    if (statement_ == nullptr) return;  // a damaged file may have let it be prepared not at all
    sqlite3_reset(statement_.get());
    sqlite3_clear_bindings(statement_.get());
}

bool Statement::is_null(int column) const noexcept {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::uint64_t Statement::integer(int column) const noexcept {
    return static_cast<std::uint64_t>(sqlite3_column_int64(statement_.get(), column));
}

std::string_view Statement::text(int column) const noexcept {
    const BytesView raw = blob(column);
    return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

BytesView Statement::blob(int column) const noexcept {
    const void* const data = sqlite3_column_blob(statement_.get(), column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
    return {static_cast<const std::uint8_t*>(data), size};
}

void Database::Close::operator()(sqlite3* handle) const noexcept {
    sqlite3_close_v2(handle);
}

Result<Database> Database::open(const std::filesystem::path& file, const char* vfs) {
    set_up_sqlite();
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &handle,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, vfs);
    Database out{handle};
    if (code != SQLITE_OK) return failure(handle, file.string());
    sqlite3_extended_result_codes(handle, 1);
    return out;
}

Result<void> Database::execute(const char* sql) {
    if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return failure(handle_.get(), "journal");
    return {};
}

std::uint64_t Database::changed() const noexcept {
    return static_cast<std::uint64_t>(sqlite3_changes64(handle_.get()));
}

Result<std::uint64_t> Database::number(std::string_view sql) {
    Statement statement = prepare(sql);
    PLIMSOLL_TRY(const bool row, statement.step());
    if (!row) return fail(Errc::storage_failed, "no answer to " + std::string{sql});
    return statement.integer(0);
}

}  // namespace plimsoll::bot
