// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/pool_table.hpp"
#include "strategy/routes/uniswap_v3.hpp"

#include <algorithm>

// The part of PoolTable that turns the pools into bytes and back.
namespace plimsoll::strategy {

namespace {

using uniswap_v3::InitialisedTick;
using uniswap_v3::PoolLiquidity;
using uniswap_v3::Slot;
using uniswap_v3::Tick;

constexpr std::size_t kMostPools = 1U << 16U;
constexpr std::size_t kMostTicks = 1U << 20U;
constexpr std::size_t kMostWords = 1U << 18U;  // of all pools: each takes memory that no byte stands for
constexpr std::size_t kPoolBytes = 3 * 20 + 4 + 1;
constexpr std::size_t kTickBytes = 4 + 2 * 16;

enum class Saved : std::uint8_t { unknown, known, refused };

void save_tick(Tick tick, SnapshotWriter& out) {
    out.u32(static_cast<std::uint32_t>(tick));
}

Tick load_tick(SnapshotReader& in, Tick lowest, Tick highest) {
    const auto out = static_cast<Tick>(in.u32());
    if (out < lowest || out > highest) in.reject("tick out of range");
    return in.ok() ? out : lowest;
}

void save_state(const uniswap_v3::PoolState& state, SnapshotWriter& out) {
    out.u256(state.slot.sqrt_price);
    save_tick(state.slot.tick, out);
    out.u128_value(state.slot.liquidity);
    out.boolean(!state.liquidity.empty());
    if (state.liquidity.empty()) return;
    save_tick(state.liquidity.first_word(), out);
    save_tick(state.liquidity.last_word(), out);
    const std::vector<InitialisedTick> ticks = state.liquidity.ticks();
    out.length(ticks.size());
    for (const InitialisedTick& tick : ticks) {
        save_tick(tick.tick, out);
        out.u128_value(static_cast<u128>(tick.net));
        out.u128_value(tick.gross);
    }
}

Slot load_slot(SnapshotReader& in) {
    Slot out;
    out.sqrt_price = in.u256();
    const bool never = out.sqrt_price.is_zero();
    if (!never && (out.sqrt_price < uniswap_v3::kMinSqrtPrice || out.sqrt_price >= uniswap_v3::kMaxSqrtPrice))
        in.reject("price of a pool out of range");
    out.tick = load_tick(in, uniswap_v3::kMinTick, uniswap_v3::kMaxTick);
    out.liquidity = in.u128_value();
    return out;
}

std::vector<InitialisedTick> load_ticks(SnapshotReader& in, const PoolLiquidity& pool, Tick first,
                                        Tick last) {
    std::vector<InitialisedTick> out(in.length(kMostTicks, kTickBytes));
    for (std::size_t i = 0; i < out.size() && in.ok(); ++i) {
        InitialisedTick& tick = out[i];
        tick.tick = load_tick(in, uniswap_v3::kMinTick, uniswap_v3::kMaxTick);
        tick.net = static_cast<uniswap_v3::i128>(in.u128_value());
        tick.gross = in.u128_value();
        const Tick word = pool.word_of(tick.tick);
        const bool rising = i == 0 || out[i - 1].tick < tick.tick;
        if (!rising || tick.tick % pool.spacing() != 0 || word < first || word > last || tick.gross == 0)
            in.reject("a tick that cannot be");
    }
    return out;
}

void load_liquidity(SnapshotReader& in, PoolLiquidity& pool, std::size_t& words_left) {
    if (!in.boolean()) return;
    const Tick first = load_tick(in, pool.lowest_word(), pool.highest_word());
    const Tick last = load_tick(in, first, pool.highest_word());
    const auto words = static_cast<std::size_t>(last - first + 1);
    if (words > words_left) in.reject("more words of bitmaps than there may be");
    const std::vector<InitialisedTick> ticks = load_ticks(in, pool, first, last);
    if (!in.ok()) return;
    words_left -= words;
    pool.learn(first, last, ticks);
}

}  // namespace

void PoolTable::save(SnapshotWriter& out) const {
    out.length(pools_.size());
    for (const Pool& pool : pools_) {
        out.address(pool.address);
        out.address(pool.token0);
        out.address(pool.token1);
        out.u32(pool.state.liquidity.fee());
        const Saved what = pool.refused ? Saved::refused : pool.known ? Saved::known : Saved::unknown;
        out.u8(static_cast<std::uint8_t>(what));
        if (what == Saved::known) save_state(pool.state, out);
    }
}

void PoolTable::load_pool(SnapshotReader& in, std::size_t& words_left) {
    const Address address = in.address();
    const Address token0 = in.address();
    const Address token1 = in.address();
    const std::uint32_t fee = in.u32();
    const std::uint8_t what = in.u8();
    const auto* const tier = std::find_if(uniswap_v3::kTiers.begin(), uniswap_v3::kTiers.end(),
                                          [fee](const uniswap_v3::Tier& one) { return one.fee == fee; });
    if (tier == uniswap_v3::kTiers.end() || !(token0 < token1) || by_address_.contains(address) ||
        what > static_cast<std::uint8_t>(Saved::refused))
        return in.reject("a pool that cannot be");
    add(address, token0, token1, PoolLiquidity{tier->fee, tier->spacing});
    Pool& pool = pools_.back();
    pool.refused = what == static_cast<std::uint8_t>(Saved::refused);
    pool.known = what == static_cast<std::uint8_t>(Saved::known);
    if (!pool.known) return;
    pool.state.slot = load_slot(in);
    load_liquidity(in, pool.state.liquidity, words_left);
}

void PoolTable::load(SnapshotReader& in) {
    clear();
    std::size_t words_left = kMostWords;
    std::size_t left = in.length(kMostPools, kPoolBytes);
    for (; left != 0 && in.ok(); --left)
        load_pool(in, words_left);
    if (!in.ok()) clear();
}

}  // namespace plimsoll::strategy
