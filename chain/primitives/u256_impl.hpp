// SPDX-License-Identifier: Apache-2.0
// The constexpr bodies of u256.hpp; include that header, not this one.
#pragma once

#include "chain/primitives/u128_division.hpp"
#include "chain/primitives/u256.hpp"

namespace plimsoll {

namespace u256_detail {

using Wide = std::array<std::uint64_t, 8>;

constexpr std::uint64_t add_carry(std::uint64_t a, std::uint64_t b, std::uint64_t& carry) noexcept {
    const u128 sum = static_cast<u128>(a) + b + carry;
    carry = static_cast<std::uint64_t>(sum >> 64U);
    return static_cast<std::uint64_t>(sum);
}

constexpr std::uint64_t sub_borrow(std::uint64_t a, std::uint64_t b, std::uint64_t& borrow) noexcept {
    const u128 difference = static_cast<u128>(a) - b - borrow;
    borrow = static_cast<std::uint64_t>(difference >> 64U) & 1U;
    return static_cast<std::uint64_t>(difference);
}

constexpr Wide full_product(const U256& a, const U256& b) noexcept {
    Wide out{};
    for (std::size_t i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            const u128 cell = static_cast<u128>(a.limbs()[i]) * b.limbs()[j] + out[i + j] + carry;
            out[i + j] = static_cast<std::uint64_t>(cell);
            carry = static_cast<std::uint64_t>(cell >> 64U);
        }
        out[i + 4] = carry;
    }
    return out;
}

constexpr std::size_t used_limbs(std::span<const std::uint64_t> limbs) noexcept {
    std::size_t used = limbs.size();
    while (used > 0 && limbs[used - 1] == 0)
        --used;
    return used;
}

/// One-word divisor: the common case (RAY, WAD and prices fit in one or two words).
constexpr std::uint64_t divide_by_word(Wide& number, std::size_t used, std::uint64_t divisor) noexcept {
    std::uint64_t remainder = 0;
    for (std::size_t i = used; i-- > 0;) {
        const auto step = u128_detail::divide_words(remainder, number[i], divisor);
        number[i] = step.quotient;
        remainder = step.remainder;
    }
    return remainder;
}

struct Division {
    Wide quotient{};
    U256 remainder;
};

/// Subtracts guess * divisor from window; true if it went below zero (algorithm D4).
constexpr bool multiply_subtract(std::span<std::uint64_t> window, std::span<const std::uint64_t> divisor,
                                 std::uint64_t guess) noexcept {
    std::uint64_t carry = 0;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < divisor.size(); ++i) {
        const u128 product = static_cast<u128>(guess) * divisor[i] + carry;
        carry = static_cast<std::uint64_t>(product >> 64U);
        window[i] = sub_borrow(window[i], static_cast<std::uint64_t>(product), borrow);
    }
    window[divisor.size()] = sub_borrow(window[divisor.size()], carry, borrow);
    return borrow != 0;
}

constexpr void add_back(std::span<std::uint64_t> window, std::span<const std::uint64_t> divisor) noexcept {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < divisor.size(); ++i)
        window[i] = add_carry(window[i], divisor[i], carry);
    window[divisor.size()] += carry;
}

constexpr U256 low_half(const Wide& wide) noexcept {
    return U256::from_limbs({wide[0], wide[1], wide[2], wide[3]});
}

constexpr Division divide_long(const Wide& number, std::size_t used, const U256& divisor,
                               std::size_t size) noexcept {
    const auto shift = static_cast<unsigned>(std::countl_zero(divisor.limbs()[size - 1]));
    const U256 normal = divisor << shift;
    std::array<std::uint64_t, 9> rest{};
    for (std::size_t i = 0; i < used; ++i) {
        rest[i] |= number[i] << shift;
        if (shift != 0) rest[i + 1] = number[i] >> (64U - shift);
    }
    const std::span<const std::uint64_t> parts{normal.limbs().data(), size};
    Division out;
    for (std::size_t j = used - size + 1; j-- > 0;) {
        const u128 top = u128_detail::two_words(rest[j + size], rest[j + size - 1]);
        std::uint64_t guess =
            u128_detail::guess_word(top, rest[j + size - 2], parts[size - 1], parts[size - 2]).word;
        const std::span<std::uint64_t> window{rest.data() + j, size + 1};
        if (multiply_subtract(window, parts, guess)) {
            --guess;
            add_back(window, parts);
        }
        out.quotient[j] = guess;
    }
    out.remainder = U256::from_limbs({rest[0], rest[1], rest[2], rest[3]}) >> shift;
    return out;
}

