// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/sqlite_journal.hpp"

#include "bot/journal/sqlite.hpp"
#include "tests/unit/bot/journal/journal_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

namespace plimsoll::bot {
namespace {

using signer::AttemptStatus;
using ::testing::HasSubstr;
using Kind = JournalOpenError::Kind;

TEST(SqliteJournal, GivesBackWhatWasWrittenAfterItWasClosed) {
    const JournalFolder folder;
    const signer::AttemptRow row = attempt(1, 1, 5);
    ASSERT_TRUE(insert(*open_journal(folder), row));
    const auto state = open_journal(folder)->load();
    ASSERT_TRUE(state);
    ASSERT_EQ(state->open.size(), 1U);
    EXPECT_EQ(state->open[0], row);
    EXPECT_EQ(state->highest_nonce, Nonce{5});
    EXPECT_FALSE(state->highest_landed);
    EXPECT_EQ(state->next_attempt, 2U);
    EXPECT_EQ(state->next_intent, 2U);
}

TEST(SqliteJournal, IsDurableWhenWriteReturns) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    auto database = Database::open(folder.file());
    ASSERT_TRUE(database);
    // A second connection has its own default; what counts is the file's mode and what the journal's own
    // connection was set to.
    EXPECT_EQ(database->number("PRAGMA user_version").value(), 1U);
    Statement mode = database->prepare("PRAGMA journal_mode");
    ASSERT_TRUE(mode.step().value());
    EXPECT_EQ(mode.text(0), "wal");
    EXPECT_EQ(journal->synchronous().value(), 2U);  // FULL
}

TEST(SqliteJournal, AnEmptyOneStartsAtOne) {
    const JournalFolder folder;
    const auto state = open_journal(folder)->load();
    ASSERT_TRUE(state);
    EXPECT_TRUE(state->open.empty());
    EXPECT_FALSE(state->highest_nonce);
    EXPECT_EQ(state->next_attempt, 1U);
}

TEST(SqliteJournal, FinalRowsAreNotOpenAndCountAsLanded) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    ASSERT_TRUE(insert(*journal, attempt(1, 1, 5)));
    ASSERT_TRUE(insert(*journal, attempt(2, 2, 6)));
    ASSERT_TRUE(insert(*journal, attempt(3, 3, 7)));
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::mined), update(1, AttemptStatus::confirmed),
                                 update(3, AttemptStatus::dropped)}));
    const auto state = journal->load();
    ASSERT_EQ(state->open.size(), 1U);
    EXPECT_EQ(state->open[0].id, 2U);
    EXPECT_EQ(state->highest_nonce, Nonce{6});
    EXPECT_EQ(state->highest_landed, Nonce{5});
}

TEST(SqliteJournal, AReplacementSupersedesAndBothStayOpen) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    ASSERT_TRUE(insert(*journal, attempt(1, 1, 5)));
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::sent)}));
    ASSERT_TRUE(insert(*journal, attempt(2, 1, 5)));
    const auto state = journal->load();
    ASSERT_EQ(state->open.size(), 2U);
    EXPECT_EQ(state->open[0].status, AttemptStatus::superseded);
    EXPECT_EQ(state->open[1].status, AttemptStatus::signed_);
    // The older one lands all the same, is undone, and lands again.
    EXPECT_TRUE(write(*journal, {update(1, AttemptStatus::mined), update(1, AttemptStatus::superseded),
                                 update(1, AttemptStatus::mined), update(1, AttemptStatus::confirmed),
                                 update(2, AttemptStatus::replaced)}));
    EXPECT_TRUE(journal->load()->open.empty());
}

/// Each of these would break a promise; the schema itself must refuse it.
class Constraint : public ::testing::Test {
  protected:
    Constraint() { EXPECT_TRUE(insert(*journal, attempt(1, 1, 5))); }
    void expect_refused(const Result<void>& result, const char* why) const {
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, Errc::storage_failed);
        EXPECT_THAT(result.error().context, HasSubstr(why));
        EXPECT_EQ(journal->load()->open.size(), 1U);
    }
    JournalFolder folder;
    std::unique_ptr<SqliteJournal> journal = open_journal(folder);
};

TEST_F(Constraint, ANonceIsNotGivenToTwoIntents) {
    expect_refused(insert(*journal, attempt(2, 2, 5)), "the nonce was given to another intent");
}

TEST_F(Constraint, ANonceIsNotGivenToAnotherIntentEvenWhenItLanded) {
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::confirmed)}));
    EXPECT_FALSE(insert(*journal, attempt(2, 2, 5)));
}

TEST_F(Constraint, ADroppedNonceMayBeGivenAgain) {
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::dropped)}));
    EXPECT_TRUE(insert(*journal, attempt(2, 2, 5)));
}

TEST_F(Constraint, AKeyHasOneIntentThatIsNotFinal) {
    signer::AttemptRow other = attempt(2, 2, 6);
    other.key = attempt(1, 1, 5).key;
    expect_refused(insert(*journal, other), "an intent of the same key is not final");
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::reverted)}));
    EXPECT_TRUE(insert(*journal, other));
}

TEST_F(Constraint, AnIntentHasOneNonce) {
    expect_refused(insert(*journal, attempt(2, 1, 6)), "the intent has another nonce");
}

TEST_F(Constraint, BytesAreNotWrittenTwice) {
    signer::AttemptRow again = attempt(1, 1, 5);
    again.id = 2;
    expect_refused(insert(*journal, again), "UNIQUE");
}

TEST_F(Constraint, AFinalStateIsFinal) {
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::confirmed)}));
    const auto result = write(*journal, {update(1, AttemptStatus::sent)});
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().context, HasSubstr("a final attempt never changes"));
}

