// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/backoff.hpp"
#include "chain/async/task.hpp"
#include "chain/feed/feed_counters.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/rpc/endpoint.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace plimsoll::feed {

struct FeedParams {
    std::size_t max_reorg_depth = 64;  // deeper: a resync
    std::size_t max_gap = 4096;        // blocks filled one by one after a silence; longer: a resync
    std::chrono::milliseconds stale_after{30'000};    // without a head: not ready, with stale_head
    std::chrono::milliseconds replace_after{60'000};  // without a head: the connection is replaced
    async::BackoffParams reconnect{};
};

/// The chain's heads and watched logs as one ordered stream: BlockStarted, its LogSeen by log index,
/// BlockSealed; a block that leaves the chain is undone, tip first. Also Tick once a second, and Readiness
/// when it changes (`starting`, `stale_head` and `catching_up` are the feed's to tell).
///
/// A block is sealed when its logs are known complete for the watch of that moment, and linked to its parent.
/// The first block is the node's newest at connect. After a reorg or a gap too deep to follow (a resync), the
/// last max_reorg_depth + 1 blocks are undone and the next BlockStarted links to nothing told before: whoever
/// keeps state reads it anew.
class Feed {
  public:
    using Sink = std::function<void(Event&&)>;
    /// Why the connection was lost or could not be made, and how long until the next attempt.
    using OnTrouble = std::function<void(const Error&, std::chrono::milliseconds)>;

    /// The endpoint must be a WebSocket of the feed's own: the feed connects, replaces and subscribes it.
    Feed(rpc::Endpoint& endpoint, FeedParams params, Sink sink);
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;
    ~Feed();

    /// Runs until cancelled; every trouble of the endpoint is retried.
    async::Task<void> run();
    /// Replaces the watch; every block sealed from now on has exactly its logs. No addresses: nothing is
    /// watched; no topics: all topics are. Callable from the sink.
    void watch(Watch watch);
    void on_trouble(OnTrouble handler);

    [[nodiscard]] const FeedCounters& counters() const noexcept;
    [[nodiscard]] Readiness readiness() const noexcept;
    /// The newest sealed block; null before the first.
    [[nodiscard]] const Head* tip() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace plimsoll::feed
