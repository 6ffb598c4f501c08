// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/sqlite_journal.hpp"

#include "bot/journal/schema.hpp"
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

TEST(SqliteJournal, IsDurableWhenWriteReturns) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    auto database = Database::open(folder.file());
    ASSERT_TRUE(database);
    // A second connection has its own default; what counts is the file's mode and what the journal's own
    // connection was set to.
    EXPECT_EQ(database->number("PRAGMA user_version").value(), std::uint64_t{kSchemaVersion});
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

TEST_F(Constraint, ANonceThatIsNotReservedIsNotUsed) {
    expect_refused(insert(*journal, attempt(2, 2, 1000)), "the nonce is not reserved");
    ASSERT_TRUE(write(*journal, {signer::ReserveNonces{Nonce{1000}}}));
    EXPECT_TRUE(insert(*journal, attempt(2, 2, 1000)));
}

TEST_F(Constraint, AConsumedNonceIsNotUsedAgain) {
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::confirmed)}));
    EXPECT_THAT(insert(*journal, attempt(2, 1, 5)).error().context, HasSubstr("the nonce was consumed"));
    EXPECT_THAT(insert(*journal, attempt(2, 2, 5)).error().context, HasSubstr("the nonce was consumed"));
}

TEST_F(Constraint, AReplacementRaisesBothFees) {
    signer::AttemptRow same_tip = attempt(2, 1, 5);
    same_tip.fee.max_priority_fee_per_gas = attempt(1, 1, 5).fee.max_priority_fee_per_gas;
    expect_refused(insert(*journal, same_tip), "raise both fees");
    signer::AttemptRow same_cap = attempt(2, 1, 5);
    same_cap.fee.max_fee_per_gas = attempt(1, 1, 5).fee.max_fee_per_gas;
    expect_refused(insert(*journal, same_cap), "raise both fees");
    // More digits are more, whatever they begin with.
    signer::AttemptRow longer = attempt(2, 1, 5);
    longer.fee.max_fee_per_gas = Wei{pow10(12)};
    EXPECT_TRUE(insert(*journal, longer));
    signer::AttemptRow shorter = attempt(3, 1, 5);
    shorter.fee.max_fee_per_gas = Wei{U256{9} * pow10(10)};
    EXPECT_THAT(insert(*journal, shorter).error().context, HasSubstr("raise both fees"));
}

TEST_F(Constraint, AnIntentThatLandedHasNoOtherNonce) {
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::reverted)}));
    EXPECT_THAT(insert(*journal, attempt(2, 1, 6)).error().context,
                HasSubstr("the intent has another nonce"));
}

TEST_F(Constraint, AnIntentWhoseNonceWasConsumedByAnotherMayHaveALaterOne) {
    ASSERT_TRUE(insert(*journal, attempt(2, 2, 5)));  // the nonce is used again
    EXPECT_THAT(insert(*journal, attempt(3, 1, 6)).error().context,
                HasSubstr("the intent has another nonce"));
    ASSERT_TRUE(write(*journal, {update(2, AttemptStatus::confirmed), update(1, AttemptStatus::replaced)}));
    EXPECT_TRUE(insert(*journal, attempt(3, 1, 6)));
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
    again.fee = attempt(2, 1, 5).fee;
    expect_refused(insert(*journal, again), "UNIQUE");
}

TEST_F(Constraint, WhatWasNeverSentMayBeMadeAgainWithTheSameBytes) {
    signer::AttemptRow again = attempt(1, 1, 5);
    again.id = 2;
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::dropped)}));
    EXPECT_TRUE(insert(*journal, again));
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
    EXPECT_FALSE(other->execute("DELETE FROM forgotten"));
    EXPECT_FALSE(other->execute("UPDATE forgotten SET attempts = attempts + 1, last_attempt = -1"));
    EXPECT_THAT(other->execute("UPDATE attempts SET raw = x'00'").error().context,
                HasSubstr("never changes"));
    EXPECT_THAT(other->execute("UPDATE attempts SET nonce = 9").error().context, HasSubstr("never changes"));
}

TEST_F(Constraint, ABatchIsWrittenWhollyOrNotAtAll) {
    const auto result =
        write(*journal, {signer::InsertAttempt{attempt(2, 2, 6)}, signer::InsertAttempt{attempt(3, 2, 7)}});
    expect_refused(result, "the intent has another nonce");
    EXPECT_TRUE(insert(*journal, attempt(4, 4, 6)));
}

TEST_F(Constraint, ANonceBeyondWhatTheTableHoldsIsRefused) {
    expect_refused(insert(*journal, attempt(2, 2, 1ULL << 63U)), "too big");
}

TEST_F(Constraint, WhatMayHaveBeenSentIsNeverUnsentAgain) {
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::maybe_sent)}));
    expect_refused(write(*journal, {update(1, AttemptStatus::signed_)}), "stays so");
    expect_refused(write(*journal, {update(1, AttemptStatus::dropped)}), "never sent");
}

