// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/selector.hpp"
#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/log.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"
#include "strategy/routes/depth_curve.hpp"
#include "strategy/routes/tick_math.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace plimsoll::strategy::uniswap_v3 {

/// The fee tiers that are searched, in millionths of the input.
inline constexpr std::array<std::uint32_t, 4> kFees{100, 500, 3000, 10000};

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

/// UniswapV3Pool.slot0().
[[nodiscard]] Call slot0(const Address& pool);
/// sqrtPriceX96; zero for a pool that was never initialised.
[[nodiscard]] Result<U256> read_sqrt_price(BytesView answer);

/// QuoterV2.quoteExactInputSingle((tokenIn, tokenOut, amountIn, fee, 0)).
[[nodiscard]] Call quote_exact_input(const Address& quoter, const Address& token_in, const Address& token_out,
                                     std::uint32_t fee, const TokenAmount& in);
/// The point for `in`, or nothing where the pool ran out of liquidity before all of `in` was sold.
[[nodiscard]] Result<std::optional<CurvePoint>> read_quote(BytesView answer, const TokenAmount& in);

/// sqrtPriceX96 after a Swap log.
[[nodiscard]] Result<U256> read_swap(const Log& log);

}  // namespace plimsoll::strategy::uniswap_v3
