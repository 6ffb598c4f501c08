// SPDX-License-Identifier: Apache-2.0
// What a new process does with the journal of an earlier one.
#include "tests/unit/signer/scheduler_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plimsoll::signer {
namespace {

/// The journal as an earlier run left it: `count` durable attempts, nothing known about their sends.
JournalState left_behind(std::uint8_t count, std::uint64_t last_block = 1000) {
    World earlier;
    earlier.start();
    for (std::uint8_t i = 1; i <= count; ++i)
        earlier.submit(i, i, last_block);
    JournalState out;
    for (const auto& entry : earlier.rows())
        out.open.push_back(entry.second);
    out.highest_nonce = Nonce{count - 1ULL};
    out.next_attempt = count + 1ULL;
    out.next_intent = count + 1ULL;
    out.reserved = Nonce{1000};
    return out;
}

/// The same attempt, made for another nonce by an armed set, whose rows hold what was to be signed.
AttemptRow far_away(AttemptRow row, std::uint64_t nonce) {
    Transaction fields = decode_transaction(row.raw).value().fields;
    fields.nonce = Nonce{nonce};
    row.nonce = fields.nonce;
    row.raw = unsigned_bytes(fields);
    row.status = AttemptStatus::armed;
    return row;
}

/// World insists on bytes it saw being persisted; recovered ones were persisted by somebody else.
class Restarted : public ::testing::Test {
  protected:
    Actions on(const SignerEvent& event) {
        Actions out;
        scheduler.on(event, out);
        return out;
    }
    static std::vector<Send> sends_in(const Actions& actions) {
        std::vector<Send> out;
        for (const Action& action : actions) {
            if (const auto* send = std::get_if<Send>(&action)) out.push_back(*send);
        }
        return out;
    }
    Actions begin(const JournalState& state, std::uint64_t latest, std::uint64_t number = 100) {
        on(Recovered{state});
        on(NonceRead{Nonce{latest}, Nonce{latest}});
        return on(HeadSeen{head(number)});
    }
    static Head head(std::uint64_t number) {
        Head out;
        out.number = BlockNumber{number};
        out.hash = World::block_hash(number);
        out.base_fee = to_wei(Gwei{10});
        out.gas_limit = Gas{30'000'000};
        out.gas_used = Gas{15'000'000};
        return out;
    }
    Scheduler scheduler{World::default_options()};
};

TEST_F(Restarted, s39_OpenRowsAreSentAgainByteForByteBeforeAnythingNew) {
    const JournalState state = left_behind(2);
    on(IntentSubmitted{World::intent(9, 9)});
    const Actions actions = begin(state, 0);
    const auto sends = sends_in(actions);
    ASSERT_EQ(sends.size(), 2U);
    EXPECT_EQ(sends[0].raw, state.open[0].raw);
    EXPECT_EQ(sends[1].raw, state.open[1].raw);
    const auto place = [&actions](auto wanted) {
        return std::find_if(actions.begin(), actions.end(), wanted) - actions.begin();
    };
    const auto sign = place([](const Action& action) { return std::holds_alternative<Sign>(action); });
    const auto send = place([](const Action& action) { return std::holds_alternative<Send>(action); });
    EXPECT_LT(send, sign);
    EXPECT_EQ(std::get<Sign>(actions[static_cast<std::size_t>(sign)]).fields.nonce, Nonce{2});
}

TEST_F(Restarted, NoncesAndIdsContinueAboveTheJournal) {
    begin(left_behind(3), 0);
    EXPECT_EQ(scheduler.next_intent_id(), 4U);
    const Actions actions = on(IntentSubmitted{World::intent(10, 10)});
    const Sign sign = std::get<Sign>(actions.at(0));
    EXPECT_EQ(sign.fields.nonce, Nonce{3});
    EXPECT_EQ(sign.attempt, 4U);
}

TEST_F(Restarted, AKeyOfAnEarlierRunIsStillBusy) {
    begin(left_behind(1), 0);
    const Actions actions = on(IntentSubmitted{World::intent(9, 1)});
    EXPECT_EQ(std::get<Declined>(actions.at(0)).reason, DeclineReason::already_pending);
}

TEST_F(Restarted, WhatLandedMeanwhileIsFoundByItsHash) {
    const JournalState state = left_behind(1);
    const Actions actions = begin(state, 1, 105);
    EXPECT_TRUE(sends_in(actions).empty());
    Receipt receipt;
    receipt.transaction_hash = state.open[0].hash;
    receipt.block_hash = World::block_hash(103);
    receipt.block_number = BlockNumber{103};
    receipt.success = true;
    const Actions found = on(ReceiptSeen{receipt.transaction_hash, receipt, BlockNumber{105}});
    bool final = false;
    for (const Action& action : found) {
        const auto* report = std::get_if<Report>(&action);
        final = final || (report != nullptr && report->stage == ReportStage::final &&
                          report->outcome.kind == OutcomeKind::confirmed);
    }
    EXPECT_TRUE(final);
}

TEST_F(Restarted, ARowPastItsDeadlineIsCancelledBecauseItMayHaveBeenSent) {
    const JournalState state = left_behind(1, 104);
    const Actions actions = begin(state, 0, 104);
    EXPECT_TRUE(sends_in(actions).empty());
    const auto sign = std::find_if(actions.begin(), actions.end(),
                                   [](const Action& action) { return std::holds_alternative<Sign>(action); });
    ASSERT_NE(sign, actions.end());
    EXPECT_EQ(std::get<Sign>(*sign).purpose, Purpose::cancel);
    EXPECT_EQ(std::get<Sign>(*sign).fields.nonce, Nonce{0});
}

TEST_F(Restarted, AGapLeftBelowOpenRowsIsFilled) {
    JournalState state = left_behind(2);
    state.open.erase(state.open.begin());  // nonce 0 had been dropped
    const Actions actions = begin(state, 0);
    ASSERT_EQ(sends_in(actions).size(), 1U);
    const auto sign = std::find_if(actions.begin(), actions.end(),
                                   [](const Action& action) { return std::holds_alternative<Sign>(action); });
    ASSERT_NE(sign, actions.end());
    EXPECT_EQ(std::get<Sign>(*sign).fields.nonce, Nonce{0});
    EXPECT_EQ(std::get<Sign>(*sign).purpose, Purpose::cancel);
}

TEST_F(Restarted, s42_AJournalThatIsBehindTheChainStopsTheKey) {
    begin(left_behind(1), 5);
    EXPECT_EQ(scheduler.state(), KeyState::stopped);
}

TEST_F(Restarted, AChainThatIsBehindTheJournalIsWaitedFor) {
    JournalState state;
    state.highest_nonce = Nonce{6};
    state.highest_landed = Nonce{6};
    begin(state, 3);
    EXPECT_EQ(scheduler.state(), KeyState::starting);
    EXPECT_NE(scheduler.state_reason().find("lags"), std::string::npos);
    on(NonceRead{Nonce{7}, Nonce{7}});
    EXPECT_EQ(scheduler.state(), KeyState::ready);
}

TEST_F(Restarted, PendingTransactionsTheJournalDoesNotKnowAreWaitedFor) {
    on(Recovered{});
    on(HeadSeen{head(100)});
    on(NonceRead{Nonce{3}, Nonce{5}});
    EXPECT_EQ(scheduler.state(), KeyState::starting);
    on(NonceRead{Nonce{5}, Nonce{5}});
    on(Reserved{Nonce{68}});
    EXPECT_EQ(scheduler.state(), KeyState::ready);
    EXPECT_EQ(std::get<Sign>(on(IntentSubmitted{World::intent(1, 1)}).at(0)).fields.nonce, Nonce{5});
}

TEST_F(Restarted, WhatWasMinedCountsAsMinedOnlyWhenItsReceiptIsSeenAgain) {
    JournalState state = left_behind(1);
    state.open[0].status = AttemptStatus::mined;
    state.open[0].block_hash = World::block_hash(99);
    state.open[0].block_number = BlockNumber{99};
    const Actions actions = begin(state, 0);
    std::vector<AttemptStatus> records;
    for (const Action& action : actions) {
        const auto* record = std::get_if<Record>(&action);
        if (record == nullptr) continue;
        for (const JournalEntry& entry : record->entries)
            records.push_back(std::get<UpdateAttempt>(entry).status);
    }
    EXPECT_EQ(records, std::vector<AttemptStatus>{AttemptStatus::reorged});
    ASSERT_EQ(sends_in(actions).size(), 1U);
    EXPECT_EQ(sends_in(actions)[0].raw, state.open[0].raw);
}

TEST_F(Restarted, ARowThatDoesNotHoldItsOwnBytesStopsTheKey) {
    JournalState state = left_behind(1);
    state.open[0].raw.back() ^= 1U;
    begin(state, 0);
    EXPECT_EQ(scheduler.state(), KeyState::stopped);
}

TEST_F(Restarted, ANonceThatWasNeverReservedStopsTheKey) {
    JournalState state = left_behind(2);
    state.reserved = Nonce{0};
    EXPECT_TRUE(sends_in(begin(state, 0)).empty());
    EXPECT_EQ(scheduler.state(), KeyState::stopped);
    EXPECT_NE(scheduler.state_reason().find("attempt 2 in the journal has nonce 1"), std::string::npos);
}

TEST_F(Restarted, AnOpenNonceFarAboveTheChainsStopsTheKeyInsteadOfFillingWhatLiesBetween) {
    JournalState state = left_behind(1);
    state.open[0] = far_away(state.open[0], 5'000);
    state.highest_nonce = Nonce{5'000};
    state.reserved = Nonce{5'000};
    EXPECT_TRUE(sends_in(begin(state, 0)).empty());
    EXPECT_NE(scheduler.state_reason().find("it is damaged"), std::string::npos) << scheduler.state_reason();
}

LooseIntent loose(std::uint64_t id, std::uint64_t last_block, std::uint64_t block) {
    LooseIntent out;
    out.id = id;
    out.key = World::intent(id, static_cast<std::uint8_t>(id)).key;
    out.last_block = BlockNumber{last_block};
    out.block_number = BlockNumber{block};
    if (block != 0) out.block_hash = World::block_hash(block);
    return out;
}

TEST_F(Restarted, AnIntentThatWaitedAgainGetsItsLastWordWhereItsNonceWasConsumed) {
    JournalState state;
    state.highest_nonce = Nonce{4};
    state.highest_landed = Nonce{4};
    state.next_intent = 10;
    state.reserved = Nonce{63};
    state.loose = {loose(7, 1000, 97), loose(8, 97, 97), loose(9, 1000, 0)};
    const Actions actions = begin(state, 5);
    std::vector<EndIntent> ends;
    std::vector<Report> reports;
    for (const Action& action : actions) {
        if (const auto* report = std::get_if<Report>(&action)) reports.push_back(*report);
        const auto* record = std::get_if<Record>(&action);
        if (record != nullptr) ends.push_back(std::get<EndIntent>(record->entries.at(0)));
    }
    ASSERT_EQ(ends.size(), 3U);
    ASSERT_EQ(reports.size(), 3U);
    EXPECT_EQ(ends[0].kind, OutcomeKind::cancelled);
    EXPECT_EQ(ends[0].block_hash, World::block_hash(97));
    EXPECT_EQ(ends[1].kind, OutcomeKind::expired);
    EXPECT_EQ(ends[2].block_hash, World::block_hash(100));  // something that is not ours: at the head
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(ends[i].intent_id, 7 + i);
        EXPECT_EQ(reports[i].outcome.intent_id, ends[i].intent_id);
        EXPECT_EQ(reports[i].outcome.block_hash, ends[i].block_hash);
        EXPECT_EQ(reports[i].stage, ReportStage::final);
    }
    EXPECT_FALSE(scheduler.busy(state.loose[0].key));
    EXPECT_TRUE(sends_in(on(HeadSeen{head(101)})).empty());
}

TEST_F(Restarted, TheStoryOfANonceGoesOnWhereItBegan) {
    JournalState state = left_behind(2);
    EXPECT_EQ(state.open[0].first_head, BlockNumber{100});
    state.open[1].first_head = {};  // not known: of an older journal
    const auto sends = sends_in(begin(state, 0, 104));
    ASSERT_EQ(sends.size(), 2U);
    EXPECT_EQ(sends[0].first_head, BlockNumber{100});
    EXPECT_EQ(sends[0].head, BlockNumber{104});
    EXPECT_EQ(sends[1].first_head, BlockNumber{104});
}

TEST_F(Restarted, BothHashesOfAReplacedNonceAreWatched) {
    World earlier;
    earlier.start();
    earlier.sent(1, 1);
    for (std::uint64_t block = 101; block <= 103; ++block)
        earlier.quiet_head(block);
    JournalState state;
    for (const auto& entry : earlier.rows())
        state.open.push_back(entry.second);
    ASSERT_EQ(state.open.size(), 2U);
    state.highest_nonce = Nonce{0};
    state.next_attempt = 3;
    state.reserved = Nonce{63};
    const Actions actions = begin(state, 0);
    std::vector<Hash32> asked;
    for (const Action& action : actions) {
        const auto* query = std::get_if<Query>(&action);
        if (query == nullptr || !std::holds_alternative<ReceiptQuery>(*query)) continue;
        asked.push_back(std::get<ReceiptQuery>(*query).transaction_hash);
    }
    EXPECT_EQ(asked, (std::vector<Hash32>{state.open[0].hash, state.open[1].hash}));
    const auto sends = sends_in(actions);
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_EQ(sends[0].raw, state.open[1].raw);  // the higher offer
}

}  // namespace
}  // namespace plimsoll::signer
