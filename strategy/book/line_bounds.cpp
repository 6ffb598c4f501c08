// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/line_bounds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plimsoll::strategy {
namespace {

constexpr std::size_t kWays = 4;  // children of a heap's node: fewer levels, and they lie side by side
constexpr float kFurthest = std::numeric_limits<float>::max();

/// Never above `value`, so that the bound is crossed too early rather than too late.
float rounded_down(double value) noexcept {
    if (!(value > -static_cast<double>(kFurthest))) return -kFurthest;
    if (value > static_cast<double>(kFurthest)) return kFurthest;
    return std::nextafter(static_cast<float>(value), -std::numeric_limits<float>::infinity());
}

}  // namespace

std::uint32_t& LineBounds::stamp_of(AccountId account) {
    while (stamps_.size() <= account)
        stamps_.push_back(0);
    return stamps_[account];
}

void LineBounds::file(AccountId account, std::span<const LineTerm> terms, const LineWeights& weights,
                      double room, const Moves& moves) {
    std::uint32_t& stamp = stamp_of(account);
    stamp = (stamp | 1U) + ((stamp & 1U) != 0 ? 2U : 0U);
    // Even a weight that stands still gets a little.
    constexpr float kLeastShare = 1.0F / 64;
    float least = std::numeric_limits<float>::min();
    for (const LineTerm& term : terms)
        least = std::max(least, kLeastShare * moves[term.owed ? 1 : 0][term.reserve]);
    const auto pace = [&](const LineTerm& term) {
        return static_cast<double>(std::max(least, moves[term.owed ? 1 : 0][term.reserve]));
    };
    double moving = 0;  // what all holdings together lose while each weight moves by its pace
    for (const LineTerm& term : terms) {
        const double amount =
            term.amount * (1.0 + static_cast<double>(term.loose)) + weights.unit[term.reserve];
        moving += amount * weights.of(term) * pace(term);
    }
    // The distance was reckoned with errors relative to the weights, which move.
    constexpr double kSpare = 1.0 - 1e-6;
    const double share = room / moving * kSpare;
    for (const LineTerm& term : terms) {
        const double weight = weights.of(term);
        const double step = share * pace(term);
        const bool rises = term.owed == (side_ == LineSide::above);
        double key = directed(weight * (rises ? 1.0 + step : 1.0 - step), term.owed);
        // A holding without a price keeps its owner safe until there is one; the others do not count so long.
        if (std::isinf(room)) {
            if (std::isfinite(weight)) continue;
            key = -static_cast<double>(kFurthest);
        }
        push(term, Bound{rounded_down(key), account, stamp});
    }
}

void LineBounds::drop(AccountId account) noexcept {
    if (account < stamps_.size() && (stamps_[account] & 1U) != 0) ++stamps_[account];
}

void LineBounds::clear() noexcept {
    for (auto& heaps : heaps_) {
        for (Heap& heap : heaps)
            heap.clear();
    }
    for (auto& keys : nearest_)
        keys.fill(std::numeric_limits<float>::infinity());
    stamps_.clear();
}

std::size_t LineBounds::crossed(const LineWeights& weights, ReserveSet among,
                                std::size_t most) const noexcept {
    std::size_t out = 0;
    for (const bool owed : {false, true}) {
        const auto& now = owed ? weights.owed : weights.backing;
        const auto& nearest = nearest_[owed ? 1 : 0];
        const bool few = all_of(among, [&](ReserveId reserve) {
            const double value = directed(now[reserve], owed);
            if (!(value >= static_cast<double>(nearest[reserve]))) return true;
            out += crossed(heaps_[owed ? 1 : 0][reserve], value, most - out);
            return out <= most;
        });
        if (!few) break;
    }
    return out;
}

/// From the top down: below a bound that is not crossed none is.
std::size_t LineBounds::crossed(const Heap& heap, double value, std::size_t most) noexcept {
    constexpr std::size_t kLevels = 17;  // of four ways: more than there are accounts
    std::array<std::size_t, kLevels*(kWays - 1) + 1> open;
    std::size_t left = 1;
    open[0] = 0;
    std::size_t out = 0;
    while (left != 0 && out <= most) {
        const std::size_t at = open[--left];
        if (at >= heap.size() || !(value >= static_cast<double>(heap[at].key))) continue;
        ++out;
        for (std::size_t way = 0; way < kWays; ++way)
            open[left++] = at * kWays + 1 + way;
    }
    return out;
}

