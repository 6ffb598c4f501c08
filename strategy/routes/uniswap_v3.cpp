// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/uniswap_v3.hpp"

#include "chain/codec/abi_writer.hpp"

namespace plimsoll::strategy::uniswap_v3 {

namespace {

U256 two_complement(Tick value) {
    if (value >= 0) return U256{static_cast<std::uint64_t>(value)};
    return wrapping_sub(U256{}, U256{static_cast<std::uint64_t>(-static_cast<std::int64_t>(value))});
}

Call plain(const Address& to, const codec::Selector& selector) {
    codec::AbiWriter out{selector};
    return Call{to, out.take()};
}

i128 read_signed_128(codec::AbiReader& in) {
    bool negative = false;
    const U256 magnitude = in.signed_word(negative);
    if (magnitude.bit_width() > 127) {
        in.reject("a liquidity out of range");
        return 0;
    }
    const auto value = static_cast<i128>(magnitude.low128());
    return negative ? -value : value;
}

}  // namespace

Tick read_tick(codec::AbiReader& in) {
    bool negative = false;
    const U256 magnitude = in.signed_word(negative);
    if (magnitude > U256{static_cast<std::uint64_t>(kMaxTick)}) {
        in.reject("a tick out of range");
        return 0;
    }
    const auto tick = static_cast<Tick>(magnitude.low64());
    return negative ? -tick : tick;
}

Call get_pool(const Address& factory, const Address& a, const Address& b, std::uint32_t fee) {
    codec::AbiWriter out{codec::selector("getPool(address,address,uint24)")};
    out.address(a).address(b).u256(U256{fee});
    return Call{factory, out.take()};
}

Result<Address> read_pool(BytesView answer) {
    codec::AbiReader in{answer};
    const Address pool = in.address();
    PLIMSOLL_CHECK(in.finish("UniswapV3Factory.getPool"));
    return pool;
}

Call slot0(const Address& pool) {
    return plain(pool, codec::selector("slot0()"));
}

Call liquidity(const Address& pool) {
    return plain(pool, codec::selector("liquidity()"));
}

Call tick_spacing(const Address& pool) {
    return plain(pool, codec::selector("tickSpacing()"));
}

Call tick_bitmap(const Address& pool, Tick word) {
    codec::AbiWriter out{codec::selector("tickBitmap(int16)")};
    out.u256(two_complement(word));
    return Call{pool, out.take()};
}

Call ticks(const Address& pool, Tick tick) {
    codec::AbiWriter out{codec::selector("ticks(int24)")};
    out.u256(two_complement(tick));
    return Call{pool, out.take()};
}

/// Seven words, of which the sixth, feeProtocol, has eight bits; forks keep other things there.
Result<Slot> read_slot0(BytesView answer) {
    codec::AbiReader in{answer};
    Slot out;
    out.sqrt_price = in.u256();
    out.tick = read_tick(in);
    in.skip(3);  // the observations' index and numbers
    if (in.u64() > 0xFF) in.reject("a protocol fee of another layout");
    in.boolean();
    PLIMSOLL_CHECK(in.finish("UniswapV3Pool.slot0"));
    const bool initialised = !out.sqrt_price.is_zero();
    if (initialised && (out.sqrt_price < kMinSqrtPrice || out.sqrt_price >= kMaxSqrtPrice))
        return fail(Errc::malformed_reply, "UniswapV3Pool.slot0: price out of range");
    return out;
}

Result<u128> read_liquidity(BytesView answer) {
    codec::AbiReader in{answer};
    const u128 out = in.u128_value();
    PLIMSOLL_CHECK(in.finish("UniswapV3Pool.liquidity"));
    return out;
}

Result<Tick> read_tick_spacing(BytesView answer) {
    codec::AbiReader in{answer};
    const Tick out = read_tick(in);
    PLIMSOLL_CHECK(in.finish("UniswapV3Pool.tickSpacing"));
    return out;
}

Result<U256> read_word(BytesView answer) {
    codec::AbiReader in{answer};
    const U256 out = in.u256();
    PLIMSOLL_CHECK(in.finish("UniswapV3Pool.tickBitmap"));
    return out;
}

Result<InitialisedTick> read_tick_info(BytesView answer, Tick tick) {
    codec::AbiReader in{answer};
    InitialisedTick out;
    out.tick = tick;
    out.gross = in.u128_value();
    out.net = read_signed_128(in);
    PLIMSOLL_CHECK(in.finish("UniswapV3Pool.ticks"));
    return out;
}

Call quote_exact_input(const Address& quoter, const Address& token_in, const Address& token_out,
                       std::uint32_t fee, const TokenAmount& in) {
    codec::AbiWriter out{codec::selector("quoteExactInputSingle((address,address,uint256,uint24,uint160))")};
    out.address(token_in).address(token_out).u256(in.raw()).u256(U256{fee}).u256(U256{});
    return Call{quoter, out.take()};
}

Result<QuoterAnswer> read_quote(BytesView answer) {
    codec::AbiReader in{answer};
    QuoterAnswer out;
    out.out = TokenAmount{in.u256()};
    out.sqrt_price = in.u256();
    in.skip(2);  // ticks crossed, gas
    PLIMSOLL_CHECK(in.finish("QuoterV2.quoteExactInputSingle"));
    return out;
}

}  // namespace plimsoll::strategy::uniswap_v3
