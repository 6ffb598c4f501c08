// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/strategy/scripted/pools.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/event_codec.hpp"
#include "chain/codec/multicall.hpp"
#include "strategy/routes/uniswap_v3.hpp"
#include "tests/unit/strategy/scripted/venue.hpp"

#include <algorithm>

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

}  // namespace

U256 Pool::sqrt_price() const {
    return square_root(mul_div_down(reserve1, U256{1} << 128, reserve0)) << 32;
}

CurvePoint Pool::quote(bool zero_for_one, const TokenAmount& in) const {
    const U256 net = mul_div_down(in.raw(), U256{1'000'000 - fee}, U256{1'000'000});
    const U256& from = zero_for_one ? reserve0 : reserve1;
    const U256& to = zero_for_one ? reserve1 : reserve0;
    Pool after = *this;
    CurvePoint out;
    out.in = in;
    out.out = TokenAmount{mul_div_down(to, net, from + net)};
    (zero_for_one ? after.reserve0 : after.reserve1) = from + net;
    (zero_for_one ? after.reserve1 : after.reserve0) = to - out.out.raw();
    out.sqrt_price = after.sqrt_price();
    return out;
}

Log Pool::sell(bool zero_for_one, const TokenAmount& in) {
    const CurvePoint done = quote(zero_for_one, in);
    const U256 net = mul_div_down(in.raw(), U256{1'000'000 - fee}, U256{1'000'000});
    (zero_for_one ? reserve0 : reserve1) += net;
    (zero_for_one ? reserve1 : reserve0) -= done.out.raw();
    codec::AbiWriter data;
    data.u256(in.raw()).u256(done.out.raw()).u256(sqrt_price()).u256(U256{}).u256(U256{});
    Log log;
    log.address = address;
    log.topics[0] = uniswap_v3::kSwapTopic;
    log.topic_count = 3;
    log.data = LogData{data.take()};
    return log;
}

UniswapContracts ScriptedChain::contracts() {
    return {address_of(0xFAC), address_of(0x900), address_of(0x507)};
}

Pool& ScriptedChain::add_pool(const Address& a, const Address& b, std::uint32_t fee, const U256& reserve_a,
                              const U256& reserve_b) {
    Pool pool{address_of(0xB000 + pools_.size()), a, b, fee, reserve_a, reserve_b};
    if (b < a) {
        std::swap(pool.token0, pool.token1);
        std::swap(pool.reserve0, pool.reserve1);
    }
    pools_.push_back(pool);
    return pools_.back();
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
            return pool.token0 == std::min(a, b) && pool.token1 == std::max(a, b) && pool.fee == fee;
        });
        return out.address(found == pools_.end() ? Address{} : found->address).take();
    }
    if (calls(call, codec::selector("slot0()"))) {
        const auto found =
            std::find_if(pools_.begin(), pools_.end(), [&](const Pool& p) { return p.address == call.to; });
        out.u256(found->sqrt_price());
        for (int i = 0; i < 6; ++i)
            out.u256(U256{});
        return out.take();
    }
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
        return pool.token0 == std::min(from, to) && pool.token1 == std::max(from, to) && pool.fee == fee;
    });
    const CurvePoint point = found->quote(from < to, amount);
    codec::AbiWriter out;
    return out.u256(point.out.raw()).u256(point.sqrt_price).u256(U256{}).u256(U256{100'000}).take();
}

}  // namespace plimsoll::strategy::scripted