bool LineBounds::cross(const LineWeights& weights, ReserveSet among, std::size_t& left,
                       std::vector<AccountId>& out) {
    for (const bool owed : {false, true}) {
        const auto& now = owed ? weights.owed : weights.backing;
        const auto& nearest = nearest_[owed ? 1 : 0];
        const bool followed = all_of(among, [&](ReserveId reserve) {
            const double value = directed(now[reserve], owed);
            const bool crossed = value >= static_cast<double>(nearest[reserve]);
            return !crossed || cross_one(owed, reserve, value, left, out);
        });
        if (!followed) return false;
    }
    return true;
}

bool LineBounds::cross_one(bool owed, std::size_t reserve, double value, std::size_t& left,
                           std::vector<AccountId>& out) {
    Heap& heap = heaps_[owed ? 1 : 0][reserve];
    while (!heap.empty() && value >= static_cast<double>(heap[0].key)) {
        if (left == 0) return false;
        --left;
        const Bound bound = heap[0];
        pop(owed, reserve);
        if (!is_valid(bound)) continue;
        ++stamps_[bound.account];
        out.push_back(bound.account);
    }
    return true;
}

void LineBounds::push(const LineTerm& term, const Bound& bound) {
    Heap& heap = heaps_[term.owed ? 1 : 0][term.reserve];
    std::size_t at = heap.size();
    heap.push_back(bound);
    while (at != 0) {
        const std::size_t parent = (at - 1) / kWays;
        if (heap[parent].key <= bound.key) break;
        heap[at] = heap[parent];
        at = parent;
    }
    heap[at] = bound;
    nearest_[term.owed ? 1 : 0][term.reserve] = heap[0].key;
}

void LineBounds::sink(Heap& heap, std::size_t at, const Bound& bound) noexcept {
    for (;;) {
        const std::size_t first = at * kWays + 1;
        if (first >= heap.size()) break;
        const std::size_t end = std::min(first + kWays, heap.size());
        std::size_t least = first;
        for (std::size_t child = first + 1; child < end; ++child) {
            if (heap[child].key < heap[least].key) least = child;
        }
        if (bound.key <= heap[least].key) break;
        heap[at] = heap[least];
        at = least;
    }
    heap[at] = bound;
}

void LineBounds::pop(bool owed, std::size_t reserve) noexcept {
    Heap& heap = heaps_[owed ? 1 : 0][reserve];
    const Bound last = heap.back();
    heap.pop_back();
    if (!heap.empty()) sink(heap, 0, last);
    nearest_[owed ? 1 : 0][reserve] = heap.empty() ? std::numeric_limits<float>::infinity() : heap[0].key;
}

void LineBounds::tidy() {
    constexpr std::size_t kSmall = 1024;
    const std::size_t side = next_to_tidy_ % 2;
    const std::size_t reserve = next_to_tidy_ / 2;
    Heap& heap = heaps_[side][reserve];
    next_to_tidy_ = (next_to_tidy_ + 1) % (2 * kMaxReserves);
    std::size_t valid = 0;
    for (std::size_t i = 0; i < heap.size(); ++i)
        valid += is_valid(heap[i]) ? 1U : 0U;
    if (heap.size() <= 2 * valid + kSmall) return;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < heap.size(); ++i) {
        if (is_valid(heap[i])) heap[kept++] = heap[i];
    }
    while (heap.size() > kept)
        heap.pop_back();
    for (std::size_t at = kept / kWays + 1; at-- > 0;) {
        if (at < kept) sink(heap, at, Bound{heap[at]});
    }
    nearest_[side][reserve] = kept == 0 ? std::numeric_limits<float>::infinity() : heap[0].key;
}

std::size_t LineBounds::bytes() const noexcept {
    std::size_t out = stamps_.bytes();
    for (const auto& heaps : heaps_) {
        for (const Heap& heap : heaps)
            out += heap.bytes();
    }
    return out;
}

}  // namespace plimsoll::strategy
