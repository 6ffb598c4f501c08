// SPDX-License-Identifier: Apache-2.0
// What landing costs: the share of whoever builds the block, and the base fee by the rule of the chain.
#include "chain/codec/abi_reader.hpp"
#include "strategy/rank/valuation.hpp"
#include "tests/unit/strategy/scripted/stage.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace plimsoll::strategy::scripted {
namespace {

Market owing_ether() {
    Market market = three_assets();
    const AccountId id = market.add_holder(address_of(0xB000));
    market.holders[id].collateral[kLink] = ether(2'010);
    market.holders[id].debt[kEther] = ether(8);
    return market;
}

Market owing_dollars() {
    Market market = three_assets();
    const AccountId id = market.add_holder(address_of(0xB000));
    market.holders[id].collateral[kEther] = ether(10);
    market.holders[id].debt[kDollar] = dollars(15'000);
    return market;
}

Decision sent_by(const Market& market, const EngineParams& params, const Usd& price) {
    ScriptedChain chain;
    add_deep_pools(chain, market);
    Stage stage{market, std::move(chain), params};
    stage.boot();
    stage.block({stage.venue().market().price_log(kEther, price)});
    auto sends = stage.sends();
    EXPECT_EQ(sends.size(), 1U);
    return sends.empty() ? Decision{} : sends.front();
}

std::uint64_t share_in(const Decision& made) {
    codec::AbiReader all{BytesView{made.calldata}.subspan(4)};
    codec::AbiReader plan = all.dynamic();
    plan.skip(9);
    return plan.u64();
}

TEST(BuilderShare, IsACostAndInThePlanWhereTheProfitIsWrappedEther) {
    EngineParams params = default_params(three_assets());
    const Decision without = sent_by(owing_ether(), params, usd(2'100));
    params.builder_share = BasisPoints{5'000};
    const Decision with = sent_by(owing_ether(), params, usd(2'100));
    EXPECT_EQ(share_in(without), 0U);
    EXPECT_EQ(share_in(with), 5'000U);
    const Opportunity& o = with.opportunity;
    EXPECT_FALSE(o.builder.is_zero());
    EXPECT_EQ(o.gas.value, without.opportunity.gas.value + kBuilderGas.value);
    // Half of the profit above gas and the minimum, which is worth half of the net value above the minimum.
    const U256 above = without.opportunity.net.magnitude.raw() - params.min_profit.raw();
    const U256 left = o.net.magnitude.raw() - params.min_profit.raw();
    const U256 gas = o.gas_cost.raw();
    EXPECT_LE(left, above / U256{2} + U256{1});
    EXPECT_GE(left + gas, above / U256{2});
    const Decision dollars_won = sent_by(owing_dollars(), params, usd(1'850));
    EXPECT_EQ(share_in(dollars_won), 0U) << "there is nothing to unwrap";
    EXPECT_TRUE(dollars_won.opportunity.builder.is_zero());
}

TEST(BaseFee, FollowsTheRuleThatHeadersTell) {
    EngineParams params = default_params(three_assets());
    params.max_fee_per_gas = Wei{std::uint64_t{40'000'000'000}};
    for (const bool dear : {false, true}) {
        const Market market = owing_dollars();
        ScriptedChain chain;
        add_deep_pools(chain, market);
        Stage stage{market, std::move(chain), params};
        stage.boot();
        stage.engine().follow(
            fees::Elasticity{2, 8, Wei{std::uint64_t{dear ? 40'000'000'000U : 38'000'000'000U}}});
        stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
        const auto all = stage.take();
        ASSERT_EQ(all.size(), 1U);
        EXPECT_EQ(all.front().reason, dear ? Reason::base_fee_cap : Reason::none);
    }
}

}  // namespace
}  // namespace plimsoll::strategy::scripted