constexpr Division divide(const Wide& number, const U256& divisor) {
    const std::size_t size = used_limbs(divisor.limbs());
    if (size == 0) throw ArithmeticError{"division by zero"};
    const std::size_t used = used_limbs(number);
    if (size == 1) {
        Division out{number, {}};
        out.remainder = divide_by_word(out.quotient, used, divisor.limbs()[0]);
        return out;
    }
    if (used < size) return Division{{}, low_half(number)};
    return divide_long(number, used, divisor, size);
}

constexpr U256 narrow(const Wide& wide) {
    if ((wide[4] | wide[5] | wide[6] | wide[7]) != 0) throw ArithmeticError{"result exceeds 256 bits"};
    return low_half(wide);
}

constexpr Wide widen(const U256& a) noexcept {
    return {a.limbs()[0], a.limbs()[1], a.limbs()[2], a.limbs()[3], 0, 0, 0, 0};
}

constexpr U256 joined(const Product256& product) noexcept {
    using u128_detail::high_word;
    using u128_detail::low_word;
    return U256::from_limbs(
        {low_word(product.low), high_word(product.low), low_word(product.high), high_word(product.high)});
}

/// a * b / denominator where all of them have 128 bits, as nearly all amounts do; else it does not fit.
constexpr NarrowQuotient narrow_mul_div(const U256& a, const U256& b, const U256& denominator) noexcept {
    if (!a.fits128() || !b.fits128() || !denominator.fits128()) return {};
    return plimsoll::divide(plimsoll::full_product(a.low128(), b.low128()), denominator.low128());
}

/// a / b where b and the quotient have 128 bits; else it does not fit.
constexpr NarrowQuotient narrow_divide(const U256& a, const U256& b) noexcept {
    if (!b.fits128()) return {};
    const u128 high = u128_detail::two_words(a.limbs()[3], a.limbs()[2]);
    return plimsoll::divide({high, a.low128()}, b.low128());
}

/// The number whose bytes in memory are those of `value` from the highest on.
constexpr std::uint64_t in_big_endian(std::uint64_t value) noexcept {
    return std::endian::native == std::endian::big ? value : __builtin_bswap64(value);
}

/// Eight bytes as a big-endian number.
constexpr std::uint64_t load_big_endian(const std::uint8_t* bytes) noexcept {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < 8; ++i)
        out = out << 8U | bytes[i];
    return out;
}

}  // namespace u256_detail

constexpr unsigned U256::bit_width() const noexcept {
    for (std::size_t i = 4; i-- > 0;) {
        if (limbs_[i] != 0)
            return static_cast<unsigned>(i * 64) + static_cast<unsigned>(std::bit_width(limbs_[i]));
    }
    return 0;
}

constexpr U256 U256::from_be(std::span<const std::uint8_t> bytes) {
    if (bytes.size() > 32) throw ArithmeticError{"more than 32 bytes"};
    U256 out;
    if (bytes.size() == 32) {
        for (std::size_t i = 0; i < 4; ++i)
            out.limbs_[3 - i] = u256_detail::load_big_endian(bytes.data() + 8 * i);
        return out;
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::size_t place = bytes.size() - 1 - i;
        out.limbs_[place / 8] |= static_cast<std::uint64_t>(bytes[i]) << (8U * (place % 8));
    }
    return out;
}

constexpr std::array<std::uint8_t, 32> U256::to_be() const noexcept {
    using u256_detail::in_big_endian;
    return std::bit_cast<std::array<std::uint8_t, 32>>(
        std::array<std::uint64_t, 4>{in_big_endian(limbs_[3]), in_big_endian(limbs_[2]),
                                     in_big_endian(limbs_[1]), in_big_endian(limbs_[0])});
}

constexpr double U256::to_double() const noexcept {
    double out = 0;
    for (std::size_t i = 4; i-- > 0;)
        out = out * 18446744073709551616.0 + static_cast<double>(limbs_[i]);
    return out;
}

constexpr U256 wrapping_add(const U256& a, const U256& b) noexcept {
    std::array<std::uint64_t, 4> out{};
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < 4; ++i)
        out[i] = u256_detail::add_carry(a.limbs()[i], b.limbs()[i], carry);
    return U256::from_limbs(out);
}

