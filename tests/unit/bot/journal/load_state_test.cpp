// SPDX-License-Identifier: Apache-2.0
// What a new process is told besides the open rows.
#include "tests/unit/bot/journal/journal_folder.hpp"

#include <gtest/gtest.h>

namespace plimsoll::bot {
namespace {

using signer::AttemptStatus;

/// Two intents that were under way at nonce 5: the first landed in block 101, the second had taken the nonce
/// over and waits again.
std::vector<signer::JournalEntry> taken_over() {
    signer::EndIntent first;
    first.intent_id = 1;
    first.kind = OutcomeKind::confirmed;
    first.block_hash.bytes.fill(0xB1);
    first.block_number = BlockNumber{101};
    return {signer::InsertAttempt{attempt(1, 1, 5)}, signer::InsertAttempt{attempt(2, 2, 5)},
            update(1, AttemptStatus::confirmed), update(2, AttemptStatus::replaced), first};
}

TEST(LoadState, AnIntentThatWaitsAgainIsTold) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    ASSERT_TRUE(write(*journal, taken_over()));
    const auto state = journal->load();
    ASSERT_TRUE(state);
    EXPECT_TRUE(state->open.empty());
    ASSERT_EQ(state->loose.size(), 1U);
    const signer::LooseIntent& loose = state->loose[0];
    EXPECT_EQ(loose.id, 2U);
    EXPECT_EQ(loose.key, attempt(2, 2, 5).key);
    EXPECT_EQ(loose.last_block, BlockNumber{120});
    EXPECT_EQ(loose.block_hash, update(1, AttemptStatus::confirmed).block_hash);
    EXPECT_EQ(loose.block_number, BlockNumber{101});
}

TEST(LoadState, NotWithALastWordNorWhileAnotherNonceIsItsOwn) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    ASSERT_TRUE(write(*journal, taken_over()));
    ASSERT_TRUE(insert(*journal, attempt(3, 2, 6)));
    EXPECT_TRUE(journal->load()->loose.empty());  // it is open
    ASSERT_TRUE(write(*journal, {update(3, AttemptStatus::dropped)}));
    EXPECT_EQ(journal->load()->loose.size(), 1U);
    signer::EndIntent end;
    end.intent_id = 2;
    end.kind = OutcomeKind::expired;
    end.block_hash.bytes.fill(0xB1);
    ASSERT_TRUE(write(*journal, {end}));
    EXPECT_TRUE(journal->load()->loose.empty());
}

TEST(LoadState, WhatWasOnlyArmedAndWhatLandedIsNotLoose) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    signer::AttemptRow armed = attempt(1, 1, 5);
    armed.status = AttemptStatus::armed;
    ASSERT_TRUE(insert(*journal, armed));
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::dropped)}));
    ASSERT_TRUE(insert(*journal, attempt(2, 2, 5)));
    ASSERT_TRUE(write(*journal, {update(2, AttemptStatus::confirmed)}));
    EXPECT_TRUE(journal->load()->loose.empty());
}

TEST(LoadState, WhenAnArmedAttemptWasFiredIsKnown) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    signer::AttemptRow armed = attempt(1, 1, 5);
    armed.status = AttemptStatus::armed;
    armed.first_head = {};
    ASSERT_TRUE(insert(*journal, armed));
    signer::UpdateAttempt fired = update(1, AttemptStatus::maybe_sent);
    fired.first_head = BlockNumber{104};
    ASSERT_TRUE(write(*journal, {fired}));
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::sent)}));
    EXPECT_EQ(journal->load()->open.at(0).first_head, BlockNumber{104});
}

}  // namespace
}  // namespace plimsoll::bot
