// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/log_ranges.hpp"

#include "chain/rpc/log_range_hint.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace plimsoll::rpc {

LogRanges::LogRanges(LogPart whole) : whole_{whole} {
    todo_.emplace(whole.from.value, whole);
}

std::optional<LogPart> LogRanges::take(std::uint64_t blocks) {
    if (todo_.empty()) return std::nullopt;
    const auto first = todo_.begin();
    LogPart part = first->second;
    todo_.erase(first);
    if (part.blocks() > blocks) {
        const LogPart rest{BlockNumber{part.from.value + blocks}, part.to};
        part.to = BlockNumber{rest.from.value - 1};
        todo_.emplace(rest.from.value, rest);
    }
    return part;
}

void LogRanges::give_back(const LogPart& part) {
    LogPart whole = part;
    // Put together again with what follows, so that another node may be asked for more at once.
    const auto after = todo_.find(part.to.value + 1);
    if (after != todo_.end()) {
        whole.to = after->second.to;
        todo_.erase(after);
    }
    todo_.emplace(whole.from.value, whole);
}

void LogRanges::answered(const LogPart& part, SourceId who, std::vector<Log>&& logs) {
    blocks_done_ += part.blocks();
    answered_.emplace(part.from.value, Answered{part, who, std::move(logs)});
}

void LogRanges::discard(SourceId who) {
    for (auto one = answered_.begin(); one != answered_.end();) {
        if (one->second.who != who) {
            ++one;
            continue;
        }
        blocks_done_ -= one->second.part.blocks();
        const LogPart part = one->second.part;
        one = answered_.erase(one);
        give_back(part);
    }
}

std::vector<SourceId> LogRanges::sources() const {
    std::set<SourceId> out;
    for (const auto& [from, one] : answered_)
        out.insert(one.who);
    return {out.begin(), out.end()};
}

std::vector<Log> LogRanges::collect() {
    std::vector<Log> out;
    for (auto& [from, one] : answered_)
        std::move(one.logs.begin(), one.logs.end(), std::back_inserter(out));
    answered_.clear();
    return out;
}

void LogSpan::answered(const LogPart& part) noexcept {
    if (part.blocks() < blocks_) return;        // the end of a query proves nothing about longer stretches
    if (part.blocks() >= refused_) holds_ = 0;  // the stretch that was too dense is behind us
    if (holding_ != 0) {
        --holding_;
        return;
    }
    const std::uint64_t more = refused_ != 0 ? blocks_ / 8 + 1 : blocks_;
    blocks_ = std::min(blocks_ + more, most_);
    holding_ = holds_;
}

bool LogSpan::refused(const LogPart& part, std::string_view message) {
    if (part.blocks() == 1) return false;
    constexpr unsigned kMostHolds = 8;
    if (part.blocks() <= blocks_) holds_ = std::clamp(2 * holds_, 1U, kMostHolds);
    holding_ = holds_;
    refused_ = part.blocks();
    const auto hint = parse_log_range_hint(message, part.from, part.to);
    const std::uint64_t wanted = hint ? hint->blocks : part.blocks() / 2;
    if (hint && hint->lasting) most_ = hint->blocks;
    // Several requests of the same length may be refused one after the other: that is one refusal.
    blocks_ = std::min({blocks_, wanted, most_});
    return true;
}

}  // namespace plimsoll::rpc
