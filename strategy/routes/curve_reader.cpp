// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/curve_reader.hpp"

#include "chain/codec/multicall.hpp"
#include "strategy/routes/uniswap_v3.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

constexpr std::size_t kMaxPoints =
    90;  // of one curve, so that one request stays within a node's gas for eth_call
constexpr std::size_t kMaxExact = 16;           // amounts of candidates kept for one curve
constexpr std::uint64_t kExactCloseness = 200;  // a point within half a percent is exact enough

/// From `smallest` to at least `largest`, each a `denominator`-th more than the one before; cut at
/// kMaxPoints.
std::vector<TokenAmount> grid(const TokenAmount& smallest, const TokenAmount& largest,
                              std::uint64_t denominator) {
    std::vector<TokenAmount> out{std::max(smallest, TokenAmount{1})};
    while (out.back() < largest && out.size() < kMaxPoints)
        out.push_back(out.back() + TokenAmount{out.back().raw() / U256{denominator} + U256{1}});
    return out;
}

/// The finest grid that reaches `largest`.
std::vector<TokenAmount> reaching_grid(const TokenAmount& smallest, const TokenAmount& largest) {
    std::vector<TokenAmount> out;
    for (const std::uint64_t denominator : {4ULL, 2ULL, 1ULL}) {
        out = grid(smallest, largest, denominator);
        if (out.back() >= largest) break;
    }
    return out;
}

}  // namespace

void CurveReader::reset(std::uint32_t directions) {
    demands_.assign(directions, Demand{});
    reads_.clear();
    cursor_ = 0;
}

void CurveReader::cover(DirectionId direction, const TokenAmount& smallest, const TokenAmount& largest) {
    Demand& demand = demands_[direction];
    demand.covered = true;
    demand.smallest = demand.smallest.is_zero() ? smallest : std::min(demand.smallest, smallest);
    demand.largest = std::max(demand.largest, largest);
}

void CurveReader::ignore(DirectionId direction) {
    demands_[direction].covered = false;
}

void CurveReader::prefer(DirectionId direction, const TokenAmount& amount) {
    Demand& demand = demands_[direction];
    demand.preferred = true;
    demand.covered = true;
    // Half of the depth is distrusted after a move, so that twice the amount must lie on the curve.
    demand.largest = std::max(demand.largest, amount + amount + amount);
}

void CurveReader::sharpen(DirectionId direction, const TokenAmount& amount, const PoolTable& pools) {
    Demand& demand = demands_[direction];
    if (demand.exact.size() >= kMaxExact || amount.is_zero()) return;
    if (pools.curve(direction).knows(amount, kExactCloseness)) return;
    const auto near = [&](const TokenAmount& x) {
        const TokenAmount gap = x < amount ? amount - x : x - amount;
        return gap.raw() <= amount.raw() / U256{kExactCloseness};
    };
    if (std::any_of(demand.exact.begin(), demand.exact.end(), near)) return;
    demand.exact.push_back(amount);
}

bool CurveReader::needs_whole(DirectionId direction, const PoolTable& pools) const {
    const Demand& demand = demands_[direction];
    if (!pools.fresh(direction)) return true;
    return !demand.exhausted && pools.curve(direction).longest() < demand.largest;
}

bool CurveReader::needs_read(DirectionId direction, const PoolTable& pools) const {
    const Demand& demand = demands_[direction];
    if (!demand.covered || demand.reading) return false;
    return !demand.exact.empty() || needs_whole(direction, pools);
}

void CurveReader::next_reads(const Head& at, const PoolTable& pools, const NextReadId& next_id,
                             std::vector<ReadRequest>& out) {
    const auto count = static_cast<DirectionId>(demands_.size());
    const DirectionId base = cursor_;
    for (const bool preferred : {true, false}) {
        for (DirectionId step = 0; step < count && reads_.size() < max_outstanding_; ++step) {
            const DirectionId direction = (base + step) % count;
            const Demand& demand = demands_[direction];
            if (demand.preferred != preferred || demand.failed_at == at.number) continue;
            if (!needs_read(direction, pools)) continue;
            ask(direction, at, pools, next_id, out);
            if (!preferred) cursor_ = (direction + 1) % count;
        }
    }
}

