// SPDX-License-Identifier: Apache-2.0
// Accounts that a fall of ether brings below their line, and an engine that holds them ready.
#pragma once

#include "tests/unit/strategy/scripted/stage.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace plimsoll::strategy::scripted {

/// Ten ether a piece, owing so many dollars each: 16,000 would be on the line.
[[nodiscard]] inline Market in_debt(const std::vector<std::uint64_t>& debts) {
    Market market = three_assets();
    for (std::size_t i = 0; i < debts.size(); ++i) {
        const AccountId id = market.add_holder(address_of(0xA001 + i));
        market.holders[id].collateral[kEther] = ether(10);
        market.holders[id].debt[kDollar] = dollars(debts[i]);
    }
    return market;
}

/// An engine that tells triggers and has seen two blocks of it.
[[nodiscard]] inline Stage told_of(const Market& market,
                                   const std::function<void(EngineParams&)>& change = {}) {
    ScriptedChain chain;
    chain.other = [price = market.prices[kDollar].raw().to_be()](const Call&) {
        return Bytes(price.begin(), price.end());  // of a polled dollar
    };
    add_deep_pools(chain, market);
    EngineParams params = default_params(market);
    params.armed = 4;
    params.triggers = true;
    params.speculate = true;
    params.health_watch = Wad{U256{105} * pow10(16)};
    if (change) change(params);
    Stage stage{market, std::move(chain), params};
    stage.boot();
    stage.block();
    return stage;
}

[[nodiscard]] inline Log answer_of_ether(Stage& stage, const U256& answer) {
    return stage.venue().market().price_log(kEther, Usd{answer});
}

}  // namespace plimsoll::strategy::scripted
