// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/journal_reader.hpp"

#include "tests/unit/bot/journal/journal_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace plimsoll::bot {
namespace {

using signer::AttemptStatus;

std::vector<std::uint64_t> ids(const Result<std::vector<AttemptView>>& attempts) {
    std::vector<std::uint64_t> out;
    if (!attempts) ADD_FAILURE() << attempts.error().context;
    for (const AttemptView& one : attempts.value_or(std::vector<AttemptView>{}))
        out.push_back(one.id);
    return out;
}

TEST(JournalReader, ReadsWhatAKeeperIsWriting) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    ASSERT_TRUE(insert(*journal, attempt(1, 1, 5)));
    auto reader = JournalReader::open(folder.path());
    ASSERT_TRUE(reader) << reader.error().context;
    ASSERT_TRUE(insert(*journal, attempt(2, 1, 5)));
    ASSERT_TRUE(insert(*journal, attempt(3, 2, 6)));
    EXPECT_EQ(ids(reader->attempts({})), (std::vector<std::uint64_t>{3, 2, 1}));
    ASSERT_TRUE(write(*journal, {update(3, AttemptStatus::mined)})) << "reading does not hold up the writer";

    const auto one = reader->attempts({false, 2, {}, 10});
    ASSERT_TRUE(one);
    ASSERT_EQ(one->size(), 1U);
    const signer::AttemptRow row = attempt(3, 2, 6);
    const AttemptView& view = one->front();
    EXPECT_EQ(view.intent_id, 2U);
    EXPECT_EQ(view.venue, row.key.venue);
    EXPECT_EQ(view.account, row.key.account);
    EXPECT_EQ(view.purpose, "execute");
    EXPECT_EQ(view.nonce, row.nonce);
    EXPECT_EQ(view.hash, row.hash);
    EXPECT_EQ(view.max_fee_per_gas, row.fee.max_fee_per_gas);
    EXPECT_EQ(view.max_priority_fee_per_gas, row.fee.max_priority_fee_per_gas);
    EXPECT_EQ(view.last_block, row.last_block);
    EXPECT_EQ(view.status, "mined");
    EXPECT_EQ(view.block_hash, update(3, AttemptStatus::mined).block_hash);
    EXPECT_EQ(view.block_number, BlockNumber{101});
    EXPECT_GT(view.created_ms, 1'600'000'000'000U);
}

TEST(JournalReader, FindsTheIntentOfAHashAndWhatIsOpen) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    for (const auto& row : {attempt(1, 1, 5), attempt(2, 1, 5), attempt(3, 2, 6)})
        ASSERT_TRUE(insert(*journal, row));
    ASSERT_TRUE(write(*journal, {update(3, AttemptStatus::dropped)}));
    auto reader = JournalReader::open(folder.path());
    ASSERT_TRUE(reader);
    EXPECT_EQ(ids(reader->attempts({false, {}, attempt(1, 1, 5).hash, 10})),
              (std::vector<std::uint64_t>{2, 1}));
    EXPECT_EQ(ids(reader->attempts({true, {}, {}, 10})), (std::vector<std::uint64_t>{2, 1}));
    EXPECT_EQ(ids(reader->attempts({false, {}, {}, 1})), (std::vector<std::uint64_t>{3}));
    EXPECT_EQ(ids(reader->attempts({false, {}, attempt(9, 9, 9).hash, 10})), (std::vector<std::uint64_t>{}));
    EXPECT_EQ(ids(reader->attempts({false, 9, {}, 10})), (std::vector<std::uint64_t>{}));
}

TEST(JournalReader, TellsHowAnIntentEnded) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    ASSERT_TRUE(insert(*journal, attempt(1, 1, 5)));
    auto reader = JournalReader::open(folder.path());
    ASSERT_TRUE(reader);
    const auto open = reader->intent({false, 1, {}, 10});
    ASSERT_TRUE(open) << open.error().context;
    EXPECT_EQ(open->attempts.size(), 1U);
    EXPECT_FALSE(open->last);
    signer::EndIntent end;
    end.intent_id = 1;
    end.kind = OutcomeKind::cancelled;
    end.block_hash.bytes.fill(0xB1);
    end.block_number = BlockNumber{101};
    end.text = "on request";
    ASSERT_TRUE(write(*journal, {update(1, AttemptStatus::dropped), end}));
    const auto ended = reader->intent({false, {}, attempt(1, 1, 5).hash, 10});
    ASSERT_TRUE(ended && ended->last);
    EXPECT_EQ(ended->attempts.front().status, "dropped");
    EXPECT_EQ(ended->last->outcome, "cancelled");
    EXPECT_EQ(ended->last->block_hash, end.block_hash);
    EXPECT_EQ(ended->last->block_number, end.block_number);
    EXPECT_EQ(ended->last->text, end.text);
    EXPECT_GT(ended->last->ended_ms, 1'600'000'000'000U);
    const auto none = reader->intent({false, 2, {}, 10});
    ASSERT_TRUE(none);
    EXPECT_TRUE(none->attempts.empty());
}

TEST(JournalReader, RefusesWhatIsNoJournal) {
    const JournalFolder folder;
    EXPECT_EQ(JournalReader::open(folder.path()).error().code, Errc::not_found);
    std::ofstream{folder.file()} << "no database at all, but long enough to be looked at as one: "
                                 << std::string(4096, 'x');
    EXPECT_EQ(JournalReader::open(folder.path()).error().code, Errc::malformed_input);
}

TEST(JournalReader, ReadsAJournalThatNobodyHolds) {
    const JournalFolder folder;
    ASSERT_TRUE(insert(*open_journal(folder), attempt(1, 1, 5)));
    auto reader = JournalReader::open(folder.path());
    ASSERT_TRUE(reader) << reader.error().context;
    EXPECT_EQ(ids(reader->attempts({})), (std::vector<std::uint64_t>{1}));
}

}  // namespace
}  // namespace plimsoll::bot
