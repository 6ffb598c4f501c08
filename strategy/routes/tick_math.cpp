// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/tick_math.hpp"

#include <array>
#include <cmath>

namespace plimsoll::strategy::uniswap_v3 {

namespace {

constexpr u128 word(std::uint64_t high, std::uint64_t low) {
    return (static_cast<u128>(high) << 64U) | low;
}

/// sqrt(1.0001^-(2^i)) * 2^128, one for each bit of a tick, as TickMath has them.
constexpr std::array<u128, 20> kRoots{
    word(0xfffcb933bd6fad37, 0xaa2d162d1a594001), word(0xfff97272373d4132, 0x59a46990580e213a),
    word(0xfff2e50f5f656932, 0xef12357cf3c7fdcc), word(0xffe5caca7e10e4e6, 0x1c3624eaa0941cd0),
    word(0xffcb9843d60f6159, 0xc9db58835c926644), word(0xff973b41fa98c081, 0x472e6896dfb254c0),
    word(0xff2ea16466c96a38, 0x43ec78b326b52861), word(0xfe5dee046a99a2a8, 0x11c461f1969c3053),
    word(0xfcbe86c7900a88ae, 0xdcffc83b479aa3a4), word(0xf987a7253ac41317, 0x6f2b074cf7815e54),
    word(0xf3392b0822b70005, 0x940c7a398e4b70f3), word(0xe7159475a2c29b74, 0x43b29c7fa6e889d9),
    word(0xd097f3bdfd2022b8, 0x845ad8f792aa5825), word(0xa9f746462d870fdf, 0x8a65dc1f90e061e5),
    word(0x70d869a156d2a1b8, 0x90bb3df62baf32f7), word(0x31be135f97d08fd9, 0x81231505542fcfa6),
    word(0x09aa508b5b7a84e1, 0xc677de54f3e99bc9), word(0x005d6af8dedb8119, 0x6699c329225ee604),
    word(0x00002216e584f5fa, 0x1ea926041bedfe98), word(0x00000000048a1703, 0x91f7dc42444e8fa2)};

/// floor(a * b / 2^128).
constexpr u128 multiply_high(u128 a, u128 b) {
    const auto a0 = static_cast<std::uint64_t>(a);
    const auto a1 = static_cast<std::uint64_t>(a >> 64U);
    const auto b0 = static_cast<std::uint64_t>(b);
    const auto b1 = static_cast<std::uint64_t>(b >> 64U);
    const u128 low = static_cast<u128>(a0) * b0;
    const u128 mid0 = static_cast<u128>(a1) * b0 + static_cast<std::uint64_t>(low >> 64U);
    const u128 mid1 = static_cast<u128>(a0) * b1 + static_cast<std::uint64_t>(mid0);
    return static_cast<u128>(a1) * b1 + static_cast<std::uint64_t>(mid0 >> 64U) +
           static_cast<std::uint64_t>(mid1 >> 64U);
}

}  // namespace

U256 sqrt_price_at(Tick tick) {
    const auto distance = static_cast<std::uint32_t>(tick < 0 ? -tick : tick);
    if (distance > static_cast<std::uint32_t>(kMaxTick)) throw ArithmeticError{"tick out of range"};
    if (distance == 0) return U256{1} << 96U;
    u128 ratio = 0;  // 2^128 would not fit, so the first factor is taken as it is
    for (std::size_t bit = 0; bit < kRoots.size(); ++bit) {
        if (((distance >> bit) & 1U) == 0) continue;
        ratio = ratio == 0 ? kRoots[bit] : multiply_high(ratio, kRoots[bit]);
    }
    const U256 root = tick > 0 ? U256::max() / U256::from_u128(ratio) : U256::from_u128(ratio);
    const U256 price = root >> 32U;
    return (root.low64() & 0xFFFFFFFFU) == 0 ? price : price + U256{1};
}

Tick tick_at(const U256& sqrt_price) {
    if (sqrt_price < kMinSqrtPrice || sqrt_price >= kMaxSqrtPrice)
        throw ArithmeticError{"price out of range"};
    // The logarithm is right to a small part of a tick; the exact prices on both sides decide.
    const double logarithm = std::log2(sqrt_price.to_double()) - 96.0;
    const double ticks = 2.0 * logarithm / std::log2(1.0001);
    auto tick = static_cast<Tick>(std::floor(ticks));
    tick = tick < kMinTick ? kMinTick : (tick >= kMaxTick ? kMaxTick - 1 : tick);
    while (tick > kMinTick && sqrt_price_at(tick) > sqrt_price)
        --tick;
    while (tick + 1 < kMaxTick && sqrt_price_at(tick + 1) <= sqrt_price)
        ++tick;
    return tick;
}

}  // namespace plimsoll::strategy::uniswap_v3
