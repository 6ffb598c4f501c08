// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/feed/agreement.hpp"
#include "chain/feed/defects.hpp"
#include "chain/feed/feed_counters.hpp"
#include "chain/feed/fetch.hpp"
#include "chain/feed/finality.hpp"
#include "chain/feed/header_pool.hpp"
#include "chain/feed/watch_filter.hpp"
#include "chain/primitives/event.hpp"
#include "chain/rpc/reply.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace plimsoll::feed {

struct TrackerParams {
    std::size_t max_reorg_depth = 64;  // sealed blocks that can be undone
    std::size_t max_gap = 4096;        // blocks between our tip and a new head
    std::size_t sources = 1;
    FeedDefects defects{};
};

/// Heads, logs and answers of several sources in whatever order they come; one ordered stream of events out.
/// A value machine: it reads no clock and no socket. After each input, `poll` until nothing comes, then do
/// what `take_fetches` says.
///
/// A head that links to our newest block is followed at once, whoever tells it first. Every other one is the
/// top of its source's branch: what is missing below is fetched until it links. A linked branch is followed
/// if more alive sources stand on it than on what it would undo; among as many, if it is longer; and always
/// if nobody stands on ours any more. A source that goes back to a block we hold only moves its own view.
///
/// Invariant: the sealed blocks link by parent hash and number; behind the last of them, the queued blocks
/// do; only the first queued block may have been started.
class Tracker {
  public:
    explicit Tracker(TrackerParams params) : params_{params}, sources_(params.sources) {}

    void on_head(const rpc::Header& header, ReceiveTime received, SourceId source = 0);
    void on_log(Log&& log, ReceiveTime received, SourceId source = 0);
    void on_header(Ticket ticket, const rpc::Header& header, ReceiveTime received);
    /// In index order, all of the block that was asked for.
    void on_logs(Ticket ticket, std::vector<Log>&& logs, ReceiveTime received);
    /// The read failed; it is tried again, elsewhere if there is another source, at last given up.
    void on_failure(Ticket ticket, Failure why = Failure::unknown);
    /// Blocks sealed from now on are complete for this watch.
    void watch(WatchFilter filter);
    /// Nothing that this source was asked for will be answered, and its head is no longer known.
    void on_disconnected(SourceId source = 0);
    /// The source can be asked.
    void on_connected(SourceId source = 0);
    void set_standing(SourceId source, Standing standing);
    /// Forgets all blocks without telling that they are undone; the next BlockStarted follows this one, which
    /// itself is never undone. If the chain turns out not to hold it, or is too far ahead: a resync.
    void begin_at(const Head& base);
    /// What a source says is finalized.
    void on_finalized(const Head& head);
    void resume_finality() { finality_.resume(); }

    /// The next event, if there is one. A watch that changes between two calls counts for all blocks that are
    /// not yet sealed.
    [[nodiscard]] std::optional<Event> poll();
    [[nodiscard]] std::vector<Fetch> take_fetches();
    [[nodiscard]] std::vector<Lie> take_lies();
    /// Whether reads of this source failed so often that its connection should be replaced; asking clears it.
    [[nodiscard]] bool take_hopeless(SourceId source = 0);

    /// Everything told by the sources that count has become an event.
    [[nodiscard]] bool caught_up() const;
    /// Heads wait for what is between them and our tip.
    [[nodiscard]] bool behind() const;
    /// The newest sealed block.
    [[nodiscard]] const Head* tip() const noexcept {
        return sealed_.empty() ? nullptr : &sealed_.back().head;
    }
    /// Where each source stands, for `agreement`.
    [[nodiscard]] std::vector<SourceStand> stands() const;
    [[nodiscard]] SourceStand stand_of(SourceId source) const;
    /// The newest head this source has told on this connection; null before the first.
    [[nodiscard]] const Head* head_of(SourceId source) const noexcept;
    /// Broken as soon as what was final changed; until resume_finality().
    [[nodiscard]] const Finality& finality() const noexcept { return finality_; }
    [[nodiscard]] const FeedCounters& counters() const noexcept { return counters_; }
    [[nodiscard]] FeedCounters& counters() noexcept { return counters_; }
    [[nodiscard]] const WatchFilter& filter() const noexcept { return filter_; }

