// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/log.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/rpc/reply.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace plimsoll::feed {

/// Where a value stands in a bloom filter: three of 2048 bits (Ethereum yellow paper, 4.3.1).
class BloomBits {
  public:
    explicit BloomBits(BytesView value);
    [[nodiscard]] bool in(const rpc::Bloom& bloom) const noexcept;
    void add_to(rpc::Bloom& bloom) const noexcept;

  private:
    std::array<std::uint16_t, 3> bits_{};
};

/// A Watch, ready to be asked about logs and headers. No addresses: nobody watches anything. No topics: all
/// topics.
class WatchFilter {
  public:
    WatchFilter() = default;
    explicit WatchFilter(Watch watch);

    [[nodiscard]] bool matches(const Log& log) const noexcept;
    /// False only if no log of this block can match.
    [[nodiscard]] bool may_match(const rpc::Bloom& bloom) const noexcept;
    [[nodiscard]] bool empty() const noexcept { return watch_.addresses.empty(); }
    [[nodiscard]] const Watch& watch() const noexcept { return watch_; }

  private:
    Watch watch_;  // sorted, without repetition
    std::vector<BloomBits> address_bits_;
    std::vector<BloomBits> topic_bits_;
};

}  // namespace plimsoll::feed
