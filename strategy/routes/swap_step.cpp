// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/swap_step.hpp"

#include <utility>

namespace plimsoll::strategy::uniswap_v3 {

namespace {

constexpr U256 kQ96 = U256::from_limbs({0, 1ULL << 32U, 0, 0});
constexpr U256 kMillion{1'000'000};
constexpr unsigned kPriceBits = 160;

U256 divide_up(const U256& a, const U256& b) {
    const U256 floor = a / b;
    return floor * b == a ? floor : floor + U256{1};
}

U256 checked_price(const U256& price) {
    if (price.bit_width() > kPriceBits) throw ArithmeticError{"price exceeds 160 bits"};
    return price;
}

/// liquidity * price / (liquidity + amount * price), rounded up. Where the product does not fit, the contract
/// uses a less exact formula, and so must we.
U256 price_after_more_token0(const U256& price, u128 liquidity, const U256& amount) {
    const U256 numerator = U256::from_u128(liquidity) << 96U;
    if (amount.bit_width() + price.bit_width() <= 256) {
        const U256 product = amount * price;
        const U256 denominator = wrapping_add(numerator, product);
        if (denominator >= numerator) return mul_div_up(numerator, price, denominator);
    } else {
        const U256 product = u256_detail::low_half(u256_detail::full_product(amount, price));
        if (product / amount == price) {
            const U256 denominator = wrapping_add(numerator, product);
            if (denominator >= numerator) return mul_div_up(numerator, price, denominator);
        }
    }
    return checked_price(divide_up(numerator, numerator / price + amount));
}

U256 price_after_less_token0(const U256& price, u128 liquidity, const U256& amount) {
    const U256 numerator = U256::from_u128(liquidity) << 96U;
    return checked_price(mul_div_up(numerator, price, numerator - amount * price));
}

}  // namespace

U256 amount0_between(const U256& a, const U256& b, u128 liquidity, bool round_up) {
    const U256& low = a < b ? a : b;
    const U256& high = a < b ? b : a;
    const U256 numerator = U256::from_u128(liquidity) << 96U;
    const U256 width = high - low;
    if (round_up) return divide_up(mul_div_up(numerator, width, high), low);
    return mul_div_down(numerator, width, high) / low;
}

U256 amount1_between(const U256& a, const U256& b, u128 liquidity, bool round_up) {
    const U256 width = a < b ? b - a : a - b;
    const auto product = u256_detail::full_product(U256::from_u128(liquidity), width);
    // Of 128 and 160 bits, so that the shift by 96 leaves at most 192.
    const U256 floor = U256::from_limbs({(product[1] >> 32U) | (product[2] << 32U),
                                         (product[2] >> 32U) | (product[3] << 32U),
                                         (product[3] >> 32U) | (product[4] << 32U), product[4] >> 32U});
    const bool rest = (product[0] | (product[1] & 0xFFFFFFFFU)) != 0;
    return round_up && rest ? floor + U256{1} : floor;
}

U256 price_after_input(const U256& price, u128 liquidity, const U256& amount, bool zero_for_one) {
    if (amount.is_zero()) return price;
    if (zero_for_one) return price_after_more_token0(price, liquidity, amount);
    return checked_price(price + mul_div_down(amount, kQ96, U256::from_u128(liquidity)));
}

U256 price_after_output(const U256& price, u128 liquidity, const U256& amount, bool zero_for_one) {
    if (amount.is_zero()) return price;
    if (!zero_for_one) return price_after_less_token0(price, liquidity, amount);
    const U256 quotient = mul_div_up(amount, kQ96, U256::from_u128(liquidity));
    if (quotient >= price) throw ArithmeticError{"price below zero"};
    return price - quotient;
}

StretchResult walk(const Stretch& s) {
    const bool zero_for_one = s.price >= s.target;
    const auto in_between = [&](const U256& to) {
        return zero_for_one ? amount0_between(to, s.price, s.liquidity, true)
                            : amount1_between(s.price, to, s.liquidity, true);
    };
    const auto out_between = [&](const U256& to) {
        return zero_for_one ? amount1_between(to, s.price, s.liquidity, false)
                            : amount0_between(s.price, to, s.liquidity, false);
    };
    StretchResult out;
    bool whole = false;  // it is walked to its end
    if (s.exact_in) {
        const U256 net = mul_div_down(s.remaining, kMillion - U256{s.fee_millionths}, kMillion);
        out.amount_in = in_between(s.target);
        whole = net >= out.amount_in;
        out.price = whole ? s.target : price_after_input(s.price, s.liquidity, net, zero_for_one);
        whole = out.price == s.target;
        if (!whole) out.amount_in = in_between(out.price);
        out.amount_out = out_between(out.price);
    } else {
        out.amount_out = out_between(s.target);
        whole = s.remaining >= out.amount_out;
        out.price = whole ? s.target : price_after_output(s.price, s.liquidity, s.remaining, zero_for_one);
        whole = out.price == s.target;
        if (!whole) out.amount_out = out_between(out.price);
        out.amount_in = in_between(out.price);
        if (out.amount_out > s.remaining) out.amount_out = s.remaining;
    }
    if (s.exact_in && !whole) {
        out.fee = s.remaining - out.amount_in;
    } else {
        out.fee = mul_div_up(out.amount_in, U256{s.fee_millionths}, kMillion - U256{s.fee_millionths});
    }
    return out;
}

}  // namespace plimsoll::strategy::uniswap_v3
