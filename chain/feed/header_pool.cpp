// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/header_pool.hpp"

#include <utility>

namespace plimsoll::feed {

bool same_block(const Head& a, const Head& b) noexcept {
    return a.hash == b.hash && a.parent_hash == b.parent_hash && a.number == b.number &&
           a.timestamp == b.timestamp;
}

bool HeaderPool::add(const TimedHeader& header) {
    const auto [at, fresh] = headers_.try_emplace(header.head().hash, header);
    return fresh || same_block(at->second.head(), header.head());
}

const TimedHeader* HeaderPool::find(const Hash32& hash) const noexcept {
    const auto found = headers_.find(hash);
    return found == headers_.end() ? nullptr : &found->second;
}

void HeaderPool::keep_only(const std::vector<Hash32>& wanted) {
    std::unordered_map<Hash32, TimedHeader> kept;
    for (const Hash32& hash : wanted) {
        const auto found = headers_.find(hash);
        if (found != headers_.end()) kept.insert(*found);
    }
    headers_ = std::move(kept);
}

}  // namespace plimsoll::feed
