// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/depth_curve.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

bool rises(const CurvePoint& before, const CurvePoint& after) {
    return after.in > before.in && after.out > before.out;
}

/// `part` of the output between two points, in proportion to the input.
TokenAmount proportion(const CurvePoint& from, const CurvePoint& to, const TokenAmount& part,
                       Rounding rounding) {
    return mul_div(to.out - from.out, part.raw(), (to.in - from.in).raw(), rounding);
}

}  // namespace

DepthCurve::DepthCurve(const U256& start_sqrt_price, std::span<const CurvePoint> points)
    : start_{start_sqrt_price} {
    CurvePoint last;
    for (const CurvePoint& point : points) {
        if (!rises(last, point)) continue;
        points_.push_back(point);
        last = point;
    }
}

TokenAmount DepthCurve::longest() const noexcept {
    return points_.empty() ? TokenAmount{} : points_.back().in;
}

std::size_t DepthCurve::segment(const TokenAmount& in) const {
    const auto found =
        std::lower_bound(points_.begin(), points_.end(), in,
                         [](const CurvePoint& point, const TokenAmount& x) { return point.in < x; });
    return static_cast<std::size_t>(found - points_.begin());
}

CurvePoint DepthCurve::left_of(std::size_t segment) const {
    return segment == 0 ? CurvePoint{} : points_[segment - 1];
}

TokenAmount DepthCurve::lower(const TokenAmount& in) const {
    if (in.is_zero()) return TokenAmount{};
    const std::size_t i = segment(in);
    const CurvePoint left = left_of(i);
    return left.out + proportion(left, points_[i], in - left.in, Rounding::down);
}

TokenAmount DepthCurve::upper(const TokenAmount& in) const {
    if (in.is_zero()) return TokenAmount{};
    const std::size_t i = segment(in);
    const CurvePoint& right = points_[i];
    if (right.in == in) return right.out;
    TokenAmount bound = right.out;
    if (i > 0) {
        const CurvePoint& left = points_[i - 1];
        bound = std::min(bound, left.out + proportion(left_of(i - 1), left, in - left.in, Rounding::up));
    }
    if (i + 1 < points_.size()) {
        const TokenAmount back = proportion(right, points_[i + 1], right.in - in, Rounding::down);
        bound = std::min(bound, right.out - std::min(right.out, back));
    }
    return bound;
}

Result<CurveSwap> DepthCurve::sell(const TokenAmount& consumed, const TokenAmount& amount) const {
    const TokenAmount end = consumed + amount;
    if (end > longest()) return fail(Errc::limit_exceeded, "amount beyond the known depth");
    if (amount.is_zero()) return CurveSwap{};
    const TokenAmount total = lower(end);
    const TokenAmount before = upper(consumed);
    const CurvePoint from = left_of(segment(consumed));
    const std::uint32_t ticks =
        points_[segment(end)].ticks - std::min(points_[segment(end)].ticks, from.ticks);
    return CurveSwap{total - std::min(total, before), ticks};
}

void DepthCurve::insert(const CurvePoint& point) {
    const std::size_t i = segment(point.in);
    if (!rises(left_of(i), point)) return;
    if (i < points_.size() && !rises(point, points_[i])) return;
    points_.insert(points_.begin() + static_cast<std::ptrdiff_t>(i), point);
}

bool DepthCurve::knows(const TokenAmount& in, std::uint64_t closeness) const {
    const std::size_t i = segment(in);
    const U256 room = in.raw() / U256{closeness};
    if (i < points_.size() && (points_[i].in - in).raw() <= room) return true;
    return i > 0 && (in - points_[i - 1].in).raw() <= room;
}

}  // namespace plimsoll::strategy
