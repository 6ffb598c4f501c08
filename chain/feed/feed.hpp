// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/backoff.hpp"
#include "chain/async/task.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/rpc/endpoint.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace plimsoll::feed {

struct FeedParams {
    std::size_t max_reorg_depth = 64;  // deeper: everything is read anew (resyncs())
    std::size_t max_gap = 4096;        // blocks filled one by one after a silence; longer: a resync
    std::chrono::milliseconds stale_after{30'000};    // without a head: not ready, with stale_head
    std::chrono::milliseconds replace_after{60'000};  // without a head: the connection is replaced
    async::BackoffParams reconnect{};
};

/// What the feed went through; all counts since start.
struct FeedCounters {
    std::uint64_t heads{};  // header notifications and reads that were new
    std::uint64_t duplicate_heads{};
    std::uint64_t sealed{};
    std::uint64_t sealed_by_bloom{};  // without asking for logs
    std::uint64_t undone{};
    std::uint64_t logs{};        // told as LogSeen
    std::uint64_t early_logs{};  // of them, before the block's logs were known complete
    std::uint64_t duplicate_logs{};
    std::uint64_t late_logs{};     // after sealing, or for a block that is not ours
    std::uint64_t foreign_logs{};  // nobody watches them
    std::uint64_t removed_logs{};
    std::uint64_t restarted_blocks{};  // an early log had come out of order: undone, then told in order
    std::uint64_t gaps{};              // heads that did not follow the one before
    std::uint64_t gap_blocks{};        // fetched to fill them
    std::uint64_t overflows{};         // early logs or heads beyond the bounds, recovered by asking
    std::uint64_t bloom_lies{};        // a log in a block whose bloom excludes it
    std::uint64_t resyncs{};
    std::uint64_t connects{};
    std::uint64_t reconnects{};
};

/// The chain's heads and watched logs as one ordered stream: BlockStarted, its LogSeen by log index,
/// BlockSealed; a block that leaves the chain is undone, tip first. Also Tick once a second and Readiness
/// when it changes.
///
/// A block is sealed when its logs are known complete for the watch of that moment, and linked to its parent.
/// The first block is the node's newest at connect.
class Feed {
  public:
    using Sink = std::function<void(Event&&)>;

    /// The endpoint must be a WebSocket of the feed's own: the feed connects, replaces and subscribes it.
    Feed(rpc::Endpoint& endpoint, FeedParams params, Sink sink);
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;
    ~Feed();

    /// Runs until cancelled. An unusable endpoint (wrong chain) throws std::runtime_error; everything else is
    /// retried.
    async::Task<void> run();
    /// Replaces the watch; every block sealed from now on has exactly its logs. Callable from the sink.
    void watch(Watch watch);

    [[nodiscard]] const FeedCounters& counters() const noexcept;
    [[nodiscard]] Readiness readiness() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace plimsoll::feed
