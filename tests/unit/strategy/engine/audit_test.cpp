// SPDX-License-Identifier: Apache-2.0
// Nobody is sent whose present state was not compared with the chain, and a book that is wrong acts on
// nothing until it was read again.
#include "tests/unit/strategy/scripted/stage.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

namespace plimsoll::strategy::scripted {
namespace {

Market borrowers(std::size_t count) {
    Market market = three_assets();
    for (std::size_t i = 0; i < count; ++i) {
        const AccountId id = market.add_holder(address_of(0xA000 + i));
        market.holders[id].collateral[kEther] = ether(10);
        market.holders[id].debt[kDollar] = dollars(15'000);  // below the line under 1875 a piece
    }
    return market;
}

EngineParams quiet_params(const Market& market) {
    EngineParams params = default_params(market);
    params.audit_sample = 0;
    return params;
}

Stage staged(const Market& market, const EngineParams& params) {
    ScriptedChain chain;
    add_deep_pools(chain, market);
    return Stage{market, std::move(chain), params};
}

std::vector<Notice> told(const Stage& stage, Notice::Kind kind) {
    std::vector<Notice> out;
    std::copy_if(stage.notices.begin(), stage.notices.end(), std::back_inserter(out),
                 [kind](const Notice& notice) { return notice.kind == kind; });
    return out;
}

TEST(Audit, WhoWasComparedIsSentWithoutAnyReadBetween) {
    const Market market = borrowers(1);
    Stage stage = staged(market, quiet_params(market));
    stage.boot();
    stage.hold = true;
    stage.block({market.price_log(kEther, usd(1'850))});
    EXPECT_EQ(stage.sends().size(), 1U);
    EXPECT_EQ(stage.engine().counts().unproven, 0U);
}

TEST(Audit, AnAccountThatChangedWithItsPriceIsSentOneRoundTripLater) {
    const Market market = borrowers(2);
    Stage stage = staged(market, quiet_params(market));
    stage.boot();
    stage.hold = true;
    stage.block({market.position_log(0, kDollar, {}, dollars(15'001)), market.price_log(kEther, usd(1'850))});
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_EQ(sends.front().key.account, address_of(0xA001));
    const auto skips = stage.skips();
    ASSERT_EQ(skips.size(), 1U);
    EXPECT_EQ(skips.front().reason, Reason::unproven);
    EXPECT_EQ(skips.front().key.account, address_of(0xA000));
    EXPECT_EQ(stage.engine().counts().unproven, 1U);
    EXPECT_EQ(stage.audits, 1U);  // of the very account
    stage.answer_all();           // no event but the answer
    const auto later = stage.sends();
    ASSERT_EQ(later.size(), 1U);
    EXPECT_EQ(later.front().key.account, address_of(0xA000));
    EXPECT_EQ(later.front().opportunity.quote.repaid, TokenAmount{U256{7'500'500'000}});
    EXPECT_EQ(stage.engine().counts().audited, 1U);
}

TEST(Audit, AnAnswerAboutAnOlderVersionProvesNothing) {
    const Market market = borrowers(1);
    Stage stage = staged(market, quiet_params(market));
    stage.boot();
    stage.hold = true;
    stage.block({market.position_log(0, kDollar, {}, dollars(15'001)), market.price_log(kEther, usd(1'850))});
    EXPECT_EQ(stage.skips().front().reason, Reason::unproven);
    stage.block({market.position_log(0, kDollar, {}, dollars(15'002))});
    const auto first = std::find_if(stage.reads.begin(), stage.reads.end(), [&](const ReadRequest& read) {
        const auto* const calls = std::get_if<std::vector<Call>>(&read.what);
        return calls != nullptr && calls->size() == 4 && calls->back().to == market.address;
    });
    ASSERT_NE(first, stage.reads.end());
    ReadRequest audit = *first;
    stage.reads.erase(first);
    stage.reads.push_front(std::move(audit));
    stage.answer_one();
    EXPECT_EQ(stage.engine().counts().audited, 1U);
    EXPECT_TRUE(stage.sends().empty());
    stage.answer_all();
    EXPECT_EQ(stage.sends().size(), 1U);
}

TEST(Audit, UnsealedPricesSendOnlyWhoIsProven) {
    const Market market = borrowers(1);
    EngineParams params = quiet_params(market);
    params.speculate = true;
    Stage stage = staged(market, params);
    stage.boot();
    stage.hold = true;
    stage.block({market.position_log(0, kDollar, {}, dollars(15'001))});
    stage.begin_block();
    stage.log(market.price_log(kEther, usd(1'850)));
    EXPECT_TRUE(stage.sends().empty());
    EXPECT_EQ(stage.engine().counts().unproven, 1U);
    stage.answer_all();
    stage.log(market.price_log(kEther, usd(1'849)));
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_TRUE(sends.front().speculative);
    EXPECT_EQ(stage.engine().counts().speculative_sends, 1U);
}

TEST(Audit, AMismatchNamesTheTermStopsEverythingAndReadsAgain) {
    const Market market = borrowers(2);
    Stage stage = staged(market, quiet_params(market));
    stage.boot();
    EXPECT_TRUE(stage.engine().readiness().ready());
    stage.account_says = [](AccountId account, std::size_t place, const U256& value) {
        return account == 1 && place == 2 * kDollar + 1 ? value + U256{1} : value;
    };
    stage.hold = true;
    const Head at = stage.block({market.position_log(1, kDollar, {}, dollars(14'999))});
    stage.answer_all();
    const auto broken = told(stage, Notice::Kind::parity_broken);
    ASSERT_EQ(broken.size(), 1U);
    EXPECT_EQ(broken.front().text, "venue scripted: debt of " + to_string(address_of(0xA001)) +
                                       " is 14999000001 on chain and 14999000000 in the book, at block " +
                                       std::to_string(at.number.value));
    EXPECT_EQ(stage.engine().counts().mismatches, 1U);
    EXPECT_EQ(stage.engine().counts().resyncs, 1U);
    EXPECT_TRUE(stage.engine().readiness().has(NotReady::parity_broken));
    EXPECT_TRUE(stage.engine().readiness().has(NotReady::catching_up));
    EXPECT_FALSE(stage.engine().save());
    stage.account_says = nullptr;
    stage.hold = false;
    stage.take();
    stage.block();
    EXPECT_EQ(stage.engine().state(), EngineState::ready);
    EXPECT_TRUE(stage.engine().readiness().ready());
    stage.block({market.price_log(kEther, usd(1'850))});
    EXPECT_EQ(stage.sends().size(), 2U);
}

TEST(Audit, AFailedReadOrAnotherPriceProvesNothingAndIsAskedAgainWithTheNextBlock) {
    const Market market = borrowers(1);
    Stage stage = staged(market, quiet_params(market));
    stage.boot();
    stage.price_says = [](ReserveId, const U256& value) { return value + U256{1}; };
    stage.block({market.position_log(0, kDollar, {}, dollars(15'001)), market.price_log(kEther, usd(1'850))});
    EXPECT_EQ(stage.engine().counts().audited, 0U);
    EXPECT_EQ(stage.engine().counts().mismatches, 0U);
    EXPECT_EQ(stage.engine().state(), EngineState::ready);
    EXPECT_TRUE(stage.sends().empty());
    stage.tick();
    EXPECT_EQ(stage.audits, 1U);  // not again at this block
    stage.price_says = nullptr;
    stage.block();
    EXPECT_EQ(stage.audits, 2U);
    EXPECT_EQ(stage.sends().size(), 1U);
}

TEST(Audit, AnAccountThatTheMarketCannotValueIsNotSent) {
    const Market market = borrowers(1);
    Stage stage = staged(market, quiet_params(market));
    stage.boot();
    stage.account_says = [](AccountId, std::size_t, const U256&) { return std::optional<U256>{}; };
    stage.block({market.position_log(0, kDollar, {}, dollars(15'001)), market.price_log(kEther, usd(1'850))});
    stage.tick();
    EXPECT_TRUE(stage.sends().empty());
    EXPECT_EQ(stage.engine().counts().mismatches, 0U);
    EXPECT_EQ(stage.engine().counts().audited, 0U);
}

TEST(Audit, WithoutTheReadingsComparisonEveryDebtorIsComparedOnceAndNoMoreThanAllowedABlock) {
    Market market = borrowers(25);
    market.compares = false;
    market.holders[7].debt[kDollar] = {};
    EngineParams params = quiet_params(market);
    params.audit_batch = 10;
    Stage stage = staged(market, params);
    stage.boot();
    for (const std::size_t expected : {10U, 20U, 24U, 24U, 24U}) {
        stage.block();
        stage.tick();
        EXPECT_EQ(stage.audits, expected);
    }
}

TEST(Audit, ASampleIsComparedAtEachBlock) {
    const Market market = borrowers(25);
    EngineParams params = default_params(market);
    params.audit_sample = 2;
    Stage stage = staged(market, params);
    stage.boot();
    const std::size_t before = stage.audits;
    for (int i = 0; i < 10; ++i)
        stage.block();
    EXPECT_GE(stage.audits - before, 15U);  // two of the same account count once
    EXPECT_LE(stage.audits - before, 20U);
    EXPECT_EQ(stage.engine().counts().mismatches, 0U);
}

TEST(Audit, WhatWasUndoneMustBeProvenAgain) {
    const Market market = borrowers(1);
    Stage stage = staged(market, quiet_params(market));
    stage.boot();
    stage.block({market.position_log(0, kDollar, {}, dollars(15'001))});
    EXPECT_EQ(stage.audits, 1U);
    stage.block({market.position_log(0, kDollar, {}, dollars(15'002))});
    EXPECT_EQ(stage.audits, 2U);
    stage.undo_block();
    stage.hold = true;
    stage.block({market.position_log(0, kDollar, {}, dollars(15'003)), market.price_log(kEther, usd(1'850))});
    EXPECT_TRUE(stage.sends().empty());
    stage.answer_all();
    EXPECT_EQ(stage.sends().size(), 1U);
}

TEST(Audit, WhatWasLoadedMustAgreeBeforeTheEngineIsReady) {
    const Market market = borrowers(3);
    Stage first = staged(market, quiet_params(market));
    first.boot();
    const auto bytes = first.engine().save();
    ASSERT_TRUE(bytes);
    const auto loaded = [&](auto&& arrange) {
        auto stage = std::make_unique<Stage>(staged(market, quiet_params(market)));
        stage->number = first.number;
        stage->heads = {first.heads.back()};
        stage->time = first.time;
        EXPECT_TRUE(stage->engine().load(*bytes));
        arrange(*stage);
        stage->tick();
        return stage;
    };
    const auto good = loaded([](Stage&) {});
    EXPECT_EQ(good->engine().state(), EngineState::ready);  // without waiting for a block
    EXPECT_EQ(good->audits, 3U);
    const auto waits = loaded([](Stage& stage) { stage.tell(Readiness{NotReady::catching_up}); });
    EXPECT_EQ(waits->engine().state(), EngineState::bootstrapping);
    EXPECT_EQ(waits->audits, 0U);
    waits->tell(Readiness{});
    EXPECT_EQ(waits->engine().state(), EngineState::ready);
    const auto wrong = loaded([](Stage& stage) {
        stage.account_says = [](AccountId, std::size_t, const U256& value) { return value + U256{1}; };
    });
    EXPECT_EQ(wrong->engine().state(), EngineState::waiting);
    EXPECT_EQ(wrong->engine().counts().resyncs, 1U);
    EXPECT_EQ(told(*wrong, Notice::Kind::resync).size(), 1U);
    wrong->account_says = nullptr;
    wrong->block();
    EXPECT_EQ(wrong->engine().state(), EngineState::ready);
    const auto unsure = loaded([](Stage& stage) {
        stage.price_says = [](ReserveId, const U256& value) { return value + U256{1}; };
    });
    EXPECT_EQ(unsure->engine().state(), EngineState::bootstrapping);
    unsure->block();
    unsure->block();  // the third time it is given up
    EXPECT_EQ(unsure->engine().counts().resyncs, 1U);
}

TEST(Readiness, IsStartingUntilTheMarketsAreKnownAndHoldsWhatTheShellTells) {
    const Market market = borrowers(1);
    Stage stage = staged(market, quiet_params(market));
    EXPECT_EQ(stage.engine().readiness(), Readiness{NotReady::starting});
    stage.boot();
    EXPECT_EQ(stage.engine().readiness(), Readiness{});
    stage.tell(Readiness{NotReady::clock_skew});
    EXPECT_EQ(stage.engine().readiness(), Readiness{NotReady::clock_skew});
    stage.block({market.price_log(kEther, usd(1'850))});
    EXPECT_TRUE(stage.sends().empty());
    EXPECT_EQ(stage.skips().front().reason, Reason::stale_head);
}

TEST(Audit, TheWatchedAreCountedAsThePriceFalls) {
    const Market market = borrowers(3);
    Stage stage = staged(market, quiet_params(market));
    stage.boot();
    stage.hold = true;
    const auto survey = [&] {
        for (int block = 0; block < 9; ++block)
            stage.block({});
    };
    survey();
    EXPECT_EQ(stage.engine().counts().below_watch, 0U);  // 2,000 is 6.7 % above the line
    stage.block({market.price_log(kEther, usd(1'950))});
    survey();
    EXPECT_EQ(stage.engine().counts().below_watch, 3U);
}

}  // namespace
}  // namespace plimsoll::strategy::scripted