std::vector<TokenAmount> CurveReader::amounts_for(const Demand& demand, bool whole) const {
    std::vector<TokenAmount> out;
    if (whole) out = reaching_grid(demand.smallest, demand.largest);
    out.insert(out.end(), demand.exact.begin(), demand.exact.end());
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

void CurveReader::ask(DirectionId direction, const Head& at, const PoolTable& pools,
                      const NextReadId& next_id, std::vector<ReadRequest>& out) {
    Demand& demand = demands_[direction];
    const Hop hop = pools.hop(direction);
    Read read{direction, pools.version(direction), at.number, needs_whole(direction, pools), {}};
    read.amounts = amounts_for(demand, read.whole);
    std::vector<Call> calls{uniswap_v3::slot0(hop.pool)};
    for (const TokenAmount& amount : read.amounts)
        calls.push_back(uniswap_v3::quote_exact_input(quoter_, hop.token_in, hop.token_out, hop.fee, amount));
    demand.reading = true;
    demand.preferred = false;
    demand.exact.clear();
    const ReadId id = next_id();
    out.push_back(ReadRequest{id, at.hash, std::move(calls)});
    reads_.emplace(id, std::move(read));
}

bool CurveReader::accept(const ReadResult& result, PoolTable& pools) {
    const auto found = reads_.find(result.id);
    if (found == reads_.end()) return false;
    const Read read = std::move(found->second);
    reads_.erase(found);
    demands_[read.direction].reading = false;
    if (!take(read, result, pools)) demands_[read.direction].failed_at = read.block;
    return true;
}

Result<void> CurveReader::take(const Read& read, const ReadResult& result, PoolTable& pools) {
    if (!result.bytes) return tl::make_unexpected(result.bytes.error());
    PLIMSOLL_TRY(const auto answers, codec::decode_aggregate3(*result.bytes));
    if (answers.size() != read.amounts.size() + 1)
        return fail(Errc::malformed_reply, "answers of a depth curve");
    PLIMSOLL_TRY(const U256 start, uniswap_v3::read_sqrt_price(answers.front().data));
    std::vector<CurvePoint> points;
    bool exhausted = false;
    for (std::size_t i = 0; i < read.amounts.size() && !exhausted; ++i) {
        std::optional<CurvePoint> point;
        if (answers[i + 1].success) {
            PLIMSOLL_TRY(point, uniswap_v3::read_quote(answers[i + 1].data, read.amounts[i]));
        }
        exhausted = !point.has_value();
        if (point) points.push_back(*point);
    }
    if (read.whole) {
        DepthCurve curve{start, points};
        demands_[read.direction].exhausted = exhausted || curve.longest() < read.amounts.back();
        pools.store(read.direction, read.version, std::move(curve));
    } else {
        pools.refine(read.direction, read.version, points);
    }
    return {};
}

std::uint64_t CurveReader::unread(const PoolTable& pools) const {
    std::uint64_t out = 0;
    for (DirectionId i = 0; i < demands_.size(); ++i) {
        if (demands_[i].covered && !pools.known(i) && !demands_[i].failed_at) ++out;
    }
    return out;
}

std::uint64_t CurveReader::due(const PoolTable& pools) const {
    std::uint64_t out = 0;
    for (DirectionId i = 0; i < demands_.size(); ++i) {
        if (demands_[i].covered && needs_whole(i, pools)) ++out;
    }
    return out;
}

std::uint64_t CurveReader::covered() const {
    return static_cast<std::uint64_t>(
        std::count_if(demands_.begin(), demands_.end(), [](const Demand& d) { return d.covered; }));
}

}  // namespace plimsoll::strategy
