// SPDX-License-Identifier: Apache-2.0
// What a price or a block that does not hold leads to: nothing, or the withdrawal of what was sent.
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/selector.hpp"
#include "tests/unit/strategy/scripted/stage.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plimsoll::strategy::scripted {
namespace {

const Address kSecondEther = address_of(0x5EC);
constexpr codec::Selector kAskAnswer = codec::selector("latestAnswer()");

Market ten_ether() {
    Market market = three_assets();
    const AccountId id = market.add_holder(address_of(0xA001));
    market.holders[id].collateral[kEther] = ether(10);
    market.holders[id].debt[kDollar] = dollars(15'000);  // below the line under 1875 a piece
    return market;
}

/// An engine with a second source for Ether that may differ by 5 %.
struct Guarded {
    explicit Guarded(std::uint64_t dollars_each)
        : answer{dollars_each}, stage{ten_ether(), chain(), params()} {
        stage.boot();
        stage.take();
    }
    void oracle(std::uint64_t dollars_each) {
        stage.block({stage.venue().market().price_log(kEther, usd(dollars_each))});
    }
    ScriptedChain chain() {
        ScriptedChain out;
        add_deep_pools(out, three_assets());
        out.other = [this](const Call& call) {
            if (call.to != kSecondEther || silent) return Bytes{};
            const bool asks_answer = std::equal(kAskAnswer.begin(), kAskAnswer.end(), call.data.begin());
            return codec::AbiWriter{}.u256(asks_answer ? U256{answer} * pow10(18) : U256{18}).take();
        };
        return out;
    }
    static EngineParams params() {
        EngineParams out = default_params(three_assets());
        out.second_sources = {SecondSource{address_of(0xE1), kSecondEther}};
        out.max_deviation = BasisPoints{500};
        return out;
    }

    std::uint64_t answer;
    bool silent = false;
    Stage stage;
};

TEST(PriceGuard, OutlierIsSkippedAndSaidSo) {
    Guarded run{2'000};
    run.oracle(1'850);  // 7.5 % below what the other source says
    EXPECT_TRUE(run.stage.sends().empty());
    const auto skips = run.stage.skips();
    ASSERT_EQ(skips.size(), 1U);
    EXPECT_EQ(skips.front().reason, Reason::price_guard);
}

TEST(PriceGuard, PriceThatTheSecondSourceBearsOutIsActedUpon) {
    Guarded run{1'860};
    run.oracle(1'850);
    EXPECT_EQ(run.stage.sends().size(), 1U);
}

TEST(PriceGuard, FallThatTheSecondSourceConfirmsLaterIsActedUponAtItsAnswer) {
    Guarded run{2'000};
    run.oracle(1'850);
    EXPECT_TRUE(run.stage.sends().empty());
    run.answer = 1'849;
    run.stage.block();  // reads the second source again
    EXPECT_EQ(run.stage.sends().size(), 1U);
}

TEST(PriceGuard, SourceThatSaysNothingAllowsNothing) {
    Guarded run{1'850};
    run.silent = true;
    run.stage.block();
    run.oracle(1'850);
    EXPECT_TRUE(run.stage.sends().empty());
    EXPECT_EQ(run.stage.skips().front().reason, Reason::price_guard);
}

TEST(PriceGuard, UnguardedEngineAsksNothingAndSends) {
    Stage stage{ten_ether()};
    stage.boot();
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    EXPECT_EQ(stage.sends().size(), 1U);
}

TEST(Withdrawal, OfWhatWasDecidedOnABlockThatIsNoMore) {
    Stage stage{ten_ether()};
    stage.boot();
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    stage.undo_block();
    EXPECT_TRUE(stage.withdrawals.empty());  // the branch that replaces it may hold the same price
    stage.block();
    ASSERT_EQ(stage.withdrawals.size(), 1U);
    EXPECT_EQ(stage.withdrawals.front().key, sends.front().key);
    stage.block();
    EXPECT_EQ(stage.withdrawals.size(), 1U);  // once
}

TEST(Withdrawal, NotWhereTheNewBranchHoldsThePriceToo) {
    Stage stage{ten_ether()};
    stage.boot();
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    ASSERT_EQ(stage.sends().size(), 1U);
    stage.undo_block();
    stage.block({stage.venue().market().price_log(kEther, usd(1'849))});
    EXPECT_TRUE(stage.withdrawals.empty());
}

TEST(Withdrawal, NotOfWhatWasDecidedOnAnEarlierBlock) {
    Stage stage{ten_ether()};
    stage.boot();
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    ASSERT_EQ(stage.sends().size(), 1U);
    stage.block();
    stage.undo_block();
    stage.block({stage.venue().market().price_log(kEther, usd(2'000))});
    EXPECT_TRUE(stage.withdrawals.empty());
}

}  // namespace
}  // namespace plimsoll::strategy::scripted
