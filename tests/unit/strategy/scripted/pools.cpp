// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/strategy/scripted/pools.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/event_codec.hpp"
#include "chain/codec/multicall.hpp"
#include "strategy/routes/uniswap_v3.hpp"
#include "tests/unit/strategy/scripted/venue.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace plimsoll::strategy::scripted {

namespace {

U256 square_root(const U256& value) {
    if (value.is_zero()) return value;
    U256 x = U256{1} << ((value.bit_width() + 1) / 2);
    for (;;) {
        const U256 next = (x + value / x) / U256{2};
        if (next >= x) return x;
        x = next;
    }
}

bool calls(const Call& call, const codec::Selector& selector) {
    return call.data.size() >= 4 && std::equal(selector.begin(), selector.end(), call.data.begin());
}

U256 signed_word(uniswap_v3::i128 value) {
    if (value >= 0) return U256::from_u128(static_cast<u128>(value));
    return wrapping_sub(U256{}, U256::from_u128(static_cast<u128>(-value)));
}

Bytes view(const Pool& pool, const Call& call) {
    const auto& [slot, liquidity] = pool.state;
    codec::AbiWriter out;
    if (calls(call, codec::selector("slot0()"))) {
        out.u256(slot.sqrt_price).u256(signed_word(slot.tick));
        return out.u256(U256{}).u256(U256{1}).u256(U256{1}).u256(U256{}).boolean(true).take();
    }
    if (calls(call, codec::selector("liquidity()"))) return out.u256(U256::from_u128(slot.liquidity)).take();
    if (calls(call, codec::selector("tickSpacing()")))
        return out.u256(signed_word(liquidity.spacing())).take();
    codec::AbiReader in{BytesView{call.data}.subspan(4)};
    const bool bitmap = calls(call, codec::selector("tickBitmap(int16)"));
    const uniswap_v3::Tick at = uniswap_v3::read_tick(in);
    U256 word;
    for (const uniswap_v3::InitialisedTick& tick : liquidity.ticks()) {
        const auto bit = static_cast<unsigned>(tick.tick / liquidity.spacing() & 255);
        if (bitmap && liquidity.word_of(tick.tick) == at) word = word | U256{1} << bit;
        if (!bitmap && tick.tick == at) out.u256(U256::from_u128(tick.gross)).u256(signed_word(tick.net));
    }
    return bitmap ? out.u256(word).take() : out.take();
}

}  // namespace

uniswap_v3::SwapOutcome Pool::quote(bool zero_for_one, const TokenAmount& in) const {
    return state.liquidity.swap(state.slot, uniswap_v3::SwapOrder{zero_for_one, true, in.raw()}, true);
}

Log Pool::sell(bool zero_for_one, const TokenAmount& in) {
    const uniswap_v3::SwapOutcome done = quote(zero_for_one, in);
    state.slot = done.after;
    codec::AbiWriter data;
    data.u256(in.raw()).u256(done.amount_out).u256(state.slot.sqrt_price);
    data.u256(U256::from_u128(state.slot.liquidity)).u256(signed_word(state.slot.tick));
    Log log;
    log.address = address;
    log.topics[0] = uniswap_v3::kSwapTopic;
    log.topic_count = 3;
    log.data = LogData{data.take()};
    return log;
}

Log Pool::provide(uniswap_v3::Tick lower, uniswap_v3::Tick upper, uniswap_v3::i128 liquidity) {
    const bool mint = liquidity > 0;
    Log log;
    log.address = address;
    log.topics[0] = mint ? uniswap_v3::kMintTopic : uniswap_v3::kBurnTopic;
    log.topics[2] = Hash32::from_u256(signed_word(lower));
    log.topics[3] = Hash32::from_u256(signed_word(upper));
    log.topic_count = 4;
    codec::AbiWriter data;
    if (mint) data.address(address);
    data.u256(U256::from_u128(static_cast<u128>(mint ? liquidity : -liquidity))).u256(U256{}).u256(U256{});
    log.data = LogData{data.take()};
    if (!uniswap_v3::apply(state, log)) throw std::logic_error{"impossible position"};
    return log;
}

