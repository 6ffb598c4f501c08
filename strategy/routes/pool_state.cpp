// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/pool_state.hpp"

#include "chain/codec/abi_reader.hpp"
#include "strategy/routes/uniswap_v3.hpp"

namespace plimsoll::strategy::uniswap_v3 {

namespace {

using Applied = Result<std::optional<PoolChange>>;

Result<Slot> read_slot(const Log& log, std::size_t words_before, bool with_liquidity) {
    codec::AbiReader in{log.data_view()};
    in.skip(words_before);
    Slot out;
    out.sqrt_price = in.u256();
    if (with_liquidity) out.liquidity = in.u128_value();
    out.tick = read_tick(in);
    PLIMSOLL_CHECK(in.finish("log of a Uniswap V3 pool"));
    if (out.sqrt_price < kMinSqrtPrice || out.sqrt_price >= kMaxSqrtPrice)
        return fail(Errc::malformed_reply, "price of a Uniswap V3 pool out of range");
    return out;
}

Applied apply_position(PoolState& pool, const Log& log, bool mint) {
    if (log.topic_count != 4) return fail(Errc::malformed_reply, "Mint or Burn of a pool without its ticks");
    codec::AbiReader in{log.data_view()};
    if (mint) in.skip(1);  // sender
    const u128 amount = in.u128_value();
    PLIMSOLL_CHECK(in.finish("Mint or Burn of a Uniswap V3 pool"));
    codec::AbiReader lower{BytesView{log.topics[2].bytes}};
    codec::AbiReader upper{BytesView{log.topics[3].bytes}};
    PoolChange change{pool.slot, read_tick(lower), read_tick(upper), static_cast<i128>(amount)};
    PLIMSOLL_CHECK(lower.finish("tick of a Mint or Burn"));
    PLIMSOLL_CHECK(upper.finish("tick of a Mint or Burn"));
    if ((amount >> 127U) != 0) return fail(Errc::malformed_reply, "liquidity of a Mint or Burn");
    if (!mint) change.delta = -change.delta;
    const bool active = change.lower <= pool.slot.tick && pool.slot.tick < change.upper;
    if (active && !mint && amount > pool.slot.liquidity)
        return fail(Errc::malformed_reply, "Burn of more liquidity than is known");
    if (!pool.liquidity.change(change.lower, change.upper, change.delta))
        return fail(Errc::malformed_reply, "Burn at a tick without liquidity");
    if (active) pool.slot.liquidity += static_cast<u128>(change.delta);
    return std::optional<PoolChange>{change};
}

Applied apply_slot(PoolState& pool, const Log& log, bool swap) {
    PLIMSOLL_TRY(Slot next, read_slot(log, swap ? 2 : 0, swap));
    const PoolChange change{pool.slot, 0, 0, 0};
    if (!swap) next.liquidity = pool.slot.liquidity;
    pool.slot = next;
    return std::optional<PoolChange>{change};
}

}  // namespace

Applied apply(PoolState& pool, const Log& log) {
    const Hash32& topic = log.topic0();
    if (topic == kSwapTopic) return apply_slot(pool, log, true);
    if (topic == kMintTopic) return apply_position(pool, log, true);
    if (topic == kBurnTopic) return apply_position(pool, log, false);
    if (topic == kInitializeTopic) return apply_slot(pool, log, false);
    return std::optional<PoolChange>{};
}

bool undo(PoolState& pool, const PoolChange& change) {
    pool.slot = change.before;
    return pool.liquidity.change(change.lower, change.upper, -change.delta);
}

}  // namespace plimsoll::strategy::uniswap_v3
