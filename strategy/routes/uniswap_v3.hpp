// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/selector.hpp"
#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "strategy/routes/pool_liquidity.hpp"

#include <array>
#include <cstdint>

namespace plimsoll::strategy::uniswap_v3 {

/// The fee tiers that are searched, in millionths of the input, and the tick spacing that Uniswap gave each
/// of them. A pool with another layout is not one of Uniswap's.
struct Tier {
    std::uint32_t fee;
    Tick spacing;
};
inline constexpr std::array<Tier, 4> kTiers{{{100, 1}, {500, 10}, {3000, 60}, {10000, 200}}};

inline constexpr Hash32 kSwapTopic =
    codec::topic("Swap(address,address,int256,int256,uint160,uint128,int24)");
inline constexpr Hash32 kMintTopic =
    codec::topic("Mint(address,address,int24,int24,uint128,uint256,uint256)");
inline constexpr Hash32 kBurnTopic = codec::topic("Burn(address,int24,int24,uint128,uint256,uint256)");
inline constexpr Hash32 kInitializeTopic = codec::topic("Initialize(uint160,int24)");

/// The next word as an int24 that is a tick; else the reader fails.
[[nodiscard]] Tick read_tick(codec::AbiReader& in);

/// UniswapV3Factory.getPool(address,address,uint24).
[[nodiscard]] Call get_pool(const Address& factory, const Address& a, const Address& b, std::uint32_t fee);
/// Zero where there is no such pool.
[[nodiscard]] Result<Address> read_pool(BytesView answer);

/// UniswapV3Pool.slot0(), liquidity(), tickSpacing(), tickBitmap(int16), ticks(int24).
[[nodiscard]] Call slot0(const Address& pool);
[[nodiscard]] Call liquidity(const Address& pool);
[[nodiscard]] Call tick_spacing(const Address& pool);
[[nodiscard]] Call tick_bitmap(const Address& pool, Tick word);
[[nodiscard]] Call ticks(const Address& pool, Tick tick);
/// Price (zero for a pool that was never initialised) and tick; the liquidity is left at zero.
[[nodiscard]] Result<Slot> read_slot0(BytesView answer);
[[nodiscard]] Result<u128> read_liquidity(BytesView answer);
[[nodiscard]] Result<Tick> read_tick_spacing(BytesView answer);
[[nodiscard]] Result<U256> read_word(BytesView answer);
[[nodiscard]] Result<InitialisedTick> read_tick_info(BytesView answer, Tick tick);

/// QuoterV2.quoteExactInputSingle((tokenIn, tokenOut, amountIn, fee, 0)).
[[nodiscard]] Call quote_exact_input(const Address& quoter, const Address& token_in, const Address& token_out,
                                     std::uint32_t fee, const TokenAmount& in);
struct QuoterAnswer {
    TokenAmount out;
    U256 sqrt_price;  // afterwards
};
[[nodiscard]] Result<QuoterAnswer> read_quote(BytesView answer);

}  // namespace plimsoll::strategy::uniswap_v3
