// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task_group.hpp"
#include "chain/feed/clock_watch.hpp"
#include "chain/feed/feed.hpp"
#include "chain/feed/health.hpp"
#include "chain/feed/tracker.hpp"
#include "chain/rpc/connection_state.hpp"

#include <deque>
#include <random>

namespace plimsoll::feed {

/// The shell: it moves what the tracker wants to the sources and what the sources tell to the tracker.
struct Feed::Impl {
    using Clock = std::chrono::steady_clock;

    /// The connection to one source.
    struct Link {
        Link(SourceId id_in, const FeedSource& source, const async::BackoffParams& reconnect)
            : id{id_in},
              endpoint{source.endpoint},
              health{source.health},
              pending{source.pending},
              state{reconnect} {}

        SourceId id;
        rpc::Endpoint& endpoint;
        rpc::EndpointHealth& health;
        bool pending;
        rpc::ConnectionState state;
        HeadWatchdog watchdog;
        std::optional<std::uint32_t> log_subscription;
        std::uint64_t subscribed_version = 0;  // of the watch
        std::optional<std::uint32_t> pending_subscription;
        std::uint64_t pending_version = 0;   // of its targets
        Clock::time_point resubscribe_at{};  // after a failure
        bool resubscribing = false;
        bool live = false;  // its newest block was read, and it is subscribed if it can be

        /// Nobody but the feed uses this endpoint, so its health hears of connections from the feed.
        [[nodiscard]] bool unattended() const { return endpoint.params().health == nullptr; }
    };

    Impl(const std::vector<FeedSource>& sources, FeedParams params, Sink sink, const FeedDefects& defects);
    ~Impl();

    // Connections (feed_link.cpp)
    async::Task<void> run();
    async::Task<void> stay_connected(Link& link);
    async::Task<Result<void>> begin(Link& link);
    async::Task<Result<void>> subscribe(Link& link);
    async::Task<Error> follow(Link& link);
    async::Task<void> resubscribe(Link& link);
    async::Task<void> resubscribe_pending(Link& link);
    void connected(Link& link);
    void disconnected(Link& link);

    // Reads (feed_reads.cpp)
    async::Task<void> fetch_header(FetchHeader what);
    async::Task<void> fetch_logs(FetchLogs what);
    async::Task<void> fetch_newest(FetchNewest what);
    async::Task<void> read_final(Link& link);
    void take_header(Ticket ticket, const Result<rpc::Header>& header);
    void start(const Fetch& fetch);
    void look_at_finality();

    // Time (feed_clock.cpp)
    async::Task<void> keep_time();
    void look_after(Link& link);

    // The flow (feed.cpp)
    void on_notification(Link& link, rpc::Notification&& notification);
    void head(Link& link, const rpc::Header& header, ReceiveTime received);
    void pump();
    void tell_events();
    void judge_sources();
    void tell(Event&& event);
    void tell_health(FeedHealth::Tell what = FeedHealth::Tell::all);
    [[nodiscard]] bool any_live() const;
    [[nodiscard]] Agreement agreed() const;
    void watch(WatchFilter filter);
    void pending(Link& link, PendingTransaction&& transaction, ReceiveTime received);

    FeedParams params;
    Sink sink;
    FeedDefects defects;
    OnTrouble trouble;
    Tracker tracker;
    FeedHealth health;
    ClockWatch clock;
    std::deque<Link> links;
    std::mt19937_64 random;
    std::unique_ptr<rpc::EndpointHealth> own_health;  // of the single source that has none
    std::optional<async::TaskGroup> reads;            // lives while run() does
    std::uint64_t watch_version = 0;
    std::vector<Address> pending_targets;
    std::uint64_t pending_version = 1;
    std::deque<Hash32> pending_told;   // the latest, for several sources tell the same
    std::uint64_t sealed_at_look = 0;  // at finality, the last time
    bool pumping = false;
    bool again = false;  // something came while pumping
};

/// Now, as events carry it.
[[nodiscard]] ReceiveTime receive_time();

}  // namespace plimsoll::feed
