// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <type_traits>

namespace plimsoll {

__extension__ using u128 = unsigned __int128;

namespace u128_detail {

constexpr std::uint64_t low_word(u128 value) noexcept {
    return static_cast<std::uint64_t>(value);
}
constexpr std::uint64_t high_word(u128 value) noexcept {
    return static_cast<std::uint64_t>(value >> 64U);
}
constexpr u128 two_words(std::uint64_t high, std::uint64_t low) noexcept {
    return (static_cast<u128>(high) << 64U) | low;
}

struct WordQuotient {
    std::uint64_t quotient;
    std::uint64_t remainder;
};

/// (high * 2^64 + low) / divisor; high must be below divisor. The compiler's own division of u128 is a call
/// that looks for a quotient of two words.
constexpr WordQuotient divide_words(std::uint64_t high, std::uint64_t low, std::uint64_t divisor) noexcept {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        std::uint64_t quotient = low;
        std::uint64_t remainder = high;
        __asm__("divq %2" : "+a"(quotient), "+d"(remainder) : "rm"(divisor) : "cc");
        return {quotient, remainder};
    }
#endif
    const u128 number = two_words(high, low);
    return {low_word(number / divisor), low_word(number % divisor)};
}

/// A word of a quotient and what the divisor's first word leaves of the two that it was taken from.
struct WordGuess {
    std::uint64_t word;
    u128 left;
};

/// The next word of a quotient by a divisor of two words or more, of which `first`, with its top bit set, and
/// `second` are the highest (Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D): exact where the
/// divisor has no more, else maybe one too many. `rest` has the two highest words of what is left, of which
/// the upper is at most `first`, `low` the one after them.
constexpr WordGuess guess_word(u128 rest, std::uint64_t low, std::uint64_t first,
                               std::uint64_t second) noexcept {
    WordGuess out{~std::uint64_t{0}, static_cast<u128>(low_word(rest)) + first};
    if (high_word(rest) < first) {
        const WordQuotient estimate = divide_words(high_word(rest), low_word(rest), first);
        out = {estimate.quotient, estimate.remainder};
    }
    // One too many at most twice; `left` above one word ends it.
    while (high_word(out.left) == 0 &&
           static_cast<u128>(out.word) * second > two_words(low_word(out.left), low)) {
        --out.word;
        out.left += first;
    }
    return out;
}

}  // namespace u128_detail

}  // namespace plimsoll
