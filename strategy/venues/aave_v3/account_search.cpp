// SPDX-License-Identifier: Apache-2.0
// A search for accounts as bytes, so that one over millions of blocks need not begin anew after a kill.
#include "chain/codec/event_codec.hpp"
#include "strategy/snapshot/snapshot_reader.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"
#include "strategy/venues/aave_v3/account_reader.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::strategy::aave_v3 {
namespace {

constexpr std::size_t kMostRanges = 1U << 22U;
constexpr std::size_t kMostFound = 1U << 26U;
constexpr std::size_t kMostLogBytes = 1U << 20U;
constexpr std::size_t kFoundBytes = 20 + 16 + 16 + 1;

}  // namespace

void AccountReader::save_search(SnapshotWriter& out) const {
    if (discovered()) return;
    out.count(params_.start_block);
    out.count(at_.number);
    out.length(market_.reserves.size());
    for (const ReserveFacts& reserve : market_.reserves) {
        out.address(reserve.a_token);
        out.address(reserve.variable_debt_token);
    }
    std::vector<BlockRange> open{ranges_.begin(), ranges_.end()};
    for (const auto& [id, asked] : outstanding_) {
        if (const auto* range = std::get_if<BlockRange>(&asked)) open.push_back(*range);
    }
    out.length(open.size());
    for (const BlockRange& range : open) {
        out.u64(range.from);
        out.u64(range.to);
    }
    out.length(found_.size());
    for (const Found& who : found_) {
        out.address(who.address);
        out.u128_value(who.supplies);
        out.u128_value(who.debts);
        out.boolean(who.category);
    }
    out.length(transfers_.size());
    for (const auto& [token, log] : transfers_) {
        const Bytes text = codec::encode_logs({&log, 1});
        out.length(text.size());
        out.raw(text);
    }
}

/// The ranges that were not searched up to `settled`, then all that is behind it.
void AccountReader::search_again(const std::vector<BlockRange>& open, std::uint64_t settled) {
    ranges_.clear();
    for (const BlockRange& range : open) {
        if (range.from <= settled) ranges_.push_back({range.from, std::min(range.to, settled)});
    }
    const std::uint64_t step = std::max<std::uint64_t>(params_.log_range, 1);
    for (std::uint64_t from = settled + 1; from <= at_.number.value; from += step)
        ranges_.push_back({from, std::min(at_.number.value, from + step - 1)});
    std::uint64_t left = 0;
    for (const BlockRange& range : ranges_)
        left += range.to - range.from + 1;
    blocks_done_ = blocks_total_ - std::min(left, blocks_total_);
}

bool AccountReader::same_market(SnapshotReader& in) const {
    bool same = in.length(kMaxReserves, 2 * sizeof(Address)) == market_.reserves.size();
    for (std::size_t i = 0; same && i < market_.reserves.size(); ++i) {
        same = in.address() == market_.reserves[i].a_token;
        same = in.address() == market_.reserves[i].variable_debt_token && same;
    }
    return same;
}

bool AccountReader::resume_search(SnapshotReader& in) {
    const auto start = in.count<BlockNumber>();
    const auto searched_to = in.count<BlockNumber>();
    if (!in.ok() || start != params_.start_block || !same_market(in)) return false;
    // Blocks that may have been undone since are searched again.
    const std::uint64_t settled =
        std::min(searched_to.value - std::min<std::uint64_t>(searched_to.value, params_.undo_blocks),
                 at_.number.value);
    if (settled < start.value) return false;
    std::vector<BlockRange> open(in.length(kMostRanges, 16));
    for (BlockRange& range : open) {
        range = {in.u64(), in.u64()};
        if (range.from < start.value || range.to < range.from) in.reject("a range that is none");
    }
    std::vector<Found> found(in.length(kMostFound, kFoundBytes));
    for (Found& who : found)
        who = Found{in.address(), in.u128_value(), in.u128_value(), in.boolean()};
    std::unordered_map<Address, Log> transfers;
    for (std::size_t left = in.length(2 * kMaxReserves, 4); left > 0; --left) {
        const auto logs = codec::decode_logs(in.raw(in.length(kMostLogBytes, 1)));
        if (!logs || logs->size() != 1) in.reject("a transfer that is none");
        if (in.ok()) transfers[logs->front().address] = logs->front();
    }
    if (!in.finish("search")) return false;
    for (const Found& who : found) {
        Found& mine = this->found(who.address);
        mine = who;
    }
    transfers_ = std::move(transfers);
    search_again(open, settled);
    return true;
}

}  // namespace plimsoll::strategy::aave_v3
