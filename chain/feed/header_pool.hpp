// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/event.hpp"
#include "chain/rpc/reply.hpp"

#include <cstddef>
#include <unordered_map>
#include <vector>

namespace plimsoll::feed {

/// A header, when it came and from whom.
struct TimedHeader {
    rpc::Header header;
    ReceiveTime received;
    SourceId source{};
    [[nodiscard]] const Head& head() const noexcept { return header.head; }
};

/// Whether two headers of one hash say the same. Only what every node tells in every form: a subscription may
/// leave the base fee out.
[[nodiscard]] bool same_block(const Head& a, const Head& b) noexcept;

/// Headers that are not on our chain: told but not linked, fetched, or undone.
class HeaderPool {
  public:
    /// False if the hash is there already, otherwise described.
    bool add(const TimedHeader& header);
    [[nodiscard]] const TimedHeader* find(const Hash32& hash) const noexcept;
    void erase(const Hash32& hash) { headers_.erase(hash); }
    /// Forgets all but these.
    void keep_only(const std::vector<Hash32>& wanted);
    [[nodiscard]] std::size_t size() const noexcept { return headers_.size(); }

  private:
    std::unordered_map<Hash32, TimedHeader> headers_;
};

}  // namespace plimsoll::feed