  private:
    struct TimedLog {
        Log log;
        ReceiveTime received;
        SourceId source{};
    };
    struct Complete {
        std::vector<Log> logs;
        ReceiveTime received;
        bool by_bloom{};
    };
    struct Block {
        TimedHeader top;
        bool started = false;
        bool forgotten = false;           // a defect: sealed without a word
        std::vector<std::uint32_t> told;  // log indexes given out
        std::deque<TimedLog> early;       // by subscription, not given out
        std::optional<Complete> complete;
        Ticket ticket = 0;
        SourceId asked{};  // of the ticket
        unsigned attempts = 0;
        [[nodiscard]] const Head& head() const noexcept { return top.header.head; }
    };
    struct Sealed {
        Head head;
        SourceId source{};
        std::vector<std::uint32_t> told;
        std::uint64_t watch_version = 0;
        bool by_bloom = false;
        bool given = false;  // not told by us: begin_at()
    };
    enum class Reach : std::uint8_t {
        none,          // no head told
        on_chain,      // the head is a block of ours
        below,         // it is older than all we hold
        walking,       // what is below its branch is asked for
        linked,        // its branch links to our chain
        out_of_reach,  // its branch leaves our chain deeper than we hold it, or is too far ahead
        lost,          // its branch hangs in the air: nobody has the parent, or it contradicts itself
    };
    struct Source {
        bool connected = false;
        Standing standing = Standing::alive;
        std::optional<TimedHeader> view;
        BlockNumber highest;
        bool hopeless = false;
        bool doubtful = false;  // it took a log of ours back and has told no head since
        Reach reach = Reach::none;
        std::deque<Hash32>
            path;  // its branch from the bottom to its head, all in the pool; empty on our chain
        std::uint64_t ahead_to{};  // the lowest number asked for ahead
        Ticket newest_ticket = 0;
        unsigned newest_attempts = 0;
    };
    struct HeaderAsk {
        FetchHeader fetch;
        SourceId branch{};  // whose
        bool unknown = false;
    };
    struct Votes {
        std::size_t alive = 0;
        std::size_t any = 0;
    };

    // Our chain (tracker_chain.cpp)
    [[nodiscard]] const Head* on_chain(const Hash32& hash) const noexcept;
    [[nodiscard]] Block* queued(const Hash32& hash) noexcept;
    [[nodiscard]] const Head* newest() const noexcept;
    [[nodiscard]] BlockNumber oldest() const noexcept;
    void enqueue(const TimedHeader& head);
    void cut_queue_behind(const Hash32& ancestor);
    void undo_sealed_behind(const Hash32& ancestor);
    void undo_newest_sealed();
    void forget_started(Block& block);
    [[nodiscard]] Event seal(Block& block);

    // Which chain (tracker.cpp)
    void count_head(const Source& source, const Head& head);
    [[nodiscard]] bool contradicts(const TimedHeader& told);
    void locate(Source& source);
    void locate_all();
    void doubt(Source& source);
    void accuse(SourceId source, bool proven, std::string what);
    void trim(Source& source);
    [[nodiscard]] Reach look_down(Source& source);
    [[nodiscard]] bool trusted(const Source& source) const noexcept;
    [[nodiscard]] bool anybody_on_chain() const noexcept;
    [[nodiscard]] bool should_follow(const Source& source) const;
    [[nodiscard]] bool should_resync(const Source& source) const;
    [[nodiscard]] bool choose();
    void follow(Source& source);
    void resync(Source& source);
    void settle();
    void prune();

    // What is asked for (tracker_fetch.cpp)
    void ask_for_headers();
    void ask_ahead(SourceId id, std::uint64_t parent);
    [[nodiscard]] bool asked_for(const Hash32& hash) const noexcept;
    [[nodiscard]] bool asked_ahead(SourceId branch, std::uint64_t number) const noexcept;
    void ask(HeaderAsk what);
    void ask_newest(SourceId id);
    void header_failed(HeaderAsk failed, Failure why);
    void give_up(const HeaderAsk& failed);
    [[nodiscard]] std::optional<SourceId> after(SourceId id) const noexcept;
    void ask_for_logs();
    void ask_for_logs(Block& block);

    // Logs (tracker_logs.cpp)
    void take_strays(Block& block);
    void hold_early(Block& block, TimedLog&& log);
    void late_log(const Log& log);
    void taken_back(const Log& log, SourceId source);
    void reopen_from(std::size_t sealed_index);
    [[nodiscard]] std::optional<Event> advance(Block& block);
    [[nodiscard]] std::optional<Event> reconcile(Block& block);
    [[nodiscard]] std::optional<Event> tell_early(Block& block);

    TrackerParams params_;
    WatchFilter filter_;
    std::uint64_t watch_version_ = 0;
    std::deque<Sealed> sealed_;
    std::deque<Block> queue_;
    std::unordered_map<Hash32, BlockNumber> numbers_;  // of the sealed and queued blocks
    std::vector<Source> sources_;
    HeaderPool pool_;
    std::vector<HeaderAsk> asks_;
    std::deque<Hash32> undo_;
    ReceiveTime newest_input_;     // what caused an undoing
    SourceId newest_source_{};     // and whose it was
    std::deque<TimedLog> strays_;  // logs of blocks whose header has not come
    std::vector<Fetch> fetches_;
    std::vector<Lie> lies_;
    Ticket last_ticket_ = 0;
    bool trust_bloom_ = true;
    Finality finality_;
    FeedCounters counters_;
};

}  // namespace plimsoll::feed
