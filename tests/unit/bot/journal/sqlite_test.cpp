// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/sqlite.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace plimsoll::bot {
namespace {

TEST(Statement, ThatCannotBePreparedFailsWhereItIsRun) {
    Database database = Database::open(":memory:").value();
    Statement nothing = database.prepare("INSERT INTO what_a_damaged_file_does_not_have VALUES (?1)");
    EXPECT_FALSE(nothing.bind(1, std::uint64_t{1}).run());
    EXPECT_FALSE(nothing.step());
}

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

}  // namespace
}  // namespace plimsoll::bot
