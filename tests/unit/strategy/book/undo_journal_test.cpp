// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/undo_journal.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace plimsoll::strategy {
namespace {

Hash32 block_hash(std::uint8_t number) {
    Hash32 out;
    out.bytes[31] = number;
    return out;
}

TEST(UndoJournal, HandsOldValuesBackNewestFirst) {
    UndoJournal<int> journal{8};
    journal.begin(block_hash(1));
    journal.record(10);
    journal.begin(block_hash(2));
    journal.record(20);
    journal.record(21);
    std::vector<int> seen;
    const auto keep = [&seen](int value) { seen.push_back(value); };
    EXPECT_EQ(journal.undo(block_hash(2), keep), Undo::done);
    EXPECT_EQ(journal.undo(block_hash(1), keep), Undo::done);
    EXPECT_EQ(seen, (std::vector<int>{21, 20, 10}));
    EXPECT_EQ(journal.undo(block_hash(1), keep), Undo::unknown);
}

TEST(UndoJournal, OnlyTheNewestBlockCanBeUndone) {
    UndoJournal<int> journal{8};
    journal.begin(block_hash(1));
    journal.begin(block_hash(2));
    int calls = 0;
    const auto count = [&calls](int) { ++calls; };
    EXPECT_EQ(journal.undo(block_hash(1), count), Undo::buried);
    EXPECT_EQ(journal.undo(block_hash(3), count), Undo::unknown);
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(journal.size(), 2U);
}

TEST(UndoJournal, DropsTheOldestBlockBeyondItsDepth) {
    UndoJournal<int> journal{2};
    for (std::uint8_t i = 1; i <= 3; ++i)
        journal.begin(block_hash(i));
    EXPECT_EQ(journal.size(), 2U);
    const auto ignore = [](int) {};
    EXPECT_EQ(journal.undo(block_hash(3), ignore), Undo::done);
    EXPECT_EQ(journal.undo(block_hash(2), ignore), Undo::done);
    EXPECT_EQ(journal.undo(block_hash(1), ignore), Undo::unknown);
}

}  // namespace
}  // namespace plimsoll::strategy
