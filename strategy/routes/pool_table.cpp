// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/pool_table.hpp"

#include "strategy/routes/uniswap_v3.hpp"

#include <algorithm>

namespace plimsoll::strategy {

using uniswap_v3::SwapEnd;
using uniswap_v3::SwapOutcome;

void PoolTable::clear() {
    *this = PoolTable{};
}

void PoolTable::add(const Address& pool, const Address& token0, const Address& token1,
                    const uniswap_v3::PoolLiquidity& nothing) {
    const auto id = static_cast<PoolId>(pools_.size());
    if (!by_address_.emplace(pool, id).second) return;
    pools_.push_back(Pool{pool, token0, token1, uniswap_v3::PoolState{{}, nothing}, {}, false, false});
    by_pair_[{token0, token1}].push_back(id * 2);
    by_pair_[{token1, token0}].push_back(id * 2 + 1);
}

std::span<const DirectionId> PoolTable::directions(const Address& in, const Address& out) const {
    const auto found = by_pair_.find({in, out});
    if (found == by_pair_.end()) return {};
    return found->second;
}

Hop PoolTable::hop(DirectionId direction) const {
    const Pool& pool = pools_[pool_of(direction)];
    const std::uint32_t fee = pool.state.liquidity.fee();
    if (sells_token0(direction)) return Hop{pool.address, pool.token0, pool.token1, fee};
    return Hop{pool.address, pool.token1, pool.token0, fee};
}

Route PoolTable::route(const ExitPath& path) const {
    if (path.empty()) return Route{};
    if (path.count == 1) return Route{hop(path.directions[0])};
    return Route{hop(path.directions[0]), hop(path.directions[1])};
}

bool PoolTable::store(PoolId id, const Versions& versions, uniswap_v3::PoolState state) {
    Pool& pool = pools_[id];
    if (pool.versions != versions) return false;
    pool.state = std::move(state);
    pool.known = true;
    return true;
}

bool PoolTable::learn(PoolId id, const Versions& versions, uniswap_v3::Tick first_word,
                      uniswap_v3::Tick last_word, const std::vector<uniswap_v3::InitialisedTick>& ticks) {
    Pool& pool = pools_[id];
    if (!pool.known || pool.versions.positions != versions.positions) return false;
    pool.state.liquidity.learn(first_word, last_word, ticks);
    return true;
}

void PoolTable::refuse(PoolId pool) {
    pools_[pool].refused = true;
    pools_[pool].known = false;
}

void PoolTable::forget(Pool& pool) {
    pool.known = false;
    pool.state.slot = {};
    pool.state.liquidity.clear();
}

void PoolTable::apply(const Head& block, std::span<const Log> logs) {
    for (const Log& log : logs) {
        const auto found = by_address_.find(log.address);
        if (found != by_address_.end()) touch(found->second, log, block.hash);
    }
}

void PoolTable::drop_undo(const Hash32& block_hash) {
    while (!changes_.empty() && changes_.front().block_hash == block_hash)
        changes_.pop_front();
}

void PoolTable::touch(PoolId id, const Log& log, const Hash32& block_hash) {
    Pool& pool = pools_[id];
    if (pool.refused) return;
    const Hash32& topic = log.topic0();
    const bool positions = topic == uniswap_v3::kMintTopic || topic == uniswap_v3::kBurnTopic;
    if (!positions && topic != uniswap_v3::kSwapTopic && topic != uniswap_v3::kInitializeTopic) return;
    ++pool.versions.events;
    if (positions) ++pool.versions.positions;
    std::optional<uniswap_v3::PoolChange> what;
    if (pool.known) {
        const auto change = uniswap_v3::apply(pool.state, log);
        if (change) what = *change;
        if (!change) forget(pool);
    }
    changes_.push_back(Change{block_hash, id, what});
}

void PoolTable::undo(const Hash32& block_hash) {
    while (!changes_.empty() && changes_.back().block_hash == block_hash) {
        const Change& change = changes_.back();
        Pool& pool = pools_[change.pool];
        ++pool.versions.events;
        ++pool.versions.positions;
        if (pool.known && !(change.what && uniswap_v3::undo(pool.state, *change.what))) forget(pool);
        changes_.pop_back();
    }
}

void PoolTable::append_watch(Watch& watch) const {
    if (pools_.empty()) return;
    for (const Pool& pool : pools_) {
        if (!pool.refused) watch.addresses.push_back(pool.address);
    }
    watch.topics.insert(watch.topics.end(), {uniswap_v3::kSwapTopic, uniswap_v3::kMintTopic,
                                             uniswap_v3::kBurnTopic, uniswap_v3::kInitializeTopic});
}

SwapOutcome PoolTable::sell(DirectionId direction, const TokenAmount& amount, const MovedPools& moved,
                            bool with_tick) const {
    return sell_at(moved.find(direction), direction, amount, with_tick);
}

SwapOutcome PoolTable::sell_at(const uniswap_v3::Slot* slot, DirectionId direction, const TokenAmount& amount,
                               bool with_tick) const {
    const Pool& pool = pools_[pool_of(direction)];
    if (!pool.known) return SwapOutcome{SwapEnd::beyond, {}, {}, {}, 0};
    try {
        const uniswap_v3::SwapOrder order{sells_token0(direction), true, amount.raw()};
        return pool.state.liquidity.swap(slot != nullptr ? *slot : pool.state.slot, order, with_tick);
    } catch (const ArithmeticError&) {
        return SwapOutcome{SwapEnd::exhausted, {}, {}, {}, 0};
    }
}

double PoolTable::spot(DirectionId direction, const MovedPools& moved) const {
    const Pool& pool = pools_[pool_of(direction)];
    const uniswap_v3::Slot* const slot = moved.find(direction);
    const double root = (slot != nullptr ? *slot : pool.state.slot).sqrt_price.to_double();
    if (!pool.known || root == 0) return 0;
    constexpr double kQ96 = 79228162514264337593543950336.0;
    const double price = (root / kQ96) * (root / kQ96);
    const double left = 1.0 - static_cast<double>(pool.state.liquidity.fee()) / 1e6;
    return (sells_token0(direction) ? price : 1.0 / price) * left;
}

void PoolTable::take(const ExitPath& path, const TokenAmount& amount, MovedPools& moved) const {
    TokenAmount in = amount;
    for (std::size_t i = 0; i < path.count; ++i) {
        const DirectionId direction = path.directions.at(i);
        const SwapOutcome done = sell(direction, in, moved, true);
        // A slot without a price sells nothing.
        const bool mixed = moved.times(opposite(direction)) != 0;
        const SwapOutcome real =
            mixed ? sell_at(moved.after_all(pool_of(direction)), direction, in, true) : done;
        moved.move(direction, done.end == SwapEnd::filled ? done.after : uniswap_v3::Slot{});
        if (real.end == SwapEnd::filled) moved.move_after_all(pool_of(direction), real.after);
        in = TokenAmount{std::max(done.amount_out, real.amount_out)};
    }
}

}  // namespace plimsoll::strategy
