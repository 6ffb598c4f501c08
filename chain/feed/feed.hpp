// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/backoff.hpp"
#include "chain/async/task.hpp"
#include "chain/feed/agreement.hpp"
#include "chain/feed/defects.hpp"
#include "chain/feed/feed_counters.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/rpc/endpoint.hpp"
#include "chain/rpc/endpoint_health.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll::feed {

struct FeedParams {
    std::size_t max_reorg_depth = 64;  // blocks; deeper: a resync
    std::size_t max_gap = 4096;        // blocks filled after a silence or from begin_at(); longer: a resync
    std::chrono::milliseconds stale_after{30'000};  // without a new block of our chain: not ready, stale_head
    std::chrono::milliseconds replace_after{60'000};  // without a new head of a source: its connection is
                                                      // replaced; 0: never
    async::BackoffParams reconnect{};
    std::chrono::milliseconds poll_every{2'000};  // of a source that cannot subscribe (http, https)
    std::chrono::milliseconds tick{1'000};        // between two Ticks, and looks at silences and the clock
    // Wall clock against the newest block's timestamp; 0: not looked at. At least a block time plus the way.
    std::chrono::milliseconds max_clock_skew{0};
    // A gap in time (a suspended machine, a wall clock that jumps): all connections are made anew.
    std::chrono::milliseconds suspend_after{12'000};
    std::uint64_t finality_every = 16;  // sealed blocks between two looks at what is final; 0: never
    std::function<std::chrono::system_clock::time_point()> wall = std::chrono::system_clock::now;
};

/// One node: a connection of the feed's own, and the node's health. Its place in the list is its SourceId.
/// Over http and https its newest block is polled.
struct FeedSource {
    rpc::Endpoint& endpoint;
    rpc::EndpointHealth& health;
    bool pending = false;  // its pending transactions are wanted
};

/// A source as it is now, for people.
struct SourceView {
    std::string name;
    rpc::EndpointState state{};
    std::string why;           // it is not alive
    std::optional<Head> head;  // the newest it told on this connection
    std::optional<std::uint64_t> lag;
    std::uint64_t requests{};  // of the feed's connection
    bool connected = false;
};

/// The chain's heads and watched logs as one ordered stream: BlockStarted, its LogSeen by log index,
/// BlockSealed; a block that leaves the chain is undone, tip first. Also PendingTransaction, Tick, and
/// Readiness when it changes (all but parity_broken and stopping are the feed's to tell): a reason is told
/// before the event that it is about, its end after.
///
/// A block is sealed when its logs are known complete for the watch of that moment, and linked to its parent.
/// The first block is the newest of whoever connects first. After a reorg or a gap too deep to follow (a
/// resync), the last max_reorg_depth + 1 blocks are undone and the next BlockStarted links to nothing told
/// before: whoever keeps state reads it anew.
class Feed {
  public:
    using Sink = std::function<void(Event&&)>;
    /// Why a connection was lost or could not be made, and how long until the next attempt.
    using OnTrouble = std::function<void(const Error&, std::chrono::milliseconds)>;

    /// The feed connects, replaces and subscribes the sources' connections; at least one.
    Feed(std::vector<FeedSource> sources, FeedParams params, Sink sink);
    /// One source, whose health nobody else asks for.
    Feed(rpc::Endpoint& endpoint, FeedParams params, Sink sink);
    /// For tests that prove that they would notice.
    Feed(std::vector<FeedSource> sources, FeedParams params, Sink sink, const FeedDefects& defects);
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;
    ~Feed();

    /// Runs until cancelled; every trouble of a source is retried.
    async::Task<void> run();
    /// Replaces the watch; every block sealed from now on has exactly its logs. No addresses: nothing is
    /// watched; no topics: all topics are. Callable from the sink.
    void watch(Watch watch);
    /// Of the sources that give pending transactions, those to these targets are told, each once; of all
    /// targets if there are none.
    void watch_pending(std::vector<Address> targets);
    /// Before or while running, from the sink too: forgets all blocks without undoing them. The next
    /// BlockStarted follows this block; what is between it and the tip is filled in, proven by links. If the
    /// chain does not hold it, or it is more than max_gap blocks old: a resync.
    void begin_at(const Head& base);
    /// The operator accepts the chain of now, though what was final has changed.
    void resume_finality();
    void on_trouble(OnTrouble handler);

    [[nodiscard]] const FeedCounters& counters() const noexcept;
    [[nodiscard]] Readiness readiness() const noexcept;
    /// Of the sources about the tip; nobody alive before the first block.
    [[nodiscard]] Agreement agreement() const;
    /// Whether what this source tells next may be acted upon before anybody else tells it: it is alive, and
    /// its head is a block of ours.
    [[nodiscard]] bool believes(SourceId source) const;
    /// What was final and has changed; empty if nothing.
    [[nodiscard]] const std::string& finality_violation() const noexcept;
    /// The newest sealed block; null before the first.
    [[nodiscard]] const Head* tip() const noexcept;
    [[nodiscard]] std::vector<SourceView> sources() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace plimsoll::feed
