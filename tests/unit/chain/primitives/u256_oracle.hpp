// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u256.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <random>

namespace plimsoll::testing {

/// Random cases of one operation. Sanitized code is not optimised and takes many times as long.
inline constexpr int kRandomCases = PLIMSOLL_SANITIZED ? 20'000 : 200'000;

/// Unbounded integers of an independent implementation.
using Big = boost::multiprecision::cpp_int;

inline Big to_big(const U256& value) {
    Big out = 0;
    for (std::size_t i = 4; i-- > 0;)
        out = (out << 64) | value.limbs()[i];
    return out;
}

inline const Big& two_to_256() {
    static const Big kValue = Big{1} << 256;
    return kValue;
}

/// The operand modulo 2^256.
inline U256 from_big(const Big& value) {
    std::array<std::uint64_t, 4> limbs{};
    const Big mask = ~std::uint64_t{0};
    for (std::size_t i = 0; i < 4; ++i)
        limbs[i] = static_cast<std::uint64_t>((value >> static_cast<unsigned>(64 * i)) & mask);
    return U256::from_limbs(limbs);
}

/// Operands that carry, borrow and mislead quotient estimates: limbs of all ones, of one bit, next to powers
/// of two, and plain random ones, at every length.
class Operands {
  public:
    explicit Operands(std::uint64_t seed) : random_{seed} {}

    std::uint64_t limb() {
        static constexpr std::array<std::uint64_t, 10> kEdges{0,
                                                              1,
                                                              2,
                                                              ~std::uint64_t{0},
                                                              ~std::uint64_t{1},
                                                              std::uint64_t{1} << 63U,
                                                              (std::uint64_t{1} << 63U) - 1,
                                                              (std::uint64_t{1} << 63U) + 1,
                                                              std::uint64_t{1} << 32U,
                                                              (std::uint64_t{1} << 32U) - 1};
        const std::uint64_t choice = random_() % 16;
        return choice < kEdges.size() ? kEdges[static_cast<std::size_t>(choice)] : random_();
    }

    U256 next() {
        const std::uint64_t length = random_() % 4 + 1;
        std::array<std::uint64_t, 4> limbs{};
        for (std::size_t i = 0; i < length; ++i)
            limbs[i] = limb();
        return U256::from_limbs(limbs) >> static_cast<unsigned>(random_() % 8 == 0 ? random_() % 64 : 0);
    }

    unsigned shift() { return static_cast<unsigned>(random_() % 300); }

  private:
    std::mt19937_64 random_;
};

/// What `formula` yields, or nothing if it throws ArithmeticError.
template <class Formula>
std::optional<U256> checked(Formula formula) {
    try {
        return formula();
    } catch (const ArithmeticError&) {
        return std::nullopt;
    }
}

/// The expected outcome: the value if it is in range.
inline std::optional<U256> expected(const Big& value) {
    if (value < 0 || value >= two_to_256()) return std::nullopt;
    return from_big(value);
}

}  // namespace plimsoll::testing
