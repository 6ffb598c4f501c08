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

using Sold = std::map<Address, std::pair<TokenAmount, TokenAmount>>;  // by pool: in, out

void check_send(const Decision& made, Sold& sold) {
    const Opportunity& o = made.opportunity;
    RC_ASSERT(o.net >= (SignedUsd{false, usd(5)}));
    RC_ASSERT(o.profit == o.swap_out - o.quote.repaid - o.flash.fee);
    RC_ASSERT(!made.calldata.empty());
    if (o.route.empty()) {
        RC_ASSERT(o.quote.collateral_asset == o.quote.debt_asset);
        return;
    }
    const Hop& hop = o.route.hops().front();
    RC_ASSERT(hop.token_in == o.quote.collateral_asset && hop.token_out == o.quote.debt_asset);
    auto& [in, out] = sold[hop.pool];
    in += o.quote.seized;
    out += o.swap_out;
}

RC_GTEST_PROP(EngineProperty, SendsAreWorthItOncePerKeyAndNeverPromiseMoreThanThePoolsGive, ()) {
    const Market market = random_market();
    EngineParams params = default_params(market);
    params.curve_smallest = usd(1'000);  // fewer points, quicker cases
    Stage stage{market, random_pools(market), params};
    stage.boot();
    stage.take();
    std::set<IntentKey> open;
    for (int round = 0; round < 2; ++round) {
        stage.block(crash(stage, between(1'000, 2'000), between(5, 10)));
        stage.tick();
        const auto sends = stage.sends();
        Sold sold;
        for (const Decision& made : sends) {
            RC_ASSERT(open.insert(made.key).second);
            check_send(made, sold);
        }
        // Each pool, sold into by all sends one after the other, gives at least the sum that was promised. A
        // pool is used in one direction only here, since dollars are never collateral and Link is never owed.
        for (const auto& [address, amounts] : sold) {
            const Hop* hop = nullptr;
            for (const Decision& made : sends) {
                if (!made.opportunity.route.empty() && made.opportunity.route.hops().front().pool == address)
                    hop = &made.opportunity.route.hops().front();
            }
            Pool* pool = nullptr;
            for (std::size_t i = 0; i < 5; ++i) {
                if (stage.chain.pool(i).address == address) pool = &stage.chain.pool(i);
            }
            RC_ASSERT(pool->quote(hop->token_in < hop->token_out, amounts.first).out >= amounts.second);
        }
        for (const Decision& made : sends) {
            open.erase(made.key);
            stage.land(made, OutcomeKind::expired);
        }
        for (const Decision& made : stage.sends())
            RC_ASSERT(open.insert(made.key).second);
    }
}

}  // namespace
}  // namespace plimsoll::strategy::scripted
