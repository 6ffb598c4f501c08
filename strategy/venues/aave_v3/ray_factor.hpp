// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u128_division.hpp"
#include "strategy/venues/aave_v3/math.hpp"

#include <cstdint>

namespace plimsoll::strategy::aave_v3 {

/// An index by which many balances are multiplied, as index / RAY in binary, so that none of them takes a
/// division. It is cut off far behind the point, and what comes out lies a little below the truth. If the
/// nearest whole number might be another one because of that, the answer is not sure, and the division has to
/// be asked; that is one balance in many thousands.
class RayFactor {
  public:
    struct Product {
        u128 value;  // says nothing unless `sure`
        bool sure;
    };
    /// What is added before the fraction is cut off, in 2^-48.
    enum class Rounding : std::uint64_t {
        down = 0,                            // ray_mul_down
        half_up = std::uint64_t{1} << 47U,   // ray_mul_half_up
        up = (std::uint64_t{1} << 48U) - 1,  // ray_mul_up; of what seems to be whole it is not sure
    };

    /// Sure of nothing.
    constexpr RayFactor() noexcept = default;
    /// Sure of nothing if the index is beyond all measure (2^105).
    constexpr explicit RayFactor(u128 index) noexcept
        : factor_{index >> kIndexBits == 0 ? shifted_down(full_product(index, kInverse), kIndexBits).low
                                           : 0} {}

    /// scaled * index / RAY.
    [[nodiscard]] constexpr Product times(u128 scaled, Rounding rounding) const noexcept {
        using u128_detail::high_word;
        using u128_detail::low_word;
        const std::uint64_t low = low_word(scaled);
        const std::uint64_t high = high_word(scaled);
        const u128 first = static_cast<u128>(low) * low_word(factor_);
        const u128 second = static_cast<u128>(low) * high_word(factor_) + high_word(first);
        const u128 third = static_cast<u128>(high) * low_word(factor_) + low_word(second) +
                           static_cast<std::uint64_t>(rounding);
        const u128 fourth =
            static_cast<u128>(high) * high_word(factor_) + high_word(second) + high_word(third);
        const std::uint64_t fraction = low_word(third) & (kOne - 1);
        return {fourth << (64U - kSeenBits) | low_word(third) >> kSeenBits,
                fraction < kOne - kDoubt && high >> (kScaledBits - 64U) == 0 && factor_ != 0};
    }

  private:
    static constexpr unsigned kIndexBits = 105;
    static constexpr unsigned kFractionBits = 112;
    /// 2^217 / RAY, less than one too small: the factor is less than two of its last bits too small.
    static constexpr u128 kInverse =
        divide({u128{1} << (kIndexBits + kFractionBits - 128U), 0}, kRay.low128()).quotient;
    /// Of the product's fraction the upper bits are looked at; what a balance below 2^96 times the factor is
    /// too small by, and what was below these, is less than 2^33 + 1 of the last.
    static constexpr unsigned kScaledBits = 96;
    static constexpr unsigned kSeenBits = 48;
    static constexpr std::uint64_t kOne = std::uint64_t{1} << kSeenBits;
    static constexpr std::uint64_t kDoubt = std::uint64_t{1} << 34U;

    u128 factor_ = 0;
};

}  // namespace plimsoll::strategy::aave_v3
