// SPDX-License-Identifier: Apache-2.0
// Of G4: a sale through one pool, as the exit search asks for it without a node.
#include "strategy/routes/pool_liquidity.hpp"
#include "strategy/routes/swap_step.hpp"
#include "tests/bench/goals/goals.hpp"
#include "tests/bench/goals/limit.hpp"
#include "tests/bench/goals/timing.hpp"

#include <stdexcept>

namespace plimsoll::bench {

namespace {

namespace pools = strategy::uniswap_v3;

constexpr pools::Tick kSpacing = 10;
constexpr unsigned kSales = 1'000;  // timed at once

pools::PoolLiquidity pool_of_many_ticks() {
    constexpr pools::Tick kEnd = 2'000;
    constexpr long long kProvided = 1'000'000'000'000;
    pools::PoolLiquidity out{500, kSpacing};
    std::vector<pools::InitialisedTick> ticks;
    for (pools::Tick tick = -kEnd; tick <= kEnd; tick += kSpacing)
        ticks.push_back({tick, tick < 0 ? kProvided : -kProvided, kProvided});
    out.learn(-2, 2, ticks);
    return out;
}

}  // namespace

void tell_local_quotes(Bench& bench, Report& report) {
    const pools::PoolLiquidity pool = pool_of_many_ticks();
    const pools::Slot slot{pools::sqrt_price_at(5), 5, static_cast<u128>(1) << 80U};
    Limit limit;
    for (const unsigned ticks : {1U, 4U, 20U}) {
        const U256 end = pools::sqrt_price_at(5 - kSpacing * static_cast<pools::Tick>(ticks));
        const U256 sold = pools::amount0_between(end, slot.sqrt_price, slot.liquidity, true);
        const pools::SwapOrder order{true, true, sold};
        std::vector<double> sales;
        std::vector<double> signatures;
        for (std::size_t round = 0; round < bench.rounds(31); ++round) {
            unsigned crossed = 0;
            sales.push_back(timed([&] {
                                for (unsigned i = 0; i < kSales; ++i)
                                    crossed += pool.swap(slot, order, false).ticks;
                            }) /
                            kSales);
            if (crossed != kSales * ticks) throw std::runtime_error{"a sale crossed other ticks"};
            signatures.push_back(timed([&] { limit.sign(); }));
        }
        const std::string what = "a sale through a pool over ticks, " + std::to_string(ticks);
        report.figure(what, median(sales), "ns");
        report.figure("  of a signature", median(sales) / median(signatures), "x");
    }
}

}  // namespace plimsoll::bench
