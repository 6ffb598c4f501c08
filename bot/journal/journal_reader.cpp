// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/journal_reader.hpp"

#include "bot/journal/schema.hpp"
#include "bot/journal/sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <system_error>

namespace plimsoll::bot {
namespace {

constexpr int kPatienceMs = 2'000;  // with a keeper that checkpoints

constexpr const char* kViewColumns =
    "SELECT id, intent_id, venue, account, purpose, nonce, hash, max_fee, priority_fee, last_block, status, "
    "block_hash, block_number, created_ms, updated_ms FROM attempts ";

template <class T>
T fixed_bytes(BytesView raw) {
    T out;
    std::copy_n(raw.begin(), std::min(raw.size(), out.bytes.size()), out.bytes.begin());
    return out;
}

Result<AttemptView> read_view(const Statement& row) {
    AttemptView out;
    out.id = row.integer(0);
    out.intent_id = row.integer(1);
    out.venue = row.integer(2);
    out.account = fixed_bytes<Address>(row.blob(3));
    out.purpose = row.text(4);
    out.nonce = Nonce{row.integer(5)};
    out.hash = fixed_bytes<Hash32>(row.blob(6));
    PLIMSOLL_TRY(const U256 max_fee, parse_decimal(row.text(7)));
    PLIMSOLL_TRY(const U256 tip, parse_decimal(row.text(8)));
    out.max_fee_per_gas = Wei{max_fee};
    out.max_priority_fee_per_gas = Wei{tip};
    out.last_block = BlockNumber{row.integer(9)};
    out.status = row.text(10);
    if (!row.is_null(11)) out.block_hash = fixed_bytes<Hash32>(row.blob(11));
    out.block_number = BlockNumber{row.integer(12)};
    out.created_ms = row.integer(13);
    out.updated_ms = row.integer(14);
    return out;
}

}  // namespace

void JournalReader::Close::operator()(sqlite3* handle) const noexcept {
    sqlite3_close_v2(handle);
}

Result<JournalReader> JournalReader::open(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / "journal.sqlite";
    std::error_code failed;
    if (!std::filesystem::exists(file, failed))
        return fail(Errc::not_found, "there is no journal in " + folder.string());
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(
        file.c_str(), &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE, nullptr);
    JournalReader out{handle};
    if (code != SQLITE_OK)
        return fail(Errc::storage_failed, file.string() + " cannot be opened: " + sqlite3_errstr(code));
    sqlite3_busy_timeout(handle, kPatienceMs);
    Statement application{handle, "PRAGMA application_id"};
    const Result<bool> told = application.step();
    if (!told || !*told || application.integer(0) != kApplicationId)
        return fail(Errc::malformed_input, file.string() + " is not a Plimsoll journal");
    return out;
}

Result<std::vector<AttemptView>> JournalReader::attempts(const AttemptFilter& filter) {
    std::string sql{kViewColumns};
    sql +=
        "WHERE (?1 = 0 OR status NOT IN ('confirmed', 'reverted', 'replaced', 'dropped')) "
        "AND (?2 IS NULL OR intent_id = ?2) "
        "AND (?3 IS NULL OR hash = ?3 OR (intent_id <> 0 AND intent_id = "
        "(SELECT intent_id FROM attempts WHERE hash = ?3))) ORDER BY id DESC LIMIT ?4";
    Statement rows{handle_.get(), sql};
    rows.bind(1, std::uint64_t{filter.open_only ? 1U : 0U});
    if (filter.intent) {
        rows.bind(2, *filter.intent);
    } else {
        rows.bind_null(2);
    }
    if (filter.hash) {
        rows.bind(3, BytesView{filter.hash->bytes});
    } else {
        rows.bind_null(3);
    }
    rows.bind(4, filter.limit);
    std::vector<AttemptView> out;
    while (true) {
        PLIMSOLL_TRY(const bool more, rows.step());
        if (!more) return out;
        PLIMSOLL_TRY(AttemptView one, read_view(rows));
        out.push_back(std::move(one));
    }
}

Result<IntentView> JournalReader::intent(const AttemptFilter& filter) {
    // A transaction sees one state, whatever is committed meanwhile; an error ends it with the connection.
    Statement begin{handle_.get(), "BEGIN"};
    PLIMSOLL_CHECK(begin.run());
    IntentView out;
    PLIMSOLL_TRY(out.attempts, attempts(filter));
    const std::uint64_t intent = out.attempts.empty() ? 0 : out.attempts.front().intent_id;
    if (intent != 0) {
        PLIMSOLL_TRY(out.last, last_word(intent));
    }
    Statement end{handle_.get(), "COMMIT"};
    PLIMSOLL_CHECK(end.run());
    return out;
}

Result<std::optional<LastWord>> JournalReader::last_word(std::uint64_t intent) {
    Statement row{handle_.get(),
                  "SELECT outcome, block_hash, block_number, text, ended_ms FROM intents WHERE id = ?1"};
    row.bind(1, intent);
    PLIMSOLL_TRY(const bool ended, row.step());
    if (!ended) return std::optional<LastWord>{};
    LastWord out;
    out.outcome = row.text(0);
    out.block_hash = fixed_bytes<Hash32>(row.blob(1));
    out.block_number = BlockNumber{row.integer(2)};
    out.text = row.text(3);
    out.ended_ms = row.integer(4);
    return std::optional{std::move(out)};
}

}  // namespace plimsoll::bot
