// SPDX-License-Identifier: Apache-2.0
#include "bot/missed.hpp"

#include <gtest/gtest.h>

namespace plimsoll::bot {
namespace {

using strategy::Reason;

class MissedTest : public testing::Test {
  protected:
    static IntentKey key(std::uint8_t account) {
        IntentKey out;
        out.account.bytes[19] = account;
        return out;
    }
    static strategy::Decision decision(std::uint64_t block, Reason reason = Reason::none) {
        strategy::Decision out;
        out.key = key(1);
        out.reason = reason;
        out.block_number = BlockNumber{block};
        out.opportunity.net.magnitude = Usd{block};
        return out;
    }
    static Outcome outcome(OutcomeKind kind, std::uint64_t block = 0) {
        Outcome out;
        out.key = key(1);
        out.kind = kind;
        out.block_number = BlockNumber{block};
        return out;
    }
    static strategy::LiquidationSeen seen(std::uint64_t block, std::uint8_t transaction = 7) {
        strategy::LiquidationSeen out;
        out.account = key(1).account;
        out.block_number = BlockNumber{block};
        out.transaction_hash.bytes[0] = transaction;
        return out;
    }
    Missed judge(std::uint64_t block) { return ledger_.judge(key(1), seen(block)).value(); }

    MissedLedger ledger_{false};
};

TEST_F(MissedTest, AnAccountThatTheBookDidNotHaveIsNotIndexedWhateverElseHolds) {
    ledger_.decided(decision(10));
    strategy::LiquidationSeen unknown = seen(11);
    unknown.indexed = false;
    EXPECT_EQ(ledger_.judge(key(1), unknown)->reason, MissedReason::not_indexed);
}

TEST_F(MissedTest, WhoeverWasNoCandidateBeforeWasTakenBeforeItWasSeen) {
    const Missed missed = judge(11);
    EXPECT_EQ(missed.reason, MissedReason::other_won_before_seen);
    EXPECT_EQ(missed.lag_blocks, 0U);
    EXPECT_FALSE(missed.decided_on);
    EXPECT_EQ(missed.skipped, Reason::none);
}

TEST_F(MissedTest, ASendIsARaceForTheNextBlockAndLateAfterIt) {
    ledger_.decided(decision(10));
    const Missed next = judge(11);
    EXPECT_EQ(next.reason, MissedReason::other_won_same_block);
    EXPECT_EQ(next.lag_blocks, 1U);
    EXPECT_EQ(next.net->magnitude, Usd{10});

    ledger_.decided(decision(20));
    ledger_.decided(decision(21, Reason::already_pending));
    const Missed later = ledger_.judge(key(1), seen(22, 8)).value();
    EXPECT_EQ(later.reason, MissedReason::included_too_late);
    EXPECT_EQ(later.lag_blocks, 2U);
}

TEST_F(MissedTest, WhatWasSentAndDidNotLandInTimeIsTooLate) {
    for (const OutcomeKind kind : {OutcomeKind::expired, OutcomeKind::outbid, OutcomeKind::cancelled}) {
        MissedLedger ledger{false};
        ledger.decided(decision(10));
        ledger.ended(outcome(kind, 15));
        EXPECT_EQ(ledger.judge(key(1), seen(16))->reason, MissedReason::included_too_late);
    }
}

TEST_F(MissedTest, ARevertOfOursCountsOnlyIfItCameBeforeTheWinnersBlock) {
    ledger_.decided(decision(10));
    ledger_.ended(outcome(OutcomeKind::reverted, 11));
    ledger_.decided(decision(11, Reason::simulation_reverted));  // held back
    const Missed missed = judge(13);
    EXPECT_EQ(missed.reason, MissedReason::reverted_onchain);
    EXPECT_EQ(missed.lag_blocks, 3U);

    MissedLedger beaten{false};
    beaten.decided(decision(10));
    beaten.ended(outcome(OutcomeKind::reverted, 11));  // behind the winner in its block
    EXPECT_EQ(beaten.judge(key(1), seen(11))->reason, MissedReason::other_won_same_block);
}

TEST_F(MissedTest, ASkipIsToldWithItsReasonAndCountsFromTheFirstLook) {
    ledger_.decided(decision(10, Reason::slippage_cap));
    ledger_.decided(decision(14, Reason::below_min_profit));
    const Missed missed = judge(15);
    EXPECT_EQ(missed.reason, MissedReason::never_simulated);
    EXPECT_EQ(missed.skipped, Reason::below_min_profit);
    EXPECT_EQ(missed.lag_blocks, 5U);
    EXPECT_EQ(missed.decided_on, BlockNumber{10});
}

TEST_F(MissedTest, ASkipAfterAFailureIsTheNewestWord) {
    ledger_.decided(decision(10));
    ledger_.ended(outcome(OutcomeKind::expired, 15));
    ledger_.decided(decision(16, Reason::base_fee_cap));
    EXPECT_EQ(judge(17).skipped, Reason::base_fee_cap);
}

TEST_F(MissedTest, WhatThePolicyRefusedWasNeverSent) {
    ledger_.decided(decision(10));
    ledger_.ended(outcome(OutcomeKind::refused));
    const Missed missed = judge(11);
    EXPECT_EQ(missed.reason, MissedReason::never_simulated);
    EXPECT_EQ(missed.skipped, Reason::signer_unavailable);
}

TEST_F(MissedTest, ADryRunSendsNothing) {
    MissedLedger dry{true};
    dry.decided(decision(10));
    const Missed missed = dry.judge(key(1), seen(11)).value();
    EXPECT_EQ(missed.reason, MissedReason::never_simulated);
    EXPECT_EQ(missed.skipped, Reason::dry_run);
    EXPECT_EQ(missed.lag_blocks, 1U);
}

TEST_F(MissedTest, WhatWeWonIsForgottenAndTheRestIsAnotherOpportunity) {
    ledger_.decided(decision(10));
    ledger_.ended(outcome(OutcomeKind::confirmed, 11));
    EXPECT_EQ(judge(12).reason, MissedReason::other_won_before_seen);
}

TEST_F(MissedTest, AReorganisationDoesNotCountALiquidationTwice) {
    EXPECT_TRUE(ledger_.judge(key(1), seen(11)));
    EXPECT_FALSE(ledger_.judge(key(1), seen(12)));
    EXPECT_TRUE(ledger_.judge(key(1), seen(12, 8)));
}

TEST_F(MissedTest, EveryReasonHasItsName) {
    EXPECT_EQ(to_string(MissedReason::other_won_same_block), "other_won_same_block");
    EXPECT_EQ(to_string(MissedReason::never_simulated), "never_simulated");
    EXPECT_EQ(to_string(MissedReason::not_indexed), "not_indexed");
}

}  // namespace
}  // namespace plimsoll::bot
