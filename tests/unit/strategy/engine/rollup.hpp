// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/abi_writer.hpp"
#include "chain/codec/selector.hpp"
#include "chain/fees/base_fee.hpp"
#include "tests/unit/strategy/scripted/stage.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace plimsoll::strategy::scripted {

inline const Address kUptimeFeed = address_of(0x5E0);

inline Market sinking(std::uint64_t count) {
    Market market = three_assets();
    for (std::uint64_t i = 0; i < count; ++i) {
        const AccountId id = market.add_holder(address_of(0xB000 + i));
        market.holders[id].collateral[kEther] = ether(10 + i);
        market.holders[id].debt[kDollar] = dollars(1'500 * (10 + i));  // below the line under 1875 a piece
    }
    return market;
}

inline bool calls(const Call& call, const codec::Selector& selector) {
    return call.data.size() == selector.size() &&
           std::equal(selector.begin(), selector.end(), call.data.begin());
}

/// With arguments.
inline bool called(const Call& call, const codec::Selector& selector) {
    return call.data.size() > selector.size() &&
           std::equal(selector.begin(), selector.end(), call.data.begin());
}

/// An engine whose rollup contracts answer what the fields say.
struct Rollup {
    Rollup(Market market, const EngineParams& params) : stage{market, chain(market), params} {}

    ScriptedChain chain(const Market& market) {
        ScriptedChain out;
        add_deep_pools(out, market);
        out.other = [this](const Call& call) { return answer(call); };
        return out;
    }
    [[nodiscard]] Bytes answer(const Call& call) const {
        codec::AbiWriter out;
        if (silent) return {};
        if (call.to == kUptimeFeed)
            return out.u256(U256{7})
                .u256(U256{down ? 1U : 0U})
                .u256(U256{since})
                .u256(U256{since})
                .u256(U256{7})
                .take();
        if (calls(call, codec::selector("basefee()"))) return out.u256(l1_base_fee).take();
        if (calls(call, codec::selector("blobBaseFee()"))) return out.u256(U256{1}).take();
        if (calls(call, codec::selector("baseFeeScalar()"))) return out.u256(U256{5'227}).take();
        if (calls(call, codec::selector("blobBaseFeeScalar()"))) return out.u256(U256{1'014'213}).take();
        if (operates && called(call, codec::selector("getOperatorFee(uint256)"))) {
            const U256 gas = U256::from_be(BytesView{call.data}.subspan(4));
            return out.u256(gas * operator_share / U256{1'000'000} + operator_constant).take();
        }
        if (calls(call, codec::selector("getPricesInWei()")))
            return out.u256(U256{1})
                .u256(per_l1_byte)
                .u256(U256{1})
                .u256(U256{1})
                .u256(U256{1})
                .u256(per_gas)
                .take();
        return {};
    }
    void fall() { stage.block({stage.venue().market().price_log(kEther, usd(1'850))}); }

    bool silent = false;
    bool down = false;
    std::uint64_t since = 1;
    U256 l1_base_fee{30'000'000'000};
    bool operates = false;  // a chain of the OP stack since Isthmus
    U256 operator_share{30'000'000'000'000'000};
    U256 operator_constant{777};
    U256 per_l1_byte{1'000'000'000'000};
    U256 per_gas{10'000'000'000};
    Stage stage;
};

inline EngineParams with_feed(std::uint64_t grace) {
    EngineParams out = default_params(three_assets());
    out.sequencer_feed = kUptimeFeed;
    out.sequencer_grace = grace;
    return out;
}

inline EngineParams with_model(fees::DataFeeModel model) {
    EngineParams out = default_params(three_assets());
    out.data_fee = model;
    return out;
}

inline Decision sent_with(const EngineParams& params) {
    Rollup run{sinking(1), params};
    run.stage.boot();
    run.fall();
    auto sends = run.stage.sends();
    EXPECT_EQ(sends.size(), 1U);
    return sends.empty() ? Decision{} : sends.front();
}

/// The scripted chain's base fee and the tip of the engine's parameters, per gas.
inline Wei next_price(Stage& stage) {
    const Head head = stage.block();
    return fees::next_base_fee(head) + Wei{std::uint64_t{1'000'000'000}};
}

/// Decided with the spending limit of a transaction at `least`, and once more with a wei less.
inline void expect_least_spend(EngineParams params, const Wei& least) {
    for (const bool enough : {true, false}) {
        params.max_spend = enough ? least : least - Wei{std::uint64_t{1}};
        Rollup run{sinking(1), params};
        run.stage.boot();
        run.fall();
        const auto all = run.stage.take();
        ASSERT_EQ(all.size(), 1U);
        EXPECT_EQ(all.front().reason, enough ? Reason::none : Reason::spend_per_tx);
    }
}

}  // namespace plimsoll::strategy::scripted
