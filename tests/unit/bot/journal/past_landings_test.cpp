// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/bot/journal/journal_folder.hpp"

#include <gtest/gtest.h>

namespace plimsoll::bot {
namespace {

using signer::AttemptStatus;

TEST(PastLandings, TellWhatLandedWithinADay) {
    const JournalFolder folder;
    const auto journal = open_journal(folder);
    for (std::uint64_t id = 1; id <= 4; ++id)
        ASSERT_TRUE(insert(*journal, attempt(id, id, 10 + id)));
    ASSERT_TRUE(insert(*journal, attempt(5, 1, 11)));  // a replacement, which lands
    signer::UpdateAttempt paid = update(5, AttemptStatus::confirmed);
    paid.cost = Wei{std::uint64_t{777}};
    Address token;
    token.bytes.fill(0x77);
    const auto end = [](std::uint64_t intent, OutcomeKind kind) {
        return signer::EndIntent{intent, kind, update(1, {}).block_hash, BlockNumber{101}, ""};
    };
    ASSERT_TRUE(write(*journal, {paid, update(1, AttemptStatus::replaced), end(1, OutcomeKind::confirmed),
                                 update(2, AttemptStatus::reverted), end(2, OutcomeKind::reverted),
                                 update(3, AttemptStatus::replaced), end(3, OutcomeKind::outbid)}));
    ASSERT_TRUE(write(*journal, {signer::RecordProfit{5, token, TokenAmount{41}, Wei{std::uint64_t{778}}}}));
    const auto state = journal->load();
    ASSERT_TRUE(state);
    ASSERT_EQ(state->landings.size(), 2U) << "intent 3 was outbid, 4 is under way";
    const signer::PastLanding& won = state->landings[0];
    EXPECT_EQ(won.intent_id, 1U);
    EXPECT_EQ(won.cost, Wei{std::uint64_t{778}});
    EXPECT_EQ(won.token, token);
    EXPECT_EQ(won.profit, TokenAmount{41});
    EXPECT_GT(won.sent.value, 1'700'000'000U);
    EXPECT_LE(won.sent, won.ended);
    const signer::PastLanding& lost = state->landings[1];
    EXPECT_EQ(lost.intent_id, 2U);
    EXPECT_EQ(lost.cost, attempt(2, 2, 12).ceiling) << "what it took was not told";
    EXPECT_EQ(lost.profit, TokenAmount{});
}

}  // namespace
}  // namespace plimsoll::bot
