// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/feed/feed_counters.hpp"
#include "chain/feed/watch_filter.hpp"
#include "chain/primitives/event.hpp"
#include "chain/rpc/reply.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

namespace plimsoll::feed {

struct TrackerParams {
    std::size_t max_reorg_depth = 64;  // sealed blocks that can be undone
    std::size_t max_gap = 4096;        // blocks between our tip and a new head
};

/// Names a read, so that only the answer that is still wanted counts.
using Ticket = std::uint64_t;

struct FetchHeader {
    Ticket ticket{};
    Hash32 hash;
    unsigned attempt{};  // 0 at first; the shell waits longer before each further one
};
struct FetchLogs {
    Ticket ticket{};
    Hash32 block;
    unsigned attempt{};
};
using Fetch = std::variant<FetchHeader, FetchLogs>;

/// Heads, logs and answers in whatever order they come; one ordered stream of events out. A value machine: it
/// reads no clock and no socket. After each input, `poll` until nothing comes, then do what `take_fetches`
/// says.
///
/// Invariant: the sealed blocks link by parent hash; behind the last of them, the queued blocks do; only the
/// first queued block may have been started.
class Tracker {
  public:
    explicit Tracker(TrackerParams params) : params_{params} {}

    void on_head(const rpc::Header& header, ReceiveTime received);
    void on_log(Log&& log, ReceiveTime received);
    void on_header(Ticket ticket, const rpc::Header& header, ReceiveTime received);
    /// In index order, all of the block that was asked for.
    void on_logs(Ticket ticket, std::vector<Log>&& logs, ReceiveTime received);
    /// The read failed; it is tried again, at last given up.
    void on_failure(Ticket ticket);
    /// Blocks sealed from now on are complete for this watch.
    void watch(WatchFilter filter);
    /// Nothing that was asked for will be answered.
    void on_disconnected();
    /// Reads can be asked for again.
    void on_connected();

    /// The next event, if there is one; `source` is left to the shell. A watch that changes between two calls
    /// counts for all blocks that are not yet sealed.
    [[nodiscard]] std::optional<Event> poll();
    [[nodiscard]] std::vector<Fetch> take_fetches();

    /// Everything told by the node has become an event.
    [[nodiscard]] bool caught_up() const noexcept {
        return queue_.empty() && branch_.empty() && undo_.empty();
    }
    /// Heads wait for what is between them and our tip.
    [[nodiscard]] bool behind() const noexcept;
    /// Reads failed so often that the connection should be replaced; asking clears it.
    [[nodiscard]] bool take_hopeless() noexcept;
    /// The newest sealed block.
    [[nodiscard]] const Head* tip() const noexcept {
        return sealed_.empty() ? nullptr : &sealed_.back().head;
    }
    [[nodiscard]] const FeedCounters& counters() const noexcept { return counters_; }
    [[nodiscard]] FeedCounters& counters() noexcept { return counters_; }
    [[nodiscard]] const WatchFilter& filter() const noexcept { return filter_; }

  private:
    struct TimedHeader {
        rpc::Header header;
        ReceiveTime received;
    };
    struct TimedLog {
        Log log;
        ReceiveTime received;
    };
    struct Complete {
        std::vector<Log> logs;
        ReceiveTime received;
        bool by_bloom{};
    };
    struct Block {
        rpc::Header header;
        ReceiveTime received;
        bool started = false;
        std::vector<std::uint32_t> told;  // log indexes given out
        std::deque<TimedLog> early;       // by subscription, not given out
        std::optional<Complete> complete;
        Ticket ticket = 0;
        unsigned attempts = 0;
    };
    struct Sealed {
        Head head;
        std::vector<std::uint32_t> told;
        std::uint64_t watch_version = 0;
        bool by_bloom = false;
    };

    [[nodiscard]] bool known(const Hash32& hash) const noexcept;
    [[nodiscard]] Block* queued(const Hash32& hash) noexcept;
    [[nodiscard]] const Hash32* newest() const noexcept;
    void enqueue(const TimedHeader& head);
    void walk();
    void connect_branch();
    void resync();
    void cut_queue_behind(const Hash32& ancestor);
    void undo_sealed_behind(const Hash32& ancestor);
    void forget_started(Block& block);
    void reopen_from(std::size_t sealed_index);
    void ask_for_logs();
    void ask_for_parent();
    void take_strays(Block& block);
    void hold_early(Block& block, Log&& log, ReceiveTime received);
    void late_log(const Log& log, std::size_t sealed_index);
    [[nodiscard]] std::optional<Event> advance(Block& block);
    [[nodiscard]] std::optional<Event> reconcile(Block& block);
    [[nodiscard]] std::optional<Event> tell_early(Block& block);
    [[nodiscard]] Event seal(Block& block);

    TrackerParams params_;
    WatchFilter filter_;
    std::uint64_t watch_version_ = 0;
    std::deque<Sealed> sealed_;
    std::deque<Block> queue_;
    std::deque<TimedHeader> branch_;  // a new head and what was fetched below it; does not link yet
    Ticket branch_ticket_ = 0;
    unsigned branch_attempts_ = 0;
    std::deque<Hash32> undo_;
    ReceiveTime newest_input_;     // what caused an undoing
    std::deque<TimedLog> strays_;  // logs of blocks whose header has not come
    std::vector<Fetch> fetches_;
    Ticket last_ticket_ = 0;
    bool connected_ = false;
    bool trust_bloom_ = true;
    bool hopeless_ = false;
    FeedCounters counters_;
};

}  // namespace plimsoll::feed