TEST_F(Constraint, WhatANodeTookIsNotDropped) {
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::sent)}));
    expect_refused(write(*journal, {update(1, AttemptStatus::dropped)}), "never sent");
}

TEST_F(Constraint, AnUnknownAttemptIsNotUpdated) {
    expect_refused(write(*journal, {update(9, AttemptStatus::sent)}), "has no attempt 9");
}

TEST_F(Constraint, RowsAreNeitherDeletedNorRewritten) {
    auto other = Database::open(folder.file());
    ASSERT_TRUE(other);
    EXPECT_THAT(other->execute("DELETE FROM attempts").error().context, HasSubstr("never deleted"));
    EXPECT_THAT(other->execute("UPDATE attempts SET raw = x'00'").error().context,
                HasSubstr("never changes"));
    EXPECT_THAT(other->execute("UPDATE attempts SET nonce = 9").error().context, HasSubstr("never changes"));
}

TEST_F(Constraint, ABatchIsWrittenWhollyOrNotAtAll) {
    const auto result =
        write(*journal, {signer::InsertAttempt{attempt(2, 2, 6)}, signer::InsertAttempt{attempt(3, 3, 6)}});
    expect_refused(result, "given to another intent");
    EXPECT_TRUE(insert(*journal, attempt(4, 4, 6)));
}

TEST_F(Constraint, ANonceBeyondWhatTheTableHoldsIsRefused) {
    expect_refused(insert(*journal, attempt(2, 2, 1ULL << 63U)), "too big");
}

TEST(SqliteJournal, SumsTheProfitOfConfirmedAttemptsByToken) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    Address token;
    token.bytes.fill(0x70);
    const auto profit = [&token](signer::AttemptId id, const U256& amount) {
        return signer::RecordProfit{id, token, TokenAmount{amount}, Wei{std::uint64_t{7}}};
    };
    for (const std::uint64_t id : {1ULL, 2ULL, 3ULL})
        ASSERT_TRUE(insert(*journal, attempt(id, id, id)));
    const U256 large = pow10(30);
    ASSERT_TRUE(write(
        *journal, {update(1, AttemptStatus::confirmed), profit(1, large), update(2, AttemptStatus::confirmed),
                   profit(2, U256{5}), update(3, AttemptStatus::mined), profit(3, U256{9})}));
    const auto totals = journal->profit_by_token();
    ASSERT_TRUE(totals);
    ASSERT_EQ(totals->size(), 1U);
    EXPECT_EQ(totals->at(0).token, token);
    EXPECT_EQ(totals->at(0).profit.raw(), large + U256{5});
    EXPECT_EQ(totals->at(0).count, 2U);
}

TEST(JournalOpen, OneProcessHoldsIt) {
    const JournalFolder folder;
    const auto held = open_journal(folder);
    const auto second = SqliteJournal::open(folder.path(), owner());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, Kind::locked);
    EXPECT_EQ(exit_code(second.error().kind), 73);
    EXPECT_THAT(second.error().text, HasSubstr("pid " + std::to_string(getpid())));
}

TEST(JournalOpen, ALockOfAKilledProcessIsFree) {
    const JournalFolder folder;
    const pid_t child = fork();
    if (child == 0) {
        const auto held = SqliteJournal::open(folder.path(), owner());
        _exit(held ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "journal.lock"));
    EXPECT_NE(open_journal(folder), nullptr);
}

TEST(JournalOpen, AnotherChainOrKeyIsRefused) {
    const JournalFolder folder;
    ASSERT_TRUE(insert(*open_journal(folder), attempt(1, 1, 5)));
    JournalOwner chain = owner();
    chain.chain = ChainId{1};
    JournalOwner key = owner();
    key.sender.bytes[0] = 0;
    for (const JournalOwner& other : {chain, key}) {
        const auto refused = SqliteJournal::open(folder.path(), other);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().kind, Kind::other_owner);
        EXPECT_EQ(exit_code(refused.error().kind), 77);
    }
}

TEST(JournalOpen, WhatIsNoJournalIsUnreadable) {
    const JournalFolder folder;
    std::ofstream{folder.file()}
        << "these are not the bytes of a database, but enough of them to look like a page"
        << std::string(2000, 'x');
    const auto refused = SqliteJournal::open(folder.path(), owner());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, Kind::unreadable);
    EXPECT_EQ(exit_code(refused.error().kind), 66);
}

TEST(JournalOpen, AnotherProgramsDatabaseIsUnreadable) {
    const JournalFolder folder;
    ASSERT_TRUE(Database::open(folder.file())->execute("CREATE TABLE theirs (x)"));
    EXPECT_EQ(SqliteJournal::open(folder.path(), owner()).error().kind, Kind::unreadable);
}

TEST(JournalOpen, ANewerSchemaIsUnreadable) {
    const JournalFolder folder;
    open_journal(folder).reset();
    ASSERT_TRUE(Database::open(folder.file())->execute("PRAGMA user_version=2"));
    const auto refused = SqliteJournal::open(folder.path(), owner());
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text, HasSubstr("schema version 2"));
    EXPECT_EQ(refused.error().kind, Kind::unreadable);
}

TEST(JournalOpen, AFolderThatCannotBeMadeSaysSo) {
    const JournalFolder folder;
    std::ofstream{folder.path() / "file"} << "in the way";
    const auto refused = SqliteJournal::open(folder.path() / "file" / "data", owner());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, Kind::cannot_create);
    EXPECT_EQ(exit_code(refused.error().kind), 73);
}

}  // namespace
}  // namespace plimsoll::bot
