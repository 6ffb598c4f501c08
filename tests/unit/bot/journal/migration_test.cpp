// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/schema.hpp"
#include "bot/journal/sqlite.hpp"
#include "signer/keys/key.hpp"
#include "signer/policy.hpp"
#include "signer/signing.hpp"
#include "tests/unit/bot/journal/journal_folder.hpp"
#include "tests/unit/bot/journal/schema_v1.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plimsoll::bot {
namespace {

using signer::AttemptStatus;
using ::testing::HasSubstr;

/// A transfer to ourselves, signed by a key of the test.
signer::SignedTransaction transfer(Nonce nonce) {
    std::array<std::uint8_t, 32> secret{};
    secret.fill(0x55);
    const signer::Key key = signer::Key::from_secret(signer::Secret{secret}).value();
    signer::PolicyLimits limits;
    limits.chain = owner().chain;
    limits.sender = key.address();
    limits.max_gas = Gas{30'000};
    limits.max_fee_per_gas = to_wei(Gwei{100});
    limits.max_spend = cost(limits.max_gas, limits.max_fee_per_gas);
    signer::Transaction fields;
    fields.chain_id = owner().chain;
    fields.nonce = nonce;
    fields.max_fee_per_gas = to_wei(Gwei{30});
    fields.max_priority_fee_per_gas = to_wei(Gwei{2});
    fields.gas_limit = Gas{21'000};
    fields.to = key.address();
    signer::SpendLedger spends{signer::SpendLimits{}};
    return signer::approve_and_sign(signer::Policy{limits}, spends, key, 1, signer::Purpose::cancel, fields)
        .value();
}

/// Writes a row as version 1 did.
void insert_v1(Database& database, std::uint64_t id, std::uint64_t nonce, const Bytes& raw,
               const char* status) {
    Statement row = database.prepare(
        "INSERT INTO attempts (id, intent_id, chain, sender, venue, account, purpose, nonce, hash, raw, "
        "base_fee, "
        "max_fee, priority_fee, last_block, value_at_stake, status, created_ms, updated_ms, block_hash, "
        "block_number) VALUES (?1, ?1, ?2, ?3, 0, ?4, 'execute', ?5, ?6, ?7, '10', '30', '2', 120, '5', ?8, "
        "1, 2, "
        "iif(?8 = 'confirmed', zeroblob(32), NULL), iif(?8 = 'confirmed', 9, NULL))");
    Address account;
    account.bytes[0] = static_cast<std::uint8_t>(id);
    const auto done = row.bind(1, id)
                          .bind(2, owner().chain.value)
                          .bind(3, BytesView{owner().sender.bytes})
                          .bind(4, BytesView{account.bytes})
                          .bind(5, nonce)
                          .bind(6, BytesView{keccak256(raw).bytes})
                          .bind(7, BytesView{raw})
                          .bind(8, std::string_view{status})
                          .run();
    ASSERT_TRUE(done) << done.error().context;
}

void make_v1(const JournalFolder& folder, const Bytes& open_row) {
    auto database = Database::open(folder.file());
    ASSERT_TRUE(database);
    const std::string script =
        std::string{"PRAGMA journal_mode=WAL; BEGIN; PRAGMA application_id=1347176781; "} + kSchemaV1 +
        "PRAGMA user_version=1; COMMIT";
    ASSERT_TRUE(database->execute(script.c_str()));
    insert_v1(*database, 1, 4, transfer(Nonce{4}).raw, "confirmed");
    insert_v1(*database, 2, 5, open_row, "sent");
}

TEST(Migration, AJournalOfTheFirstSchemaIsCarriedOver) {
    const JournalFolder folder;
    const signer::SignedTransaction open = transfer(Nonce{5});
    make_v1(folder, open.raw);
    {
        const auto journal = SqliteJournal::open(folder.path(), owner());
        ASSERT_TRUE(journal) << journal.error().text;
        const auto state = (*journal)->load();
        ASSERT_TRUE(state);
        ASSERT_EQ(state->open.size(), 1U);
        EXPECT_EQ(state->open[0].raw, open.raw);
        EXPECT_EQ(state->open[0].status, AttemptStatus::sent);
        EXPECT_EQ(state->open[0].ceiling, cost(Gas{21'000}, to_wei(Gwei{30})));
        EXPECT_EQ(state->highest_landed, Nonce{4});
        EXPECT_EQ(state->reserved, Nonce{5});
        EXPECT_EQ(state->next_attempt, 3U);
        EXPECT_FALSE(write(**journal, {update(1, AttemptStatus::sent)}));  // the rules are there
        EXPECT_TRUE(write(**journal, {update(2, AttemptStatus::reverted)}));
    }
    const auto again = SqliteJournal::open(folder.path(), owner());
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_TRUE((*again)->load()->open.empty());
}

/// Takes out of today's tables what the fourth schema brought, and then what `more` says.
void make_older(const JournalFolder& folder, const std::string& more) {
    const std::string script =
        "DROP TABLE forgotten; DROP TRIGGER only_what_never_left_is_forgotten; DROP TRIGGER "
        "its_ids_stay_used; "
        "CREATE TRIGGER nothing_is_forgotten BEFORE DELETE ON attempts BEGIN SELECT RAISE(ABORT, 'rows are "
        "never deleted'); END;" +
        more;
    const Result<void> made = Database::open(folder.file())->execute(script.c_str());
    ASSERT_TRUE(made) << made.error().context;
}

TEST(Migration, OfTheSecondSchemaNothingIsLostButWhenItsNoncesWereFirstUsed) {
    const JournalFolder folder;
    signer::AttemptRow row = attempt(1, 1, 5);
    ASSERT_TRUE(insert(*open_journal(folder), row));
    make_older(folder, "ALTER TABLE attempts DROP COLUMN first_head; PRAGMA user_version=2");
    const auto state = open_journal(folder)->load();
    ASSERT_TRUE(state) << state.error().context;
    row.first_head = {};
    EXPECT_EQ(state->open, std::vector{row});
    EXPECT_EQ(Database::open(folder.file())->number("PRAGMA user_version").value(),
              std::uint64_t{kSchemaVersion});
}

TEST(Migration, OfTheThirdSchemaNothingIsLostAndWhatIsArmedMayBeForgottenFromThenOn) {
    const JournalFolder folder;
    signer::AttemptRow row = attempt(7, 6, 5);
    row.status = AttemptStatus::armed;
    ASSERT_TRUE(insert(*open_journal(folder), row));
    make_older(folder, "PRAGMA user_version=3");
    {
        const auto journal = open_journal(folder);
        EXPECT_EQ(journal->load()->open, std::vector{row});
        ASSERT_TRUE(write(*journal, {update(7, AttemptStatus::dropped)}));
    }
    const auto state = open_journal(folder)->load();
    ASSERT_TRUE(state) << state.error().context;
    EXPECT_TRUE(state->open.empty());
    EXPECT_EQ(state->next_attempt, 8U);
    EXPECT_EQ(state->next_intent, 7U);
}

TEST(Migration, ADamagedRowLeavesTheFileAsItWas) {
    const JournalFolder folder;
    make_v1(folder, Bytes(100, 0x01));
    const auto refused = SqliteJournal::open(folder.path(), owner());
    ASSERT_FALSE(refused);
    EXPECT_EQ(exit_code(refused.error().kind), 66);
    EXPECT_THAT(refused.error().text, HasSubstr("attempt 2 holds no transaction"));
    auto database = Database::open(folder.file());
    EXPECT_EQ(database->number("PRAGMA user_version").value(), 1U);
    EXPECT_EQ(database->number("SELECT count(*) FROM attempts").value(), 2U);
}

TEST(Migration, AnotherOwnersJournalIsRefusedAllTheSame) {
    const JournalFolder folder;
    make_v1(folder, transfer(Nonce{5}).raw);
    JournalOwner other = owner();
    other.sender.bytes[0] = 0;
    const auto refused = SqliteJournal::open(folder.path(), other);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, JournalOpenError::Kind::other_owner);
}

}  // namespace
}  // namespace plimsoll::bot
