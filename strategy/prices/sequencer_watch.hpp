// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace plimsoll::strategy {

/// Whether a rollup's sequencer works, as Chainlink's uptime feed says: `latestRoundData()` answers 0 for up
/// and 1 for down, and since when. While it is down prices are old, and who sends can only do so through L1.
class SequencerWatch {
  public:
    /// `grace` in seconds after it is back.
    SequencerWatch(const std::optional<Address>& feed, std::uint64_t grace) : feed_{feed}, grace_{grace} {}

    [[nodiscard]] bool empty() const noexcept { return !feed_; }
    [[nodiscard]] std::vector<Call> calls() const;
    /// The answer to `calls()`, as Multicall3 gives it; Errc::malformed_reply leaves everything as it was.
    [[nodiscard]] Result<void> accept(BytesView answer);
    /// At a block of this time. Down until the feed has answered for the first time, never without a feed.
    [[nodiscard]] bool down(Timestamp now) const;

  private:
    std::optional<Address> feed_;
    std::uint64_t grace_;
    std::optional<bool> up_;
    U256 since_;
};

}  // namespace plimsoll::strategy