TEST_F(Constraint, ManyAreArmedAtOneNonceAndOneIsFired) {
    const auto armed = [](signer::AttemptId id) {
        signer::AttemptRow row = attempt(id, id, 6);
        row.status = AttemptStatus::armed;
        return row;
    };
    for (const signer::AttemptId id : {2U, 3U, 4U})
        ASSERT_TRUE(insert(*journal, armed(id)));
    ASSERT_TRUE(write(*journal, {update(3, AttemptStatus::maybe_sent), update(2, AttemptStatus::dropped)}));
    EXPECT_THAT(write(*journal, {update(4, AttemptStatus::sent)}).error().context, HasSubstr("UNIQUE"));
    EXPECT_TRUE(write(*journal, {update(4, AttemptStatus::dropped), update(3, AttemptStatus::mined)}));
}

TEST_F(Constraint, AReservationOnlyGrows) {
    ASSERT_TRUE(write(*journal, {signer::ReserveNonces{Nonce{5}}}));  // known already
    EXPECT_EQ(journal->load()->reserved, Nonce{999});
    auto other = Database::open(folder.file());
    EXPECT_THAT(other->execute("INSERT INTO reservations VALUES (7, 1, 1)").error().context,
                HasSubstr("never goes back"));
    EXPECT_THAT(other->execute("DELETE FROM reservations").error().context, HasSubstr("never deleted"));
}

/// The last word on an intent.
signer::EndIntent end_of(std::uint64_t intent, OutcomeKind kind) {
    signer::EndIntent out;
    out.intent_id = intent;
    out.kind = kind;
    out.block_hash.bytes.fill(0xB1);
    out.block_number = BlockNumber{101};
    out.text = "because";
    return out;
}

TEST_F(Constraint, AnIntentEndsOnceAndOnlyWhenNothingOfItMayLand) {
    expect_refused(write(*journal, {end_of(1, OutcomeKind::expired)}), "may still land");
    EXPECT_TRUE(write(*journal, {update(1, AttemptStatus::confirmed), end_of(1, OutcomeKind::confirmed)}));
    EXPECT_FALSE(write(*journal, {end_of(1, OutcomeKind::confirmed)}));
    EXPECT_FALSE(insert(*journal, attempt(2, 1, 5)));
    EXPECT_TRUE(write(*journal, {end_of(7, OutcomeKind::refused)}));  // it never had an attempt
    EXPECT_EQ(journal->load()->next_intent, 8U);
    EXPECT_THAT(insert(*journal, attempt(2, 7, 6)).error().context, HasSubstr("the intent has ended"));
}

TEST_F(Constraint, AnEndIsWhatTheAttemptsProve) {
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::confirmed)}));
    EXPECT_THAT(write(*journal, {end_of(1, OutcomeKind::expired)}).error().context,
                HasSubstr("the intent was carried out"));
    EXPECT_FALSE(write(*journal, {end_of(1, OutcomeKind::reverted)}));
    signer::EndIntent elsewhere = end_of(1, OutcomeKind::confirmed);
    elsewhere.block_hash.bytes[0] = 0;
    EXPECT_THAT(write(*journal, {elsewhere}).error().context, HasSubstr("landed so"));
    signer::EndIntent unproven = end_of(2, OutcomeKind::expired);
    unproven.block_hash = {};
    EXPECT_THAT(write(*journal, {unproven}).error().context, HasSubstr("CHECK"));
    EXPECT_TRUE(write(*journal, {end_of(1, OutcomeKind::confirmed)}));
}

TEST(SqliteJournal, TellsWhatEachNonceMayCostAndDidCost) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    ASSERT_TRUE(insert(*journal, attempt(1, 1, 5)));
    ASSERT_TRUE(insert(*journal, attempt(2, 1, 5)));  // offers more
    ASSERT_TRUE(insert(*journal, attempt(3, 2, 6)));
    ASSERT_TRUE(insert(*journal, attempt(4, 3, 7)));
    ASSERT_TRUE(insert(*journal, attempt(5, 4, 8)));
    signer::UpdateAttempt paid = update(3, AttemptStatus::reverted);
    paid.cost = Wei{std::uint64_t{77}};
    ASSERT_TRUE(
        write(*journal, {paid, update(4, AttemptStatus::dropped), update(5, AttemptStatus::replaced)}));
    const auto spends = journal->load()->spends;
    ASSERT_EQ(spends.size(), 3U);
    EXPECT_EQ(spends[0].nonce, Nonce{5});
    EXPECT_EQ(spends[0].ceiling, attempt(2, 1, 5).ceiling);
    EXPECT_FALSE(spends[0].cost);
    EXPECT_EQ(spends[1].cost, Wei{std::uint64_t{77}});
    EXPECT_EQ(spends[2].nonce, Nonce{8});
    EXPECT_EQ(spends[2].cost, Wei{});
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
    ASSERT_TRUE(Database::open(folder.file())->execute("PRAGMA user_version=5"));
    const auto refused = SqliteJournal::open(folder.path(), owner());
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text, HasSubstr("schema version 5"));
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
