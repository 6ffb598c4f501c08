// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u256.hpp"
#include "chain/primitives/units.hpp"
#include "strategy/book/book.hpp"
#include "strategy/venues/aave_v3/ray_factor.hpp"
#include "strategy/venues/aave_v3/rules.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace plimsoll::strategy::aave_v3 {

/// True if the reserve counts as collateral at all for whoever switched it on.
[[nodiscard]] bool counts_as_collateral(const Rules& rules, const ReserveState& state) noexcept;

/// One reserve as of a moment: what every account of a batch shares.
struct ReserveView {
    U256 income;              // normalized supply index, ray
    U256 debt_index;          // normalized variable debt index, ray
    U256 unit;                // 10^decimals
    RayFactor income_factor;  // of the two indices, if they are `narrow`
    RayFactor debt_factor;
    bool broken{};  // its arithmetic overflows, or the moment lies before its last update
    bool wide{};    // accruing it took more than 128 bits
    bool narrow{};  // both indices are below 2^128, the unit below 2^64
    bool counts{};  // as collateral, for whoever switched it on
    BasisPoints threshold;
};

/// One reserve at `t`, as getReserveNormalizedIncome and getReserveNormalizedVariableDebt answer in a block
/// of that time.
[[nodiscard]] ReserveView accrued(const Rules& rules, const ReserveState& state, Timestamp t);

/// The same in 256 bits throughout.
[[nodiscard]] ReserveView accrued_wide(const Rules& rules, const ReserveState& state, Timestamp t);

/// All reserves as of a moment, computed once a batch and kept until the market changes or two other moments
/// were asked for: the newest block's and the next one's are in turns.
class MarketView {
  public:
    /// Reserves at `t`.
    const std::vector<ReserveView>& at(const Rules& rules, const Book& book, Timestamp t);
    /// Of what was asked for last: what has the same number is the same. Never 0.
    [[nodiscard]] std::uint64_t number() const noexcept { return kept_[asked_last_].number; }
    /// How often accruing a reserve took more than 128 bits.
    [[nodiscard]] std::uint64_t wide_reserves() const noexcept { return wide_reserves_; }

  private:
    struct Kept {
        std::vector<ReserveView> reserves;
        std::uint64_t number = 0;
        const Rules* rules = nullptr;
        Timestamp at;
        std::uint64_t market_version = 0;
    };
    std::array<Kept, 2> kept_;
    std::size_t asked_last_ = 0;  // of the two
    std::uint64_t computed_ = 0;
    std::uint64_t wide_reserves_ = 0;
};

}  // namespace plimsoll::strategy::aave_v3
