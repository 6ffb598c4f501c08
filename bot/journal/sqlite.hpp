// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace plimsoll::bot {

/// A prepared statement. Bind from 1 on, step, read columns from 0 on; reset() makes it ready again. Errors
/// are remembered and told by the next step().
class Statement {
  public:
    Statement(sqlite3* database, std::string_view sql);

    Statement& bind(int place, std::uint64_t value);  // below 2^63
    Statement& bind(int place, std::string_view value);
    Statement& bind(int place, BytesView value);
    Statement& bind_null(int place);

    /// True if there is a row to read. Errc::storage_failed.
    [[nodiscard]] Result<bool> step();
    /// For a statement that returns nothing: step and reset.
    [[nodiscard]] Result<void> run();
    void reset() noexcept;

    [[nodiscard]] bool is_null(int column) const noexcept;
    [[nodiscard]] std::uint64_t integer(int column) const noexcept;
    [[nodiscard]] std::string_view text(int column) const noexcept;
    [[nodiscard]] BytesView blob(int column) const noexcept;

  private:
    void note(int code) noexcept;

    struct Finalise {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    sqlite3* database_;
    std::unique_ptr<sqlite3_stmt, Finalise> statement_;
    int failure_ = 0;  // of preparing or binding
};

/// One connection.
class Database {
  public:
    /// Opens or creates, through SQLite's VFS of that name if one is given. Errc::storage_failed.
    [[nodiscard]] static Result<Database> open(const std::filesystem::path& file, const char* vfs = nullptr);
    [[nodiscard]] Result<void> execute(const char* sql);
    /// Rows that the latest INSERT, UPDATE or DELETE met.
    [[nodiscard]] std::uint64_t changed() const noexcept;
    [[nodiscard]] Statement prepare(std::string_view sql) { return Statement{handle_.get(), sql}; }
    /// The single number a query such as a PRAGMA answers.
    [[nodiscard]] Result<std::uint64_t> number(std::string_view sql);

  private:
    struct Close {
        void operator()(sqlite3* handle) const noexcept;
    };
    explicit Database(sqlite3* handle) noexcept : handle_{handle} {}
    std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace plimsoll::bot
