// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u128.hpp"

#include <bit>
#include <cstdint>

/// Products of two 128-bit numbers and their quotients where these have 128 bits again: two divisions by one
/// word where U256 has to be ready for eight.
namespace plimsoll {

/// high * 2^128 + low.
struct Product256 {
    u128 high{};
    u128 low{};
    friend constexpr bool operator==(const Product256&, const Product256&) noexcept = default;
};

/// What a division came to; `quotient` and `remainder` say nothing unless it `fits`.
struct NarrowQuotient {
    u128 quotient{};
    u128 remainder{};
    bool fits{};  // the divisor was not zero and the quotient is below 2^128
};

namespace u128_detail {

/// The next word of a quotient by a divisor of two words whose top bit is set: `rest` must be below it and
/// becomes the new rest.
constexpr std::uint64_t next_word(u128& rest, std::uint64_t low, u128 divisor) noexcept {
    const std::uint64_t second = low_word(divisor);
    const WordGuess guess = guess_word(rest, low, high_word(divisor), second);
    rest = two_words(low_word(guess.left), low) - static_cast<u128>(guess.word) * second;  // modulo 2^128
    return guess.word;
}

}  // namespace u128_detail

/// a * b.
[[nodiscard]] constexpr Product256 full_product(u128 a, std::uint64_t b) noexcept {
    using u128_detail::high_word;
    using u128_detail::low_word;
    const u128 low = static_cast<u128>(low_word(a)) * b;
    const u128 high = static_cast<u128>(high_word(a)) * b + high_word(low);
    return {high_word(high), u128_detail::two_words(low_word(high), low_word(low))};
}
[[nodiscard]] constexpr Product256 full_product(u128 a, u128 b) noexcept {
    using u128_detail::high_word;
    using u128_detail::low_word;
    // No sum is above 2^128: (2^64 - 1)^2 + 2 (2^64 - 1) is one below.
    const u128 low = static_cast<u128>(low_word(a)) * low_word(b);
    const u128 cross = static_cast<u128>(high_word(a)) * low_word(b) + high_word(low);
    const u128 other = static_cast<u128>(low_word(a)) * high_word(b) + low_word(cross);
    const u128 high = static_cast<u128>(high_word(a)) * high_word(b) + high_word(cross) + high_word(other);
    return {high, u128_detail::two_words(low_word(other), low_word(low))};
}

/// number + addend, which must stay below 2^256, as a product and any u128 always do.
[[nodiscard]] constexpr Product256 plus(const Product256& number, u128 addend) noexcept {
    const u128 low = number.low + addend;
    return {number.high + (low < addend ? 1U : 0U), low};
}

/// number / 2^shift, 0 < shift < 128.
[[nodiscard]] constexpr Product256 shifted_down(const Product256& number, unsigned shift) noexcept {
    return {number.high >> shift, (number.low >> shift) | (number.high << (128U - shift))};
}

/// number / divisor for a divisor of one word, in two steps whatever the quotient: where its length cannot be
/// foreseen, a wrong guess costs more than a division.
[[nodiscard]] constexpr NarrowQuotient divide_in_two_steps(const Product256& number,
                                                           std::uint64_t divisor) noexcept {
    using u128_detail::divide_words;
    using u128_detail::high_word;
    using u128_detail::low_word;
    if (number.high >= divisor) return {};
    const auto upper = divide_words(low_word(number.high), high_word(number.low), divisor);
    const auto lower = divide_words(upper.remainder, low_word(number.low), divisor);
    return {u128_detail::two_words(upper.quotient, lower.quotient), lower.remainder, true};
}

/// number / divisor for a divisor of one word, in one step where that does.
[[nodiscard]] constexpr NarrowQuotient divide_by_word(const Product256& number,
                                                      std::uint64_t divisor) noexcept {
    using u128_detail::high_word;
    using u128_detail::low_word;
    if (number.high != 0 || high_word(number.low) >= divisor) return divide_in_two_steps(number, divisor);
    const auto only = u128_detail::divide_words(high_word(number.low), low_word(number.low), divisor);
    return {only.quotient, only.remainder, true};
}

/// number / divisor.
[[nodiscard]] constexpr NarrowQuotient divide(const Product256& number, u128 divisor) noexcept {
    using u128_detail::high_word;
    using u128_detail::low_word;
    using u128_detail::next_word;
    if (high_word(divisor) == 0) return divide_by_word(number, low_word(divisor));
    if (number.high >= divisor) return {};
    const auto shift = static_cast<unsigned>(std::countl_zero(high_word(divisor)));
    const u128 normal = divisor << shift;
    u128 rest = number.high << shift;
    if (shift != 0) rest |= number.low >> (128U - shift);
    const u128 low = number.low << shift;
    const std::uint64_t upper = next_word(rest, high_word(low), normal);
    const std::uint64_t lower = next_word(rest, low_word(low), normal);
    return {u128_detail::two_words(upper, lower), rest >> shift, true};
}

}  // namespace plimsoll
