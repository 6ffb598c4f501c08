// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/tracker.hpp"

#include <algorithm>
#include <utility>

// What is asked for, of whom, and what happens with answers and failures.
namespace plimsoll::feed {
namespace {

constexpr unsigned kMaxAttempts = 6;
constexpr std::uint64_t kHeadersAhead = 16;  // asked for by number, side by side
constexpr std::size_t kLogsAhead = 16;       // queued blocks whose logs are asked for side by side

}  // namespace

std::vector<Fetch> Tracker::take_fetches() {
    return std::exchange(fetches_, {});
}

std::vector<Lie> Tracker::take_lies() {
    return std::exchange(lies_, {});
}

bool Tracker::take_hopeless(SourceId source) {
    return std::exchange(sources_.at(source).hopeless, false);
}

/// The next source that can be asked, this one at last.
std::optional<SourceId> Tracker::after(SourceId id) const noexcept {
    for (std::size_t step = 1; step <= sources_.size(); ++step) {
        const std::size_t next = (id + step) % sources_.size();
        if (trusted(sources_[next])) return static_cast<SourceId>(next);
    }
    return std::nullopt;
}

bool Tracker::asked_for(const Hash32& hash) const noexcept {
    return std::any_of(asks_.begin(), asks_.end(),
                       [&hash](const HeaderAsk& ask) { return !ask.fetch.number && ask.fetch.hash == hash; });
}

bool Tracker::asked_ahead(SourceId branch, std::uint64_t number) const noexcept {
    return std::any_of(asks_.begin(), asks_.end(), [branch, number](const HeaderAsk& ask) {
        return ask.branch == branch && ask.fetch.number == BlockNumber{number};
    });
}

void Tracker::ask(HeaderAsk what) {
    what.fetch.ticket = ++last_ticket_;
    fetches_.emplace_back(what.fetch);
    asks_.push_back(std::move(what));
}

void Tracker::ask_for_headers() {
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        const Source& source = sources_[i];
        const auto id = static_cast<SourceId>(i);
        if (source.reach != Reach::walking || !trusted(source)) continue;
        const Head& bottom = pool_.find(source.path.front())->head();
        const std::uint64_t parent = bottom.number.value - 1;
        if (!asked_for(bottom.parent_hash) && !asked_ahead(id, parent)) {
            HeaderAsk parent_ask;
            parent_ask.fetch.source = id;
            parent_ask.fetch.hash = bottom.parent_hash;
            parent_ask.branch = id;
            ask(std::move(parent_ask));
        }
        ask_ahead(id, parent);
    }
}

/// Guesses by number what will be wanted by hash: all of a gap, and below our tip as much as the branch is
/// deep already.
void Tracker::ask_ahead(SourceId id, std::uint64_t parent) {
    Source& source = sources_[id];
    const std::uint64_t tip = newest()->number.value;
    const bool gap = parent > tip;
    const std::uint64_t window =
        gap ? kHeadersAhead : std::min<std::uint64_t>(kHeadersAhead, source.path.size());
    const std::uint64_t floor = gap ? tip + 1 : oldest().value + 1;
    const std::uint64_t low = std::max(floor, parent - std::min(parent, window));
    for (std::uint64_t number = std::min(source.ahead_to, parent); number > low;) {
        --number;
        HeaderAsk guess;
        guess.fetch.source = id;
        guess.fetch.number = BlockNumber{number};
        guess.branch = id;
        ask(std::move(guess));
    }
    source.ahead_to = std::min(source.ahead_to, low);
}

void Tracker::ask_newest(SourceId id) {
    Source& source = sources_.at(id);
    if (source.newest_ticket != 0 || !source.connected) return;
    source.newest_ticket = ++last_ticket_;
    fetches_.emplace_back(FetchNewest{source.newest_ticket, id, source.newest_attempts});
}

void Tracker::on_header(Ticket ticket, const rpc::Header& header, ReceiveTime received) {
    for (std::size_t i = 0; ticket != 0 && i < sources_.size(); ++i) {
        if (sources_[i].newest_ticket != ticket) continue;
        sources_[i].newest_ticket = 0;
        sources_[i].newest_attempts = 0;
        return on_head(header, received, static_cast<SourceId>(i));
    }
    const auto found = std::find_if(asks_.begin(), asks_.end(),
                                    [ticket](const HeaderAsk& ask) { return ask.fetch.ticket == ticket; });
    if (found == asks_.end()) return;
    HeaderAsk asked = std::move(*found);
    asks_.erase(found);
    newest_input_ = received;
    newest_source_ = asked.fetch.source;
    const TimedHeader told{header, received, asked.fetch.source};
    const bool right =
        asked.fetch.number ? header.head.number == *asked.fetch.number : header.head.hash == asked.fetch.hash;
    if (!right) {
        accuse(asked.fetch.source, true, "it answered with another block than it was asked for");
        header_failed(std::move(asked), Failure::unanswered);
    } else if (contradicts(told)) {
        header_failed(std::move(asked), Failure::unanswered);
    } else if (on_chain(header.head.hash) == nullptr && pool_.add(told)) {
        ++counters_.gap_blocks;
    }
    for (Source& source : sources_)
        locate(source);
    settle();
}