constexpr U256 wrapping_sub(const U256& a, const U256& b) noexcept {
    std::array<std::uint64_t, 4> out{};
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < 4; ++i)
        out[i] = u256_detail::sub_borrow(a.limbs()[i], b.limbs()[i], borrow);
    return U256::from_limbs(out);
}

constexpr U256 operator+(const U256& a, const U256& b) {
    const U256 sum = wrapping_add(a, b);
    if (sum < a) throw ArithmeticError{"sum exceeds 256 bits"};
    return sum;
}

constexpr U256 operator-(const U256& a, const U256& b) {
    if (a < b) throw ArithmeticError{"difference below zero"};
    return wrapping_sub(a, b);
}

constexpr U256 operator*(const U256& a, const U256& b) {
    if (a.fits128() && b.fits128())
        return u256_detail::joined(plimsoll::full_product(a.low128(), b.low128()));
    return u256_detail::narrow(u256_detail::full_product(a, b));
}

constexpr U256 operator/(const U256& a, const U256& b) {
    if (const auto division = u256_detail::narrow_divide(a, b); division.fits)
        return U256::from_u128(division.quotient);
    return u256_detail::low_half(u256_detail::divide(u256_detail::widen(a), b).quotient);
}

constexpr U256 operator%(const U256& a, const U256& b) {
    if (const auto division = u256_detail::narrow_divide(a, b); division.fits)
        return U256::from_u128(division.remainder);
    return u256_detail::divide(u256_detail::widen(a), b).remainder;
}

constexpr U256 operator<<(const U256& a, unsigned shift) noexcept {
    std::array<std::uint64_t, 4> out{};
    const unsigned limbs = shift / 64;
    const unsigned bits = shift % 64;
    for (std::size_t i = limbs; i < 4; ++i) {
        out[i] = a.limbs()[i - limbs] << bits;
        if (bits != 0 && i > limbs) out[i] |= a.limbs()[i - limbs - 1] >> (64U - bits);
    }
    return U256::from_limbs(out);
}

constexpr U256 operator>>(const U256& a, unsigned shift) noexcept {
    std::array<std::uint64_t, 4> out{};
    const unsigned limbs = shift / 64;
    const unsigned bits = shift % 64;
    for (std::size_t i = 0; i + limbs < 4; ++i) {
        out[i] = a.limbs()[i + limbs] >> bits;
        if (bits != 0 && i + limbs + 1 < 4) out[i] |= a.limbs()[i + limbs + 1] << (64U - bits);
    }
    return U256::from_limbs(out);
}

constexpr U256 operator&(const U256& a, const U256& b) noexcept {
    return U256::from_limbs({a.limbs()[0] & b.limbs()[0], a.limbs()[1] & b.limbs()[1],
                             a.limbs()[2] & b.limbs()[2], a.limbs()[3] & b.limbs()[3]});
}

constexpr U256 operator|(const U256& a, const U256& b) noexcept {
    return U256::from_limbs({a.limbs()[0] | b.limbs()[0], a.limbs()[1] | b.limbs()[1],
                             a.limbs()[2] | b.limbs()[2], a.limbs()[3] | b.limbs()[3]});
}

constexpr U256 operator~(const U256& a) noexcept {
    return U256::from_limbs({~a.limbs()[0], ~a.limbs()[1], ~a.limbs()[2], ~a.limbs()[3]});
}

constexpr U256 mul_div_down(const U256& a, const U256& b, const U256& denominator) {
    if (const auto division = u256_detail::narrow_mul_div(a, b, denominator); division.fits)
        return U256::from_u128(division.quotient);
    return u256_detail::narrow(u256_detail::divide(u256_detail::full_product(a, b), denominator).quotient);
}

constexpr U256 mul_div_up(const U256& a, const U256& b, const U256& denominator) {
    if (const auto division = u256_detail::narrow_mul_div(a, b, denominator); division.fits)
        return U256::from_u128(division.quotient) + U256{division.remainder == 0 ? 0U : 1U};
    const auto division = u256_detail::divide(u256_detail::full_product(a, b), denominator);
    const U256 floor = u256_detail::narrow(division.quotient);
    if (division.remainder.is_zero()) return floor;
    return floor + U256{1};
}

constexpr U256 pow10(unsigned exponent) {
    U256 out{1};
    for (unsigned i = 0; i < exponent; ++i)
        out = out * U256{10};
    return out;
}

}  // namespace plimsoll
