// SPDX-License-Identifier: Apache-2.0
#include "strategy/plan.hpp"

#include "chain/codec/abi_reader.hpp"
#include "tests/unit/strategy/scripted/venue.hpp"

#include <gtest/gtest.h>

namespace plimsoll::strategy {
namespace {

using scripted::address_of;

const SwapRouter kClassic{address_of(0x507), RouterKind::classic};

Opportunity opportunity() {
    Opportunity out;
    out.quote.collateral_asset = address_of(0xC0);
    out.quote.debt_asset = address_of(0xD0);
    out.quote.repaid = TokenAmount{1'000'000'000};
    out.quote.seized = TokenAmount{77};
    out.route = Route{Hop{address_of(0xB0), address_of(0xC0), address_of(0xD0), 3000}};
    out.flash = FlashSource{FlashKind::aave_v3, address_of(0xAA), TokenAmount{500'000}};
    out.swap_out = TokenAmount{1'040'500'000};
    out.profit = TokenAmount{40'000'000};  // 40 dollars of a token with 6 decimals
    out.gas_cost = Usd{10'00000000};
    return out;
}

TEST(Plan, SelectorIsTheExecutors) {
    EXPECT_EQ(kExecuteSelector, (codec::Selector{0x79, 0x58, 0x5d, 0x29}));
}

TEST(Plan, SaysWhatTheOpportunitySays) {
    const Call venue_call{address_of(0xAA), Bytes{1, 2, 3}};
    const Bytes data = encode_plan(opportunity(), venue_call, kClassic, TokenAmount{12}, BlockNumber{99});
    codec::AbiReader all{BytesView{data}.subspan(4)};
    codec::AbiReader plan = all.dynamic();
    EXPECT_EQ(plan.u64(), 0U);
    EXPECT_EQ(plan.address(), address_of(0xAA));
    EXPECT_EQ(plan.address(), address_of(0xD0));
    EXPECT_EQ(plan.u64(), 1'000'000'000U);
    codec::AbiReader calls = plan.dynamic();
    codec::AbiReader swaps = plan.dynamic();
    EXPECT_EQ(plan.address(), address_of(0xD0));
    EXPECT_EQ(plan.u64(), 12U);
    EXPECT_EQ(plan.u64(), 99U);
    EXPECT_EQ(plan.u64(), 0U);
    ASSERT_EQ(calls.length(), 1U);
    codec::AbiReader call = calls.dynamic();
    EXPECT_EQ(call.address(), address_of(0xAA));
    EXPECT_EQ(call.address(), address_of(0xD0));
    EXPECT_EQ(call.u64(), 1'000'000'000U);
    const BytesView inner = call.bytes();
    EXPECT_EQ(Bytes(inner.begin(), inner.end()), venue_call.data);
    ASSERT_EQ(swaps.length(), 1U);
    codec::AbiReader swap = swaps.dynamic();
    EXPECT_EQ(swap.u64(), 0U);
    EXPECT_EQ(swap.address(), address_of(0x507));
    EXPECT_EQ(swap.address(), address_of(0xC0));
    EXPECT_EQ(swap.u256(), U256::max());
    EXPECT_EQ(swap.bytes().size(), 43U);
    for (const codec::AbiReader* reader : {&all, &plan, &calls, &swaps, &call, &swap})
        EXPECT_TRUE(reader->ok());
}

/// The only difference between the two routers is the word that says which.
TEST(Plan, SaysWhichRouter) {
    const SwapRouter newer{address_of(0x507), RouterKind::router02};
    const Bytes data = encode_plan(opportunity(), Call{}, newer, TokenAmount{12}, BlockNumber{99});
    codec::AbiReader all{BytesView{data}.subspan(4)};
    codec::AbiReader plan = all.dynamic();
    plan.skip(5);
    codec::AbiReader swaps = plan.dynamic();
    ASSERT_EQ(swaps.length(), 1U);
    codec::AbiReader swap = swaps.dynamic();
    EXPECT_EQ(swap.u64(), 1U);
    EXPECT_EQ(swap.address(), newer.address);
    EXPECT_TRUE(swap.ok());

    const Bytes other = encode_plan(opportunity(), Call{}, kClassic, TokenAmount{12}, BlockNumber{99});
    ASSERT_EQ(other.size(), data.size());
    std::size_t different = 0;
    for (std::size_t i = 0; i < data.size(); ++i)
        different += data[i] == other[i] ? 0U : 1U;
    EXPECT_EQ(different, 1U);
}

TEST(Plan, SameAssetHasNoSwap) {
    Opportunity same = opportunity();
    same.route = Route{};
    const Bytes data = encode_plan(same, Call{}, kClassic, TokenAmount{}, BlockNumber{1});
    codec::AbiReader all{BytesView{data}.subspan(4)};
    codec::AbiReader plan = all.dynamic();
    plan.skip(5);
    codec::AbiReader swaps = plan.dynamic();
    EXPECT_EQ(swaps.length(), 0U);
    EXPECT_TRUE(swaps.ok());
}

TEST(Plan, LeastProfitProtectsAgainstLossAndToleratesRounding) {
    Guard guard{Usd{5'00000000}, BasisPoints{100}, Usd{1'00000000}, 6};
    const Opportunity o = opportunity();
    // Expected 40, a hundredth of 1040.5 less is 29.595: above 15 of gas and minimum
    EXPECT_EQ(least_profit(o, guard), TokenAmount{29'595'000});
    guard.slippage = BasisPoints{5'000};
    EXPECT_EQ(least_profit(o, guard), TokenAmount{14'925'000});  // 15 less half a percent
    guard.min_profit = Usd{30'00000000};
    EXPECT_EQ(least_profit(o, guard), TokenAmount{39'800'000});
    guard.min_profit = Usd{1'000'00000000};
    EXPECT_EQ(least_profit(o, guard), o.profit);  // never more than what is expected
}

TEST(Plan, WithABuildersShareOnlyTheLeastIsDemandedAndTheShareIsInThePlan) {
    const Guard guard{Usd{5'00000000}, BasisPoints{100}, Usd{1'00000000}, 6};
    Opportunity o = opportunity();
    o.builder_share = BasisPoints{4'000};
    EXPECT_EQ(least_profit(o, guard), TokenAmount{14'925'000});  // 15 less half a percent
    o.gas_cost = Usd{100'00000000};
    EXPECT_EQ(least_profit(o, guard), o.profit);
    const Bytes data = encode_plan(o, Call{}, kClassic, TokenAmount{12}, BlockNumber{99});
    codec::AbiReader all{BytesView{data}.subspan(4)};
    codec::AbiReader plan = all.dynamic();
    plan.skip(9);
    EXPECT_EQ(plan.u64(), 4'000U);
    EXPECT_TRUE(plan.ok());
}

}  // namespace
}  // namespace plimsoll::strategy
