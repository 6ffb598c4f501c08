// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/tracker.hpp"

#include <algorithm>
#include <utility>

// How the blocks of the chain get their logs, and when they are sealed.
namespace plimsoll::feed {
namespace {

constexpr std::size_t kMaxStrays = 4096;
constexpr std::size_t kMaxEarly = 8192;
constexpr unsigned kMaxContradictions = 3;

bool contains(const std::vector<std::uint32_t>& indexes, std::uint32_t index) {
    return std::find(indexes.begin(), indexes.end(), index) != indexes.end();
}

}  // namespace

void Tracker::on_log(Log&& log, ReceiveTime received, SourceId source) {
    newest_input_ = received;
    newest_source_ = source;
    if (log.removed) ++counters_.removed_logs;
    if (log.removed && !params_.defects.ignore_removed) return taken_back(log, source);
    if (!filter_.matches(log)) {
        ++counters_.foreign_logs;
        return;
    }
    TimedLog timed{std::move(log), received, source};
    if (Block* const block = queued(timed.log.block_hash)) return hold_early(*block, std::move(timed));
    if (on_chain(timed.log.block_hash) != nullptr) return late_log(timed.log);
    if (strays_.size() == kMaxStrays) {
        ++counters_.overflows;
        strays_.pop_front();
    }
    strays_.push_back(std::move(timed));
}

/// The source has left a block of ours, or of its own branch. Its next head says where to; that head may
/// never be told, so it is asked for, and until then the source does not vouch for our tip.
void Tracker::taken_back(const Log& log, SourceId id) {
    Source& source = sources_.at(id);
    const bool of_branch =
        std::find(source.path.begin(), source.path.end(), log.block_hash) != source.path.end();
    if (on_chain(log.block_hash) == nullptr && !of_branch) return;
    doubt(source);
    ask_newest(id);
    settle();
}

void Tracker::hold_early(Block& block, TimedLog&& log) {
    const auto same = [&log](const TimedLog& held) { return held.log.index == log.log.index; };
    const bool held = std::any_of(block.early.begin(), block.early.end(), same);
    if (block.complete || held || contains(block.told, log.log.index)) {
        ++counters_.duplicate_logs;  // told, or soon to be told from the complete answer
    } else if (block.early.size() == kMaxEarly) {
        ++counters_.overflows;
    } else {
        block.early.push_back(std::move(log));
    }
}

void Tracker::take_strays(Block& block) {
    const Head& head = block.head();
    std::deque<TimedLog> others;
    for (TimedLog& stray : std::exchange(strays_, {})) {
        if (stray.log.block_hash != head.hash) {
            const bool hopeful = stray.log.block_number.value + params_.max_reorg_depth >= head.number.value;
            if (hopeful) others.push_back(std::move(stray));
        } else if (filter_.matches(stray.log)) {
            hold_early(block, std::move(stray));
        }
    }
    strays_ = std::move(others);
}

void Tracker::late_log(const Log& log) {
    const std::uint64_t at = numbers_.at(log.block_hash).value - sealed_.front().head.number.value;
    const Sealed& block = sealed_[at];
    if (contains(block.told, log.index)) {
        ++counters_.duplicate_logs;
        return;
    }
    ++counters_.late_logs;
    if (!block.by_bloom || block.watch_version != watch_version_) return;
    // Sealed as empty because its bloom said so, and here is a log of it: these blooms are worth nothing.
    ++counters_.bloom_lies;
    trust_bloom_ = false;
    reopen_from(at);
}

/// Undoes the sealed blocks from the tip down to this one and queues them again, to be asked about.
void Tracker::reopen_from(std::size_t sealed_index) {
    if (!queue_.empty()) forget_started(queue_.front());
    while (sealed_.size() > sealed_index) {
        Block again;
        again.top.header.head = sealed_.back().head;
        again.top.received = newest_input_;
        again.top.source = sealed_.back().source;
        again.asked = again.top.source;
        queue_.push_front(std::move(again));
        undo_newest_sealed();
    }
    for (Block& block : queue_) {
        if (block.complete && block.complete->by_bloom) block.complete.reset();
    }
    ask_for_logs();
}

void Tracker::on_logs(Ticket ticket, std::vector<Log>&& logs, ReceiveTime received) {
    if (ticket == 0) return;
    const auto found = std::find_if(queue_.begin(), queue_.end(),
                                    [ticket](const Block& block) { return block.ticket == ticket; });
    if (found == queue_.end()) return;
    const auto answered = [&logs](std::uint32_t index) {
        return std::any_of(logs.begin(), logs.end(), [index](const Log& log) { return log.index == index; });
    };
    const bool all_wanted =
        std::all_of(logs.begin(), logs.end(), [this](const Log& log) { return filter_.matches(log); });
    const bool all_told = std::all_of(found->told.begin(), found->told.end(), answered);
    // The node told a log of this very block and does not know it now: perhaps it is still writing.
    const bool contradiction = !all_told && found->attempts < kMaxContradictions;
    if (!all_wanted || contradiction) return on_failure(ticket);
    found->ticket = 0;
    found->early.clear();
    if (params_.defects.apply_twice) found->told.clear();
    found->complete = Complete{std::move(logs), received, false};
}

std::optional<Event> Tracker::poll() {
    if (!undo_.empty()) {
        const Hash32 hash = undo_.front();
        undo_.pop_front();
        ++counters_.undone;
        if (params_.defects.skip_undo) return poll();
        return Event{newest_input_, newest_source_, BlockUndone{hash}};
    }
    while (!queue_.empty() && queue_.front().forgotten) {
        static_cast<void>(seal(queue_.front()));
        sealed_.back().given = true;
    }
    if (queue_.empty()) return std::nullopt;
    return advance(queue_.front());
}

std::optional<Event> Tracker::advance(Block& block) {
    if (!std::exchange(block.started, true))
        return Event{block.top.received, block.top.source, BlockStarted{block.head()}};
    if (block.complete) return reconcile(block);
    return tell_early(block);
}

std::optional<Event> Tracker::reconcile(Block& block) {
    const std::vector<Log>& logs = block.complete->logs;
    const auto same = [](std::uint32_t index, const Log& log) { return index == log.index; };
    const bool in_order = block.told.size() <= logs.size() &&
                          std::equal(block.told.begin(), block.told.end(), logs.begin(), same);
    if (!in_order) {
        // What was told early left a log out, or told one that is not watched any more. Take the block back
        // and tell it in order: nobody must see logs out of order.
        ++counters_.restarted_blocks;
        ++counters_.undone;
        block.started = false;
        block.told.clear();
        return Event{block.complete->received, block.top.source, BlockUndone{block.head().hash}};
    }
    if (block.told.size() == logs.size()) return seal(block);
    const Log& next = logs[block.told.size()];
    block.told.push_back(next.index);
    ++counters_.logs;
    return Event{block.complete->received, block.top.source, LogSeen{next}};
}

std::optional<Event> Tracker::tell_early(Block& block) {
    while (!block.early.empty()) {
        TimedLog next = std::move(block.early.front());
        block.early.pop_front();
        const bool in_order = block.told.empty() || block.told.back() < next.log.index;
        if (!in_order || !filter_.matches(next.log)) continue;  // the complete answer has it
        block.told.push_back(next.log.index);
        ++counters_.logs;
        ++counters_.early_logs;
        return Event{next.received, next.source, LogSeen{std::move(next.log)}};
    }
    return std::nullopt;
}

}  // namespace plimsoll::feed
