// SPDX-License-Identifier: Apache-2.0
// What a rollup takes beside the gas: for a transaction's bytes and, on the OP stack, for the operator.
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/multicall.hpp"
#include "chain/codec/selector.hpp"
#include "chain/primitives/keccak.hpp"
#include "strategy/plan.hpp"
#include "strategy/rank/data_fees.hpp"
#include "tests/unit/strategy/engine/rollup.hpp"

#include <gtest/gtest.h>

namespace plimsoll::strategy::scripted {
namespace {

/// As `plan.hpp` encodes it for addresses and amounts as they are on a chain.
Bytes real_calldata(std::size_t hops, std::uint64_t seed) {
    const auto address = [&](std::uint64_t which) {
        return Address::from_word(keccak256(std::to_string(seed * 100 + which)));
    };
    Opportunity one;
    one.quote.collateral_asset = address(1);
    one.quote.debt_asset = address(2);
    one.quote.repaid = TokenAmount{83'217'654'321 + seed};
    one.flash = FlashSource{FlashKind::aave_v3, address(3), TokenAmount{}};
    if (hops == 1) one.route = Route{Hop{address(4), address(1), address(2), 3'000}};
    if (hops == 2)
        one.route = Route{Hop{address(4), address(1), address(5), 500},
                          Hop{address(6), address(5), address(2), 3'000}};
    codec::AbiWriter call{codec::selector("liquidationCall(address,address,address,uint256,bool)")};
    call.address(address(1)).address(address(2)).address(address(7)).u256(U256{83'217'654'321}).u256(U256{});
    return encode_plan(one, Call{address(3), call.take()}, SwapRouter{address(8), RouterKind::classic},
                       TokenAmount{1'234'567'890}, BlockNumber{25'123'456});
}

TEST(DataFee, TypicalSizesAreThoseOfRealAddresses) {
    for (std::size_t hops = 0; hops <= DataFees::kMostHops; ++hops) {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const fees::TransactionSize real = DataFees::size_of(real_calldata(hops, seed));
            const fees::TransactionSize& typical = DataFees::typical(hops);
            EXPECT_EQ(real.bytes, typical.bytes) << hops;
            EXPECT_NEAR(static_cast<double>(real.fast_lz), static_cast<double>(typical.fast_lz), 25.0)
                << hops;
            EXPECT_NEAR(static_cast<double>(real.calldata_gas), static_cast<double>(typical.calldata_gas),
                        300.0);
        }
    }
}

TEST(DataFee, OfTheOpStackIsACostBesideTheGas) {
    const Decision without = sent_with(default_params(three_assets()));
    const Decision with = sent_with(with_model(fees::DataFeeModel::op_stack));
    EXPECT_EQ(with.opportunity.gas, without.opportunity.gas);
    const fees::OpStackPrices prices{Wei{std::uint64_t{30'000'000'000}}, Wei{std::uint64_t{1}}, 5'227,
                                     1'014'213};
    const Wei fee = fees::fjord_fee(prices, DataFees::typical(1));
    EXPECT_EQ(with.opportunity.gas_cost - without.opportunity.gas_cost,
              mul_div(usd(1'850), fee.raw(), pow10(18), Rounding::up));
    EXPECT_LT(with.opportunity.net, without.opportunity.net);
}

TEST(DataFee, TheOperatorOfTheOpStackIsPaidForTheGas) {
    const Decision without = sent_with(with_model(fees::DataFeeModel::op_stack));
    Rollup run{sinking(1), with_model(fees::DataFeeModel::op_stack)};
    run.operates = true;
    run.stage.boot();
    run.fall();
    const auto sends = run.stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    const Decision& with = sends.front();
    // 30 gwei a gas and 777 wei, by hand.
    const auto fee_of = [](Gas gas) { return Wei{U256{gas.value} * U256{30'000'000'000} + U256{777}}; };
    EXPECT_EQ(with.opportunity.data_fee - without.opportunity.data_fee, fee_of(with.opportunity.gas));
    EXPECT_GE(with.data_fee, without.data_fee + fee_of(with.gas_limit));
    EXPECT_LT(with.opportunity.net, without.opportunity.net);
}

TEST(DataFee, AnOperatorFeeThatFallsWithTheGasIsALie) {
    DataFees fees{fees::DataFeeModel::op_stack};
    const auto answer = [](const std::vector<std::uint64_t>& values, bool knows) {
        std::vector<Bytes> words;
        for (const std::uint64_t value : values)
            words.push_back(codec::AbiWriter{}.u256(U256{value}).take());
        std::vector<codec::CallResult> results;
        for (std::size_t i = 0; i < words.size(); ++i)
            results.push_back({i < 4 || knows, words[i]});
        return codec::encode_call_results(results);
    };
    ASSERT_TRUE(fees.accept(answer({7, 7, 7, 7, 5, 9}, true)));
    EXPECT_EQ(fees.operator_fee(), (fees::OperatorFee{Wei{std::uint64_t{4}}, Wei{std::uint64_t{5}}}));
    EXPECT_FALSE(fees.accept(answer({7, 7, 7, 7, 9, 5}, true)));
    EXPECT_FALSE(fees.accept(answer({7, 7, 7, 7, 9}, true)));
    EXPECT_EQ(fees.operator_fee().constant, Wei{std::uint64_t{5}}) << "a lie changes nothing";
    ASSERT_TRUE(fees.accept(answer({7, 7, 7, 7, 0, 0}, false)));
    EXPECT_EQ(fees.operator_fee(), fees::OperatorFee{}) << "a chain before Isthmus";
}

TEST(DataFee, OfArbitrumIsGasThatTheLimitCovers) {
    const Decision without = sent_with(default_params(three_assets()));
    const Decision with = sent_with(with_model(fees::DataFeeModel::arbitrum));
    const Gas gas = fees::arbitrum_gas(
        {Wei{std::uint64_t{1'000'000'000'000}}, Wei{std::uint64_t{10'000'000'000}}}, DataFees::typical(1));
    EXPECT_GT(gas.value, 40'000U);
    EXPECT_EQ(with.opportunity.gas.value, without.opportunity.gas.value + gas.value);
    EXPECT_GE(with.gas_limit.value, without.gas_limit.value + gas.value * 3 / 2);
}

TEST(DataFee, TheNextOfItsKindIsReckonedWithItsRealSize) {
    Rollup run{sinking(2), with_model(fees::DataFeeModel::arbitrum)};
    run.stage.boot();
    Room room;
    room.intents = 1;
    run.stage.engine().limit(room);
    run.fall();
    const auto first = run.stage.sends();
    ASSERT_EQ(first.size(), 1U);
    run.stage.engine().limit(Room{});
    run.stage.block();
    const auto second = run.stage.sends();
    ASSERT_EQ(second.size(), 1U);
    const fees::ArbitrumPrices prices{Wei{run.per_l1_byte}, Wei{run.per_gas}};
    const Gas real = fees::arbitrum_gas(prices, DataFees::size_of(first.front().calldata));
    const Gas typical = fees::arbitrum_gas(prices, DataFees::typical(1));
    EXPECT_EQ(second.front().opportunity.gas.value - first.front().opportunity.gas.value + typical.value,
              real.value);
}

TEST(DataFee, WhatAReceiptSaysOfTheBytesIsNotLearnedAsExecution) {
    Rollup run{sinking(1), with_model(fees::DataFeeModel::arbitrum)};
    run.stage.boot();
    run.fall();
    const auto sends = run.stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    const Gas expected = sends.front().opportunity.gas;
    const fees::ArbitrumPrices prices{Wei{run.per_l1_byte}, Wei{run.per_gas}};
    const Gas typical = fees::arbitrum_gas(prices, DataFees::typical(1));
    const Gas real = fees::arbitrum_gas(prices, DataFees::size_of(sends.front().calldata));
    run.stage.land(sends.front(), OutcomeKind::confirmed, Gas{expected.value - typical.value + real.value});
    run.stage.block();
    const auto again = run.stage.sends();
    ASSERT_EQ(again.size(), 1U);
    const std::uint64_t execution = again.front().opportunity.gas.value - real.value;
    EXPECT_NEAR(static_cast<double>(execution), static_cast<double>(expected.value - typical.value), 2.0);
}

TEST(DataFee, WithoutPricesNothingIsSent) {
    Rollup run{sinking(1), with_model(fees::DataFeeModel::op_stack)};
    run.silent = true;
    run.stage.boot();
    run.fall();
    EXPECT_EQ(run.stage.skips().front().reason, Reason::stale_price);
    run.silent = false;
    run.stage.block();
    EXPECT_EQ(run.stage.sends().size(), 1U);
}

TEST(DataFee, APriceNobodyCanMeanIsNotTaken) {
    Rollup run{sinking(1), with_model(fees::DataFeeModel::op_stack)};
    run.l1_base_fee = U256{1} << 100U;
    run.stage.boot();
    run.fall();
    EXPECT_TRUE(run.stage.sends().empty());
    EXPECT_EQ(run.stage.skips().front().reason, Reason::stale_price);
}

TEST(MaxSpend, TheFeeForTheBytesCountsTwiceOnTheOpStack) {
    const Decision sent = sent_with(with_model(fees::DataFeeModel::op_stack));
    EXPECT_FALSE(sent.opportunity.data_fee.is_zero());
    EXPECT_EQ(sent.data_fee, sent.opportunity.data_fee + sent.opportunity.data_fee);
    Stage probe{sinking(1)};
    probe.boot();
    const Wei least = cost(sent.gas_limit, next_price(probe)) + sent.data_fee;
    expect_least_spend(with_model(fees::DataFeeModel::op_stack), least);
}

}  // namespace
}  // namespace plimsoll::strategy::scripted
