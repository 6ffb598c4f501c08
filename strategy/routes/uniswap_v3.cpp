// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/uniswap_v3.hpp"

#include "chain/codec/abi_writer.hpp"

namespace plimsoll::strategy::uniswap_v3 {

namespace {

/// TickMath.MIN_SQRT_RATIO + 1 and MAX_SQRT_RATIO - 1: where QuoterV2 stops when it is given no limit of its
/// own.
constexpr U256 kLowestPrice{4295128740ULL};
const U256 kHighestPrice = *parse_decimal("1461446703485210103287273052203988822378723970341");

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
    codec::AbiWriter out{codec::selector("slot0()")};
    return Call{pool, out.take()};
}

Result<U256> read_sqrt_price(BytesView answer) {
    codec::AbiReader in{answer};
    const U256 price = in.u256();
    PLIMSOLL_CHECK(in.finish("UniswapV3Pool.slot0"));
    return price;
}

Call quote_exact_input(const Address& quoter, const Address& token_in, const Address& token_out,
                       std::uint32_t fee, const TokenAmount& in) {
    codec::AbiWriter out{codec::selector("quoteExactInputSingle((address,address,uint256,uint24,uint160))")};
    out.address(token_in).address(token_out).u256(in.raw()).u256(U256{fee}).u256(U256{});
    return Call{quoter, out.take()};
}

Result<std::optional<CurvePoint>> read_quote(BytesView answer, const TokenAmount& in) {
    codec::AbiReader reader{answer};
    CurvePoint point;
    point.in = in;
    point.out = TokenAmount{reader.u256()};
    point.sqrt_price = reader.u256();
    const std::uint64_t ticks = reader.u64();
    PLIMSOLL_CHECK(reader.finish("QuoterV2.quoteExactInputSingle"));
    point.ticks = static_cast<std::uint32_t>(ticks);
    if (point.sqrt_price <= kLowestPrice || point.sqrt_price >= kHighestPrice)
        return std::optional<CurvePoint>{};
    return std::optional<CurvePoint>{point};
}

Result<U256> read_swap(const Log& log) {
    codec::AbiReader in{log.data_view()};
    in.skip(2);  // amount0, amount1
    const U256 price = in.u256();
    PLIMSOLL_CHECK(in.finish("UniswapV3Pool.Swap"));
    return price;
}

}  // namespace plimsoll::strategy::uniswap_v3
