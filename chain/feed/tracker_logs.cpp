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

void Tracker::on_log(Log&& log, ReceiveTime received) {
    newest_input_ = received;
    if (log.removed) {
        ++counters_.removed_logs;  // the next head says which blocks left
        return;
    }
    if (!filter_.matches(log)) {
        ++counters_.foreign_logs;
        return;
    }
    if (Block* const block = queued(log.block_hash)) return hold_early(*block, std::move(log), received);
    for (std::size_t i = sealed_.size(); i-- > 0;) {
        if (sealed_[i].head.hash == log.block_hash) return late_log(log, i);
    }
    if (strays_.size() == kMaxStrays) {
        ++counters_.overflows;
        strays_.pop_front();
    }
    strays_.push_back(TimedLog{std::move(log), received});
}

void Tracker::hold_early(Block& block, Log&& log, ReceiveTime received) {
    const auto same = [&log](const TimedLog& held) { return held.log.index == log.index; };
    const bool held = std::any_of(block.early.begin(), block.early.end(), same);
    if (block.complete || held || contains(block.told, log.index)) {
        ++counters_.duplicate_logs;  // told, or soon to be told from the complete answer
    } else if (block.early.size() == kMaxEarly) {
        ++counters_.overflows;
    } else {
        block.early.push_back(TimedLog{std::move(log), received});
    }
}

void Tracker::take_strays(Block& block) {
    const Head& head = block.header.head;
    std::deque<TimedLog> others;
    for (TimedLog& stray : std::exchange(strays_, {})) {
        if (stray.log.block_hash != head.hash) {
            const bool hopeful = stray.log.block_number.value + params_.max_reorg_depth >= head.number.value;
            if (hopeful) others.push_back(std::move(stray));
        } else if (filter_.matches(stray.log)) {
            hold_early(block, std::move(stray.log), stray.received);
        }
    }
    strays_ = std::move(others);
}

void Tracker::late_log(const Log& log, std::size_t sealed_index) {
    const Sealed& block = sealed_[sealed_index];
    if (contains(block.told, log.index)) {
        ++counters_.duplicate_logs;
        return;
    }
    ++counters_.late_logs;
    if (!block.by_bloom || block.watch_version != watch_version_) return;
    // Sealed as empty because its bloom said so, and here is a log of it: this node's blooms are worth
    // nothing.
    ++counters_.bloom_lies;
    trust_bloom_ = false;
    reopen_from(sealed_index);
}

/// Undoes the sealed blocks from the tip down to this one and queues them again, to be asked about.
void Tracker::reopen_from(std::size_t sealed_index) {
    if (!queue_.empty()) forget_started(queue_.front());
    while (sealed_.size() > sealed_index) {
        Block again;
        again.header.head = sealed_.back().head;
        undo_.push_back(again.header.head.hash);
        queue_.push_front(std::move(again));
        sealed_.pop_back();
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
    found->complete = Complete{std::move(logs), received, false};
}

std::optional<Event> Tracker::poll() {
    if (!undo_.empty()) {
        const Hash32 hash = undo_.front();
        undo_.pop_front();
        ++counters_.undone;
        return Event{newest_input_, SourceId{}, BlockUndone{hash}};
    }
    if (queue_.empty()) return std::nullopt;
    return advance(queue_.front());
}

std::optional<Event> Tracker::advance(Block& block) {
    if (!std::exchange(block.started, true))
        return Event{block.received, SourceId{}, BlockStarted{block.header.head}};
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
        return Event{block.complete->received, SourceId{}, BlockUndone{block.header.head.hash}};
    }
    if (block.told.size() == logs.size()) return seal(block);
    const Log& next = logs[block.told.size()];
    block.told.push_back(next.index);
    ++counters_.logs;
    return Event{block.complete->received, SourceId{}, LogSeen{next}};
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
        return Event{next.received, SourceId{}, LogSeen{std::move(next.log)}};
    }
    return std::nullopt;
}

Event Tracker::seal(Block& block) {
    const Event out{block.complete->received, SourceId{},
                    BlockSealed{block.header.head.hash, static_cast<std::uint32_t>(block.told.size())}};
    ++counters_.sealed;
    if (block.complete->by_bloom) ++counters_.sealed_by_bloom;
    sealed_.push_back(
        Sealed{block.header.head, std::move(block.told), watch_version_, block.complete->by_bloom});
    queue_.pop_front();
    // One more than can be undone: the common ancestor itself.
    while (sealed_.size() > params_.max_reorg_depth + 1)
        sealed_.pop_front();
    ask_for_logs();
    return out;
}

}  // namespace plimsoll::feed
