// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace plimsoll::strategy {

/// What a pool answers for one input amount, sold all at once from the curve's start.
struct CurvePoint {
    TokenAmount in;
    TokenAmount out;
    U256 sqrt_price;        // sqrtPriceX96 afterwards
    std::uint32_t ticks{};  // initialised ticks crossed on the way
};

/// Proceeds of a sale and how much work the pool has with it.
struct CurveSwap {
    TokenAmount out;
    std::uint32_t ticks{};
};

/// Output against input of one pool in one direction at one state, known at some amounts. Between them the
/// chord is a lower bound, because a pool's output is concave in its input (each unit sold lowers the price
/// of the next). The bound is exact at the points, up to the pool's own rounding of a few units.
class DepthCurve {
  public:
    DepthCurve() = default;
    /// `points` with rising inputs above zero; those whose output does not rise (dust) are left out.
    DepthCurve(const U256& start_sqrt_price, std::span<const CurvePoint> points);

    /// sqrtPriceX96 of the pool the points were taken at; zero for a curve that was never read.
    [[nodiscard]] const U256& start() const noexcept { return start_; }
    [[nodiscard]] TokenAmount longest() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return points_.empty(); }
    [[nodiscard]] std::span<const CurvePoint> points() const noexcept { return points_; }

    /// A lower bound of the output for `in`. Precondition: in <= longest().
    [[nodiscard]] TokenAmount lower(const TokenAmount& in) const;
    /// An upper bound of it: the chords before and after, prolonged. Precondition: in <= longest().
    [[nodiscard]] TokenAmount upper(const TokenAmount& in) const;
    /// A lower bound for selling `amount` after `consumed` went the same way (the pool's path does not
    /// matter, only where it ends). Errc::limit_exceeded beyond the curve's end.
    [[nodiscard]] Result<CurveSwap> sell(const TokenAmount& consumed, const TokenAmount& amount) const;

    /// Adds a point taken at the same state; nothing happens if it contradicts its neighbours.
    void insert(const CurvePoint& point);
    /// True if some point lies within one part in `closeness` of `in`.
    [[nodiscard]] bool knows(const TokenAmount& in, std::uint64_t closeness) const;

  private:
    [[nodiscard]] std::size_t segment(const TokenAmount& in) const;
    [[nodiscard]] CurvePoint left_of(std::size_t segment) const;

    U256 start_;
    std::vector<CurvePoint> points_;  // rising; (0, 0) is not stored
};

}  // namespace plimsoll::strategy