UniswapContracts ScriptedChain::contracts() {
    return {address_of(0xFAC), address_of(0x900), {address_of(0x507), RouterKind::classic}};
}

Pool& ScriptedChain::add_pool(const Address& a, const Address& b, std::uint32_t fee, const U256& reserve_a,
                              const U256& reserve_b) {
    const bool ordered = a < b;
    const U256& reserve0 = ordered ? reserve_a : reserve_b;
    const U256& reserve1 = ordered ? reserve_b : reserve_a;
    const auto* const tier = std::find_if(uniswap_v3::kTiers.begin(), uniswap_v3::kTiers.end(),
                                          [&](const uniswap_v3::Tier& one) { return one.fee == fee; });
    Pool pool{address_of(0xB000 + pools_.size()), ordered ? a : b, ordered ? b : a,
              uniswap_v3::PoolState{{}, uniswap_v3::PoolLiquidity{fee, tier->spacing}}};
    uniswap_v3::PoolState& state = pool.state;
    state.slot.sqrt_price = square_root(mul_div_down(reserve1, U256{1} << 128, reserve0)) << 32;
    state.slot.tick = uniswap_v3::tick_at(state.slot.sqrt_price);
    state.liquidity.learn(state.liquidity.lowest_word(), state.liquidity.highest_word(), {});
    const uniswap_v3::Tick edge = uniswap_v3::kMaxTick / tier->spacing * tier->spacing;
    const U256 liquidity = square_root(reserve0 * reserve1);
    pools_.push_back(std::move(pool));
    pools_.back().provide(-edge, edge, static_cast<uniswap_v3::i128>(liquidity.low128()));
    return pools_.back();
}

const Pool* ScriptedChain::find(const Address& pool) const {
    const auto found =
        std::find_if(pools_.begin(), pools_.end(), [&](const Pool& p) { return p.address == pool; });
    return found == pools_.end() ? nullptr : &*found;
}

ReadResult ScriptedChain::answer(const ReadRequest& request) const {
    if (const auto* const query = std::get_if<LogQuery>(&request.what))
        return ReadResult{request.id, request.block_hash, codec::encode_logs(logs(*query))};
    std::vector<Bytes> data;
    std::vector<codec::CallResult> results;
    for (const Call& one : std::get<std::vector<Call>>(request.what))
        data.push_back(call(one));
    for (const Bytes& one : data)
        results.push_back(codec::CallResult{true, one});
    return ReadResult{request.id, request.block_hash, codec::encode_call_results(results)};
}

Bytes ScriptedChain::call(const Call& call) const {
    codec::AbiWriter out;
    if (calls(call, codec::selector("getPool(address,address,uint24)"))) {
        codec::AbiReader in{BytesView{call.data}.subspan(4)};
        const Address a = in.address();
        const Address b = in.address();
        const auto fee = static_cast<std::uint32_t>(in.u64());
        const auto found = std::find_if(pools_.begin(), pools_.end(), [&](const Pool& pool) {
            return pool.token0 == std::min(a, b) && pool.token1 == std::max(a, b) && pool.fee() == fee;
        });
        return out.address(found == pools_.end() ? Address{} : found->address).take();
    }
    if (const Pool* const pool = find(call.to)) return view(*pool, call);
    if (call.to == contracts().quoter) return quote(call);
    return other(call);
}

Bytes ScriptedChain::quote(const Call& call) const {
    codec::AbiReader in{BytesView{call.data}.subspan(4)};
    const Address from = in.address();
    const Address to = in.address();
    const TokenAmount amount{in.u256()};
    const auto fee = static_cast<std::uint32_t>(in.u64());
    const auto found = std::find_if(pools_.begin(), pools_.end(), [&](const Pool& pool) {
        return pool.token0 == std::min(from, to) && pool.token1 == std::max(from, to) && pool.fee() == fee;
    });
    const uniswap_v3::SwapOutcome done = found->quote(from < to, amount);
    codec::AbiWriter out;
    return out.u256(done.amount_out + U256{found->quoter_error})
        .u256(done.after.sqrt_price)
        .u256(U256{done.ticks})
        .u256(U256{100'000})
        .take();
}

}  // namespace plimsoll::strategy::scripted
