// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/migration.hpp"

#include "bot/journal/schema.hpp"
#include "signer/transaction.hpp"

#include <string>
#include <utility>
#include <vector>

namespace plimsoll::bot {

namespace {

constexpr const char* kOldColumns =
    "id, intent_id, chain, sender, venue, account, purpose, nonce, hash, raw, base_fee, max_fee, "
    "priority_fee, "
    "last_block, value_at_stake, status, block_hash, block_number, profit_token, profit, gas_cost, "
    "created_ms, "
    "updated_ms";

/// The old table had no owner of its own; every row named it.
Result<void> move_attempts(Database& database, const JournalOwner& owner) {
    PLIMSOLL_CHECK(
        database.execute("CREATE TEMP TABLE carried AS SELECT * FROM attempts; DROP TABLE attempts"));
    PLIMSOLL_CHECK(database.execute(kTables));
    Statement whose = database.prepare(
        "INSERT INTO owner SELECT 1, ifnull((SELECT chain FROM carried LIMIT 1), ?1), "
        "ifnull((SELECT sender FROM carried LIMIT 1), ?2)");
    PLIMSOLL_CHECK(whose.bind(1, owner.chain.value).bind(2, BytesView{owner.sender.bytes}).run());
    const std::string move = std::string{"INSERT INTO attempts ("} + kOldColumns + ", ceiling) SELECT " +
                             kOldColumns + ", '0' FROM carried; DROP TABLE carried";
    return database.execute(move.c_str());
}

Result<void> fill_ceilings(Database& database) {
    std::vector<std::pair<std::uint64_t, Wei>> ceilings;
    Statement rows = database.prepare("SELECT id, raw FROM attempts");
    while (true) {
        PLIMSOLL_TRY(const bool more, rows.step());
        if (!more) break;
        const auto decoded = signer::decode_transaction(rows.blob(1));
        if (!decoded) {
            return fail(Errc::storage_failed,
                        "attempt " + std::to_string(rows.integer(0)) + " holds no transaction");
        }
        ceilings.emplace_back(rows.integer(0), signer::ceiling_of(decoded->fields));
    }
    Statement fill = database.prepare("UPDATE attempts SET ceiling = ?1 WHERE id = ?2");
    for (const auto& [id, ceiling] : ceilings)
        PLIMSOLL_CHECK(fill.bind(1, to_decimal(ceiling.raw())).bind(2, id).run());
    return {};
}

Result<void> from_first(Database& database, const JournalOwner& owner) {
    PLIMSOLL_CHECK(move_attempts(database, owner));
    PLIMSOLL_CHECK(fill_ceilings(database));
    PLIMSOLL_CHECK(database.execute(
        "INSERT INTO reservations SELECT nonce, 0, updated_ms FROM attempts ORDER BY nonce DESC LIMIT 1"));
    PLIMSOLL_CHECK(database.execute(kRules));
    return database.execute(kForgetting);
}

/// Until then no row went.
Result<void> from_third(Database& database) {
    PLIMSOLL_CHECK(database.execute("DROP TRIGGER nothing_is_forgotten"));
    return database.execute(kForgetting);
}

/// When a nonce was first used is not known of old rows: their story begins at the next start.
Result<void> from_second(Database& database) {
    PLIMSOLL_CHECK(database.execute("ALTER TABLE attempts ADD COLUMN first_head INTEGER NOT NULL DEFAULT 0"));
    return from_third(database);
}

Result<void> carry_over(Database& database, const JournalOwner& owner, std::uint64_t version) {
    if (version == 1) PLIMSOLL_CHECK(from_first(database, owner));
    if (version == 2) PLIMSOLL_CHECK(from_second(database));
    if (version == 3) PLIMSOLL_CHECK(from_third(database));
    return database.execute(("PRAGMA user_version=" + std::to_string(kSchemaVersion)).c_str());
}

}  // namespace

Result<void> migrate(Database& database, const JournalOwner& owner, std::uint64_t version) {
    PLIMSOLL_CHECK(database.execute("BEGIN IMMEDIATE"));
    Result<void> carried = carry_over(database, owner, version);
    if (carried) carried = database.execute("COMMIT");
    if (!carried) static_cast<void>(database.execute("ROLLBACK"));
    return carried;
}

}  // namespace plimsoll::bot
