// SPDX-License-Identifier: Apache-2.0
// What must hold whatever the market looks like.
#include "tests/unit/strategy/scripted/stage.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace plimsoll::strategy::scripted {
namespace {

std::uint64_t between(std::uint64_t low, std::uint64_t high) {
    return *rc::gen::inRange<std::uint64_t>(low, high);
}

Market random_market() {
    Market market = three_assets();
    const std::uint64_t count = between(1, 25);
    for (std::uint64_t i = 0; i < count; ++i) {
        const AccountId id = market.add_holder(address_of(0xA000 + i));
        market.holders[id].collateral[kEther] =
            TokenAmount{ether(between(0, 2'000)).raw() / U256{between(1, 2'000)}};
        market.holders[id].collateral[kLink] = ether(between(0, 20'000));
        market.holders[id].debt[kDollar] = dollars(between(0, 1'000'000));
        market.holders[id].debt[kEther] = TokenAmount{ether(between(0, 100)).raw() / U256{between(1, 100)}};
    }
    return market;
}

/// Pools of 20 thousand to 20 million dollars a side.
ScriptedChain random_pools(const Market& market) {
    ScriptedChain chain;
    const auto token = [&](ReserveId id) { return market.assets[id].token; };
    for (const std::uint32_t fee : {500U, 3000U}) {
        const std::uint64_t depth = between(10, 10'000);
        chain.add_pool(token(kEther), token(kDollar), fee, ether(depth).raw(), dollars(depth * 2'000).raw());
        chain.add_pool(token(kLink), token(kDollar), fee, ether(depth * 200).raw(),
                       dollars(depth * 2'000).raw());
    }
    chain.add_pool(token(kLink), token(kEther), 3000, ether(200 * 500).raw(), ether(500).raw());
    return chain;
}

/// The pools keep up with the oracle, and tell so.
std::vector<Log> crash(Stage& stage, std::uint64_t ether_price, std::uint64_t link_price) {
    const Market& market = stage.venue().market();
    return {market.price_log(kEther, usd(ether_price)), market.price_log(kLink, usd(link_price))};
}

using Pools = std::map<Address, Pool>;

/// Carries out the exit of a send.
TokenAmount sell(const Decision& made, Pools& pools) {
    TokenAmount amount = made.opportunity.quote.seized;
    Address token = made.opportunity.quote.collateral_asset;
    for (const Hop& hop : made.opportunity.route.hops()) {
        RC_ASSERT(hop.token_in == token);
        Pool& pool = pools.at(hop.pool);
        const uniswap_v3::SwapOutcome done = pool.quote(hop.token_in == pool.token0, amount);
        RC_ASSERT(done.end == uniswap_v3::SwapEnd::filled);
        pool.state.slot = done.after;
        amount = TokenAmount{done.amount_out};
        token = hop.token_out;
    }
    RC_ASSERT(token == made.opportunity.quote.debt_asset);
    return amount;
}

/// What a send promises is what the pools give at least, after all that was sent before it.
void check_send(const Decision& made, Pools& pools) {
    const Opportunity& o = made.opportunity;
    RC_ASSERT(o.net >= (SignedUsd{false, usd(5)}));
    RC_ASSERT(o.profit == o.swap_out - o.quote.repaid - o.flash.fee);
    RC_ASSERT(!made.calldata.empty());
    RC_ASSERT(o.route.empty() == (o.quote.collateral_asset == o.quote.debt_asset));
    RC_ASSERT(sell(made, pools) >= o.swap_out);
}

RC_GTEST_PROP(EngineProperty, SendsAreWorthItOncePerKeyAndPromiseNoMoreThanThePoolsGive, ()) {
    const Market market = random_market();
    Stage stage{market, random_pools(market), default_params(market)};
    stage.boot();
    std::vector<Decision> pending = stage.sends();  // not landed when a round begins
    std::set<IntentKey> open;
    for (const Decision& made : pending)
        open.insert(made.key);
    for (int round = 0; round < 2; ++round) {
        stage.block(crash(stage, between(1'000, 2'000), between(5, 10)));
        stage.tick();
        const auto sends = stage.sends();
        Pools pools;
        for (std::size_t i = 0; i < 5; ++i)
            pools.emplace(stage.chain.pool(i).address, stage.chain.pool(i));
        for (const Decision& made : pending)
            sell(made, pools);
        for (const Decision& made : sends) {
            RC_ASSERT(open.insert(made.key).second);
            check_send(made, pools);
        }
        for (const Decision& made : sends) {
            open.erase(made.key);
            stage.land(made, OutcomeKind::expired);
        }
        for (Decision& made : stage.sends()) {
            RC_ASSERT(open.insert(made.key).second);
            pending.push_back(std::move(made));
        }
    }
}

}  // namespace
}  // namespace plimsoll::strategy::scripted