void Tracker::header_failed(HeaderAsk failed, Failure why) {
    ++counters_.retries;
    if (failed.fetch.number) return;  // a guess; what is wanted is asked for by hash
    failed.unknown = failed.unknown || why == Failure::unknown;
    if (++failed.fetch.attempt >= kMaxAttempts) return give_up(failed);
    const std::optional<SourceId> next = after(failed.fetch.source);
    if (!next) return;
    failed.fetch.source = *next;
    ask(std::move(failed));
}

/// A parent that stays unknown: the node has left that branch, or never was on it. Its next head begins
/// another.
void Tracker::give_up(const HeaderAsk& failed) {
    sources_[failed.branch].hopeless = true;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        Source& source = sources_[i];
        if (source.reach != Reach::walking) continue;
        const Head& bottom = pool_.find(source.path.front())->head();
        if (bottom.parent_hash != failed.fetch.hash) continue;
        source.reach = Reach::lost;
        if (!failed.unknown) continue;
        accuse(static_cast<SourceId>(i), false,
               "nobody has the parent " + to_string(bottom.parent_hash) + " of block " +
                   std::to_string(bottom.number.value));
    }
}

void Tracker::on_failure(Ticket ticket, Failure why) {
    if (ticket == 0) return;
    const auto header = std::find_if(asks_.begin(), asks_.end(),
                                     [ticket](const HeaderAsk& ask) { return ask.fetch.ticket == ticket; });
    if (header != asks_.end()) {
        HeaderAsk failed = std::move(*header);
        asks_.erase(header);
        header_failed(std::move(failed), why);
        return settle();
    }
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        if (sources_[i].newest_ticket != ticket) continue;
        ++counters_.retries;
        sources_[i].newest_ticket = 0;
        if (++sources_[i].newest_attempts < kMaxAttempts) ask_newest(static_cast<SourceId>(i));
        return;
    }
    const auto block = std::find_if(queue_.begin(), queue_.end(),
                                    [ticket](const Block& item) { return item.ticket == ticket; });
    if (block == queue_.end()) return;
    ++counters_.retries;
    block->ticket = 0;
    if (++block->attempts >= kMaxAttempts) sources_[block->asked].hopeless = true;
    if (const std::optional<SourceId> next = after(block->asked)) block->asked = *next;
    ask_for_logs();
}

void Tracker::ask_for_logs() {
    for (std::size_t i = 0; i < std::min(queue_.size(), kLogsAhead); ++i) {
        if (!queue_[i].complete && queue_[i].ticket == 0) ask_for_logs(queue_[i]);
    }
}

void Tracker::ask_for_logs(Block& block) {
    const rpc::Header& header = block.top.header;
    const bool excluded = header.has_bloom && trust_bloom_ && !filter_.may_match(header.bloom);
    if (filter_.empty() || excluded) {
        block.complete = Complete{{}, block.top.received, excluded && !filter_.empty()};
        return;
    }
    if (!trusted(sources_.at(block.asked))) {
        const std::optional<SourceId> other = after(block.asked);
        if (!other) return;
        block.asked = *other;
    }
    block.ticket = ++last_ticket_;
    fetches_.emplace_back(FetchLogs{block.ticket, block.asked, block.attempts, header.head.hash});
}

void Tracker::on_disconnected(SourceId id) {
    Source& source = sources_.at(id);
    const Standing standing = source.standing;
    const BlockNumber highest = source.highest;
    source = Source{};
    source.standing = standing;
    source.highest = highest;
    const auto of_it = [id](const auto& fetch) { return fetch.source == id; };
    fetches_.erase(std::remove_if(fetches_.begin(), fetches_.end(),
                                  [&of_it](const Fetch& fetch) { return std::visit(of_it, fetch); }),
                   fetches_.end());
    asks_.erase(std::remove_if(asks_.begin(), asks_.end(),
                               [&of_it](const HeaderAsk& ask) { return of_it(ask.fetch); }),
                asks_.end());
    for (Block& block : queue_) {
        if (block.asked == id) block.ticket = 0;
    }
    settle();
}

void Tracker::on_connected(SourceId id) {
    sources_.at(id).connected = true;
    for (Block& block : queue_)
        block.attempts = 0;
    settle();
}

void Tracker::watch(WatchFilter filter) {
    filter_ = std::move(filter);
    ++watch_version_;
    for (Block& block : queue_) {
        block.complete.reset();
        block.ticket = 0;
    }
    ask_for_logs();
}

}  // namespace plimsoll::feed
