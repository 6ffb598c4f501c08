// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/witness.hpp"

#include "bot/journal/key_lock.hpp"
#include "tests/unit/bot/journal/journal_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

namespace plimsoll::bot {
namespace {

using signer::AttemptStatus;
using ::testing::HasSubstr;
using Kind = JournalOpenError::Kind;

void copy_over(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::filesystem::copy(
        from, to,
        std::filesystem::copy_options::overwrite_existing | std::filesystem::copy_options::recursive);
}

/// A journal with one attempt, and what a copy of its folder was like a minute before the second.
class Restored : public ::testing::Test {
  protected:
    Restored() {
        {
            const auto journal = open_journal(folder);
            EXPECT_TRUE(insert(*journal, attempt(1, 1, 5)));
            EXPECT_TRUE(write(*journal, {update(1, AttemptStatus::confirmed)}));
        }
        copy_over(folder.path(), copy.path());
        const auto journal = open_journal(folder);
        EXPECT_TRUE(insert(*journal, attempt(2, 2, 6)));
    }
    void restore_journal() const {
        std::filesystem::remove(folder.path() / "journal.sqlite-wal");
        std::filesystem::remove(folder.path() / "journal.sqlite-shm");
        copy_over(copy.file(), folder.file());
    }
    void restore_witness() const { copy_over(copy.path() / "witness", folder.path() / "witness"); }
    [[nodiscard]] auto open(std::optional<Nonce> adopt = {}) const {
        JournalOptions options;
        options.adopt = adopt;
        return SqliteJournal::open(folder.path(), owner(), std::move(options));
    }
    void expect_behind(const char* why) const {
        const auto opened = open();
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().kind, Kind::behind);
        EXPECT_EQ(exit_code(opened.error().kind), 77);
        EXPECT_THAT(opened.error().text, HasSubstr(why));
        EXPECT_THAT(opened.error().text, HasSubstr("--adopt-nonce"));
    }
    JournalFolder folder;
    JournalFolder copy;
};

TEST_F(Restored, AnOldCopyOfTheJournalIsRefused) {
    restore_journal();
    expect_behind("is behind its witness");
    expect_behind("is behind its witness");  // and a second try changes nothing
}

TEST_F(Restored, ALostJournalIsRefused) {
    for (const char* name : {"journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"})
        std::filesystem::remove(folder.path() / name);
    expect_behind("is behind its witness");
}

TEST_F(Restored, AnOldCopyOfTheWitnessIsNoHarm) {
    restore_witness();
    {
        const auto opened = open();
        ASSERT_TRUE(opened) << opened.error().text;
        EXPECT_EQ((*opened)->load()->highest_nonce, Nonce{6});
    }
    // It is a good witness again.
    restore_journal();
    expect_behind("is behind its witness");
}

TEST_F(Restored, ALostWitnessIsRefused) {
    std::filesystem::remove(folder.path() / "witness");
    expect_behind("has lost its witness");
}

TEST_F(Restored, ADamagedWitnessIsRefused) {
    std::fstream file{folder.path() / "witness", std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(40);
    file.put('\x7f');
    file.close();
    expect_behind("the witness is damaged");
}

TEST_F(Restored, AnOldCopyOfBothCannotBeSeenHere) {
    // Only the chain shows it: its nonce is above all that the journal holds.
    restore_journal();
    restore_witness();
    const auto opened = open();
    ASSERT_TRUE(opened) << opened.error().text;
    EXPECT_EQ((*opened)->load()->highest_nonce, Nonce{5});
}

TEST_F(Restored, TheOperatorsWordStartsANewEpochAboveAllThatMayHaveBeenUsed) {
    restore_journal();
    const auto opened = open(Nonce{7});
    ASSERT_TRUE(opened) << opened.error().text;
    const auto state = (*opened)->load();
    EXPECT_EQ(state->adopted, Nonce{7});
    EXPECT_GE(state->reserved, Nonce{999});  // the witness knows of it
    EXPECT_GE(state->next_attempt, 3U);      // likewise
    EXPECT_GE(state->next_intent, 3U);
    EXPECT_EQ(state->epoch, 3U);
}

TEST_F(Restored, TheOperatorsWordHoldsAcrossRestarts) {
    restore_journal();
    ASSERT_TRUE(open(Nonce{7}));
    const auto again = open();
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_EQ((*again)->load()->adopted, Nonce{7});
}

TEST_F(Restored, AnAdoptedNonceIsAboveWhatIsFinal) {
    restore_journal();
    const auto opened = open(Nonce{5});
    ASSERT_FALSE(opened);
    EXPECT_EQ(exit_code(opened.error().kind), 77);
    EXPECT_THAT(opened.error().text, HasSubstr("too low"));
}

TEST_F(Restored, AWitnessOfAnotherKeyIsRefused) {
    const JournalFolder other;
    JournalOwner whose = owner();
    whose.sender.bytes[0] = 0;
    ASSERT_TRUE(SqliteJournal::open(other.path(), whose));
    copy_over(other.path() / "witness", folder.path() / "witness");
    EXPECT_EQ(open().error().kind, Kind::other_owner);
    EXPECT_EQ(open(Nonce{7}).error().kind, Kind::other_owner);
}

TEST(Witness, FollowsEveryCommitAndOutlivesThisProcess) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    ASSERT_TRUE(insert(*journal, attempt(1, 4, 5)));
    Witness witness{posix_witness_file(folder.path() / "witness"), owner()};
    const auto record = witness.read();
    ASSERT_TRUE(record && *record);
    EXPECT_EQ(**record, (WitnessRecord{1, Nonce{999}, 1, 4}));
}

TEST(Witness, ATornRecordThatWasNotSyncedDoesNotCount) {
    const JournalFolder folder;
    {
        const auto journal = open_journal(folder);
        ASSERT_TRUE(insert(*journal, attempt(1, 4, 5)));
    }
    std::filesystem::resize_file(folder.path() / "witness", 530);
    Witness witness{posix_witness_file(folder.path() / "witness"), owner()};
    EXPECT_EQ(**witness.read(), (WitnessRecord{1, Nonce{999}, 0, 0}));
    EXPECT_NE(open_journal(folder), nullptr);
}

TEST(Witness, ThatCannotBeWrittenStopsTheKey) {
    const JournalFolder folder;
    const JournalFolder elsewhere;
    JournalOptions options;
    options.witness = elsewhere.path() / "gone" / "witness";
    const auto refused = SqliteJournal::open(folder.path(), owner(), std::move(options));
    ASSERT_FALSE(refused);
    EXPECT_EQ(exit_code(refused.error().kind), 73);
    std::filesystem::create_directory(elsewhere.path() / "later");
    JournalOptions later;
    later.witness = elsewhere.path() / "later" / "witness";
    const auto journal = SqliteJournal::open(folder.path(), owner(), std::move(later));
    ASSERT_TRUE(journal) << journal.error().text;
    std::filesystem::remove_all(elsewhere.path() / "later");
    const auto failed = write(**journal, {signer::ReserveNonces{Nonce{63}}});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Errc::storage_failed);
}

TEST(KeyLock, s43_TwoFoldersWithOneKeyCollide) {
    const JournalFolder locks;
    const JournalFolder one;
    const JournalFolder two;
    const auto open = [&locks](const JournalFolder& folder, const JournalOwner& whose) {
        JournalOptions options;
        options.lock_folder = locks.path();
        return SqliteJournal::open(folder.path(), whose, std::move(options));
    };
    const auto held = open(one, owner());
    ASSERT_TRUE(held) << held.error().text;
    const auto second = open(two, owner());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, Kind::locked);
    EXPECT_THAT(second.error().text, HasSubstr("pid " + std::to_string(getpid())));
    JournalOwner other = owner();
    other.chain = ChainId{1};
    EXPECT_TRUE(open(two, other));  // another chain is another key
}

TEST(KeyLock, AFolderThatOthersMayWriteToIsNotTrusted) {
    const JournalFolder locks;
    ASSERT_EQ(chmod(locks.path().c_str(), 0777), 0);
    const auto refused = lock_key(locks.path(), owner());
    ASSERT_FALSE(refused);
    EXPECT_FALSE(refused.error().held);
    EXPECT_THAT(refused.error().text, HasSubstr("written by others"));
}

}  // namespace
}  // namespace plimsoll::bot
