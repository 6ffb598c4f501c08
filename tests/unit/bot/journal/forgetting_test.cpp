// SPDX-License-Identifier: Apache-2.0
// What was armed and let go leaves no row, as a row a candidate a block would soon be all there is; its ids
// stay used.
#include "bot/journal/sqlite.hpp"
#include "tests/unit/bot/journal/journal_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll::bot {
namespace {

using signer::AttemptStatus;
using ::testing::HasSubstr;

signer::AttemptRow armed(signer::AttemptId id) {
    signer::AttemptRow out = attempt(id, id, 6);
    out.key.account.bytes[18] = static_cast<std::uint8_t>(id >> 8U);
    out.raw[0] = out.key.account.bytes[18];
    out.hash = keccak256(out.raw);
    out.status = AttemptStatus::armed;
    return out;
}

std::uint64_t rows_of(const JournalFolder& folder) {
    return Database::open(folder.file())->number("SELECT count(*) FROM attempts").value();
}

TEST(Forgetting, WhatWasArmedAndLetGoLeavesItsIds) {
    const JournalFolder folder;
    auto journal = open_journal(folder);
    ASSERT_TRUE(write(*journal, {signer::InsertAttempt{armed(7)}, signer::InsertAttempt{armed(8)}}));
    ASSERT_TRUE(write(*journal, {update(8, AttemptStatus::dropped)}));
    EXPECT_EQ(rows_of(folder), 1U);
    const auto late = write(*journal, {update(8, AttemptStatus::maybe_sent)});
    ASSERT_FALSE(late);
    EXPECT_THAT(late.error().context, HasSubstr("has no attempt 8"));
    // Opened again it is not taken for an older copy of itself, though its witness knows of attempt 8.
    journal.reset();
    journal = open_journal(folder);
    EXPECT_EQ(journal->load()->next_attempt, 9U);
    EXPECT_EQ(journal->load()->next_intent, 9U);
}

TEST(Forgetting, AnOlderCopyIsStillTold) {
    const JournalFolder folder;
    static_cast<void>(open_journal(folder));
    std::filesystem::copy(folder.file(), folder.path() / "copy");
    {
        const auto journal = open_journal(folder);
        ASSERT_TRUE(insert(*journal, armed(8)));
        ASSERT_TRUE(write(*journal, {update(8, AttemptStatus::dropped)}));
    }
    for (const char* const more : {"journal.sqlite-wal", "journal.sqlite-shm"})
        std::filesystem::remove(folder.path() / more);
    std::filesystem::rename(folder.path() / "copy", folder.file());
    const auto refused = SqliteJournal::open(folder.path(), owner());
    ASSERT_FALSE(refused);
    EXPECT_EQ(exit_code(refused.error().kind), 77);
}

TEST(Forgetting, WhatWasSignedToBeSentKeepsItsRow) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    ASSERT_TRUE(insert(*journal, attempt(1, 1, 5)));
    ASSERT_TRUE(insert(*journal, armed(2)));
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::dropped), update(2, AttemptStatus::maybe_sent)}));
    EXPECT_EQ(rows_of(folder), 2U);
    EXPECT_FALSE(write(*journal, {update(2, AttemptStatus::dropped)}));  // it was fired
    EXPECT_FALSE(Database::open(folder.file())->execute("DELETE FROM attempts"));
}

TEST(Forgetting, IdsNeverGoBack) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    ASSERT_TRUE(insert(*journal, armed(8)));
    ASSERT_TRUE(write(*journal, {update(8, AttemptStatus::dropped)}));
    auto other = Database::open(folder.file());
    for (const char* const wrong : {"DELETE FROM forgotten", "UPDATE forgotten SET attempts = 0",
                                    "UPDATE forgotten SET attempts = attempts + 1, last_attempt = 7",
                                    "UPDATE forgotten SET attempts = attempts + 1, last_intent = 7"}) {
        const Result<void> done = other->execute(wrong);
        ASSERT_FALSE(done) << wrong;
        EXPECT_THAT(done.error().context, HasSubstr("ids are never given again"));
    }
}

TEST(Forgetting, AnHourOfArmingDoesNotGrowTheFile) {
    constexpr signer::AttemptId kAtOnce = 16;
    constexpr signer::AttemptId kFirst = 100;
    constexpr int kBlocks = 300;
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    signer::AttemptId id = kFirst;
    const auto block = [&] {
        std::vector<signer::JournalEntry> entries;
        for (const signer::AttemptId end = id + kAtOnce; id != end; ++id) {
            if (id >= kFirst + kAtOnce) entries.emplace_back(update(id - kAtOnce, AttemptStatus::dropped));
            entries.emplace_back(signer::InsertAttempt{armed(id)});
        }
        return journal->write(entries);
    };
    const auto pages = [&] { return Database::open(folder.file())->number("PRAGMA page_count").value(); };
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE(block());
    const std::uint64_t before = pages();
    for (int i = 0; i < kBlocks; ++i) {
        const Result<void> written = block();
        ASSERT_TRUE(written) << written.error().context;
    }
    EXPECT_EQ(rows_of(folder), kAtOnce);
    EXPECT_LE(pages(), before + before / 2);
}

}  // namespace
}  // namespace plimsoll::bot
