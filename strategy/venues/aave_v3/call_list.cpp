// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/call_list.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace plimsoll::strategy::aave_v3 {

ReadRequest CallList::ask(ReadId id, const Hash32& block) {
    const std::size_t end = std::min(calls_.size(), asked_ + batch_);
    const auto first = calls_.begin() + static_cast<std::ptrdiff_t>(asked_);
    const auto last = calls_.begin() + static_cast<std::ptrdiff_t>(end);
    places_[id] = Range{asked_, end};
    asked_ = end;
    return ReadRequest{id, block,
                       std::vector<Call>{std::make_move_iterator(first), std::make_move_iterator(last)}};
}

Result<void> CallList::accept(const ReadResult& result) {
    const auto place = places_.find(result.id);
    if (place == places_.end()) return fail(Errc::not_found, "answer to a read that nobody asked for");
    const Range range = place->second;
    places_.erase(place);
    if (!result.bytes) return tl::make_unexpected(result.bytes.error());
    raw_.push_back(*result.bytes);
    PLIMSOLL_TRY(const std::vector<codec::CallResult> answers, codec::decode_aggregate3(raw_.back()));
    if (answers.size() != range.end - range.begin) {
        return fail(Errc::malformed_reply, "asked " + std::to_string(range.end - range.begin) +
                                               " calls, got " + std::to_string(answers.size()) + " answers");
    }
    std::copy(answers.begin(), answers.end(), answers_.begin() + static_cast<std::ptrdiff_t>(range.begin));
    answered_ += answers.size();
    return {};
}

}  // namespace plimsoll::strategy::aave_v3
