// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/pool_table.hpp"

#include "strategy/routes/uniswap_v3.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

/// A pool's price moved from `from` to `to` (square roots, in the unit output per input). With liquidity L
/// the output for x is r * out(r * x) where r = to / from; half the liquidity gives out(2 * x) / 2. Both
/// together, all rounded against us: the lower bound of a curve that is not quite right any more.
Result<CurveSwap> sell_moved(const DepthCurve& curve, const U256& from, const U256& to,
                             const TokenAmount& consumed, const TokenAmount& amount) {
    const U256 doubled = from / U256{2};
    const TokenAmount before = mul_div(consumed, to, doubled, Rounding::up);
    const TokenAmount after = mul_div(consumed + amount, to, doubled, Rounding::up);
    PLIMSOLL_TRY(CurveSwap swap, curve.sell(before, after - std::min(after, before)));
    swap.out = mul_div(swap.out, to, from * U256{2}, Rounding::down);
    return swap;
}

}  // namespace

void PoolTable::clear() {
    *this = PoolTable{};
}

void PoolTable::add(const Address& pool, const Address& token0, const Address& token1, std::uint32_t fee) {
    if (!by_address_.emplace(pool, pools_.size()).second) return;
    const auto first = static_cast<DirectionId>(pools_.size() * 2);
    Pool entry;
    entry.address = pool;
    entry.token0 = token0;
    entry.token1 = token1;
    entry.fee = fee;
    pools_.push_back(std::move(entry));
    by_pair_[{token0, token1}].push_back(first);
    by_pair_[{token1, token0}].push_back(first + 1);
}

std::span<const DirectionId> PoolTable::directions(const Address& in, const Address& out) const {
    const auto found = by_pair_.find({in, out});
    if (found == by_pair_.end()) return {};
    return found->second;
}

Hop PoolTable::hop(DirectionId direction) const {
    const Pool& pool = pools_[direction / 2];
    if (direction % 2 == 0) return Hop{pool.address, pool.token0, pool.token1, pool.fee};
    return Hop{pool.address, pool.token1, pool.token0, pool.fee};
}

const DepthCurve& PoolTable::curve(DirectionId direction) const {
    return at(direction).curve;
}

std::uint64_t PoolTable::version(DirectionId direction) const {
    return pools_[direction / 2].version;
}

bool PoolTable::fresh(DirectionId direction) const {
    return at(direction).version == version(direction);
}

bool PoolTable::known(DirectionId direction) const {
    return at(direction).version != 0;
}

void PoolTable::store(DirectionId direction, std::uint64_t version, DepthCurve curve) {
    Pool& pool = pools_[direction / 2];
    Direction& entry = pool.directions[direction % 2];
    if (entry.version > version) return;  // an answer that was overtaken
    if (pool.version == version || pool.sqrt_price.is_zero()) pool.sqrt_price = curve.start();
    entry.version = version;
    entry.curve = std::move(curve);
}

void PoolTable::refine(DirectionId direction, std::uint64_t version, std::span<const CurvePoint> points) {
    Direction& entry = pools_[direction / 2].directions[direction % 2];
    if (entry.version != version) return;
    for (const CurvePoint& point : points)
        entry.curve.insert(point);
}

void PoolTable::apply(const Head& block, std::span<const Log> logs) {
    for (const Log& log : logs) {
        const auto found = by_address_.find(log.address);
        if (found != by_address_.end()) touch(found->second, log, block.hash);
    }
    while (moves_.size() > kMaxMoves)
        moves_.pop_front();
}

void PoolTable::touch(std::size_t index, const Log& log, const Hash32& block_hash) {
    const Hash32& topic = log.topic0();
    const bool swap = topic == uniswap_v3::kSwapTopic;
    if (!swap && topic != uniswap_v3::kMintTopic && topic != uniswap_v3::kBurnTopic) return;
    Pool& pool = pools_[index];
    moves_.push_back(Move{block_hash, index, pool.sqrt_price});
    ++pool.version;
    if (!swap) return;
    if (const auto price = uniswap_v3::read_swap(log)) pool.sqrt_price = *price;
}

void PoolTable::undo(const Hash32& block_hash) {
    while (!moves_.empty() && moves_.back().block_hash == block_hash) {
        Pool& pool = pools_[moves_.back().pool];
        ++pool.version;
        pool.sqrt_price = moves_.back().sqrt_price_before;
        moves_.pop_back();
    }
}

void PoolTable::append_watch(Watch& watch) const {
    for (const Pool& pool : pools_)
        watch.addresses.push_back(pool.address);
    if (pools_.empty()) return;
    watch.topics.insert(watch.topics.end(),
                        {uniswap_v3::kSwapTopic, uniswap_v3::kMintTopic, uniswap_v3::kBurnTopic});
}

Result<CurveSwap> PoolTable::quote(DirectionId direction, const TokenAmount& amount,
                                   const TokenAmount& consumed) const {
    const Pool& pool = pools_[direction / 2];
    const Direction& entry = pool.directions[direction % 2];
    if (entry.version == 0)
        return fail(Errc::not_found, "depth of pool " + to_string(pool.address) + " not read yet");
    if (entry.version == pool.version) return entry.curve.sell(consumed, amount);
    const U256& start = entry.curve.start();
    if (start.is_zero() || pool.sqrt_price.is_zero())
        return fail(Errc::limit_exceeded, "pool without a price");
    if (direction % 2 == 0) return sell_moved(entry.curve, start, pool.sqrt_price, consumed, amount);
    return sell_moved(entry.curve, pool.sqrt_price, start, consumed, amount);
}

}  // namespace plimsoll::strategy
