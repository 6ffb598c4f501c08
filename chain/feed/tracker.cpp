// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/tracker.hpp"

#include <algorithm>
#include <utility>

// How heads become a chain; tracker_logs.cpp says how its blocks get their logs.
namespace plimsoll::feed {
namespace {

constexpr unsigned kMaxAttempts = 6;
constexpr std::size_t kReadAhead = 8;  // queued blocks whose logs are asked for side by side

}  // namespace

bool Tracker::known(const Hash32& hash) const noexcept {
    const auto is_sealed = [&hash](const Sealed& block) { return block.head.hash == hash; };
    const auto is_queued = [&hash](const Block& block) { return block.header.head.hash == hash; };
    return std::any_of(queue_.begin(), queue_.end(), is_queued) ||
           std::any_of(sealed_.begin(), sealed_.end(), is_sealed);
}

Tracker::Block* Tracker::queued(const Hash32& hash) noexcept {
    const auto found = std::find_if(queue_.begin(), queue_.end(),
                                    [&hash](const Block& block) { return block.header.head.hash == hash; });
    return found == queue_.end() ? nullptr : &*found;
}

const Hash32* Tracker::newest() const noexcept {
    if (!queue_.empty()) return &queue_.back().header.head.hash;
    return sealed_.empty() ? nullptr : &sealed_.back().head.hash;
}

bool Tracker::behind() const noexcept {
    constexpr std::size_t kUsualQueue = 2;
    return !branch_.empty() || queue_.size() > kUsualQueue;
}

bool Tracker::take_hopeless() noexcept {
    return std::exchange(hopeless_, false);
}

std::vector<Fetch> Tracker::take_fetches() {
    return std::exchange(fetches_, {});
}

void Tracker::on_head(const rpc::Header& header, ReceiveTime received) {
    newest_input_ = received;
    const Head& head = header.head;
    const auto in_branch = [&head](const TimedHeader& item) { return item.header.head.hash == head.hash; };
    if (known(head.hash) || std::any_of(branch_.begin(), branch_.end(), in_branch)) {
        ++counters_.duplicate_heads;
        return;
    }
    ++counters_.heads;
    const TimedHeader timed{header, received};
    if (!branch_.empty() && branch_.back().header.head.hash == head.parent_hash) {
        branch_.push_back(timed);
        return;
    }
    const Hash32* const tip = newest();
    if (tip == nullptr || *tip == head.parent_hash) {
        branch_.clear();  // an unlinked head from before is not the chain the node is on now
        branch_ticket_ = 0;
        enqueue(timed);
        ask_for_logs();
        return;
    }
    ++counters_.gaps;
    branch_.assign(1, timed);
    branch_ticket_ = 0;
    branch_attempts_ = 0;
    walk();
}

void Tracker::on_header(Ticket ticket, const rpc::Header& header, ReceiveTime received) {
    if (ticket == 0 || ticket != branch_ticket_) return;
    newest_input_ = received;
    branch_ticket_ = 0;
    branch_attempts_ = 0;
    if (header.head.hash != branch_.front().header.head.parent_hash) return ask_for_parent();
    ++counters_.gap_blocks;
    branch_.push_front(TimedHeader{header, received});
    walk();
}

/// Looks whether the branch links to our chain, and asks for one more parent if not.
void Tracker::walk() {
    const Head& bottom = branch_.front().header.head;
    if (known(bottom.parent_hash)) return connect_branch();
    const BlockNumber oldest =
        sealed_.empty() ? queue_.front().header.head.number : sealed_.front().head.number;
    // A parent below all we know cannot link, and links always fall by one.
    const bool below = bottom.number <= oldest;
    if (below || branch_.size() > params_.max_gap) return resync();
    ask_for_parent();
}

void Tracker::connect_branch() {
    const Hash32 ancestor = branch_.front().header.head.parent_hash;
    cut_queue_behind(ancestor);
    undo_sealed_behind(ancestor);
    for (const TimedHeader& head : std::exchange(branch_, {}))
        enqueue(head);
    ask_for_logs();
}

/// Nothing links: undoes all that can be undone and begins anew at the newest head.
void Tracker::resync() {
    ++counters_.resyncs;
    const TimedHeader base = branch_.back();
    branch_.clear();
    cut_queue_behind(Hash32{});
    undo_sealed_behind(Hash32{});
    enqueue(base);
    ask_for_logs();
}

/// Drops queued blocks from the back until the ancestor; all of them if it is not there.
void Tracker::cut_queue_behind(const Hash32& ancestor) {
    while (!queue_.empty() && queue_.back().header.head.hash != ancestor) {
        forget_started(queue_.back());
        queue_.pop_back();
    }
}

void Tracker::undo_sealed_behind(const Hash32& ancestor) {
    if (!queue_.empty()) return;  // the ancestor is not even sealed
    while (!sealed_.empty() && sealed_.back().head.hash != ancestor) {
        undo_.push_back(sealed_.back().head.hash);
        sealed_.pop_back();
    }
}

void Tracker::forget_started(Block& block) {
    if (std::exchange(block.started, false)) undo_.push_back(block.header.head.hash);
    block.told.clear();
}

void Tracker::enqueue(const TimedHeader& head) {
    Block& block = queue_.emplace_back();
    block.header = head.header;
    block.received = head.received;
    take_strays(block);
}

void Tracker::ask_for_parent() {
    if (!connected_ || branch_.empty() || branch_ticket_ != 0) return;
    branch_ticket_ = ++last_ticket_;
    fetches_.emplace_back(
        FetchHeader{branch_ticket_, branch_.front().header.head.parent_hash, branch_attempts_});
}

void Tracker::ask_for_logs() {
    for (std::size_t i = 0; i < std::min(queue_.size(), kReadAhead); ++i) {
        Block& block = queue_[i];
        if (block.complete || block.ticket != 0) continue;
        const bool excluded =
            block.header.has_bloom && trust_bloom_ && !filter_.may_match(block.header.bloom);
        if (filter_.empty() || excluded) {
            block.complete = Complete{{}, block.received, excluded && !filter_.empty()};
        } else if (connected_) {
            block.ticket = ++last_ticket_;
            fetches_.emplace_back(FetchLogs{block.ticket, block.header.head.hash, block.attempts});
        }
    }
}

void Tracker::on_failure(Ticket ticket) {
    if (ticket == 0) return;
    if (ticket == branch_ticket_) {
        ++counters_.retries;
        branch_ticket_ = 0;
        // A parent that stays unknown: the node has left that branch. Its next head begins another.
        if (++branch_attempts_ >= kMaxAttempts) {
            branch_.clear();
            hopeless_ = true;
        }
        return ask_for_parent();
    }
    const auto found = std::find_if(queue_.begin(), queue_.end(),
                                    [ticket](const Block& block) { return block.ticket == ticket; });
    if (found == queue_.end()) return;
    ++counters_.retries;
    found->ticket = 0;
    if (++found->attempts >= kMaxAttempts) hopeless_ = true;
    ask_for_logs();
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

void Tracker::on_disconnected() {
    connected_ = false;
    fetches_.clear();
    branch_ticket_ = 0;
    for (Block& block : queue_)
        block.ticket = 0;
}

void Tracker::on_connected() {
    connected_ = true;
    branch_attempts_ = 0;
    for (Block& block : queue_)
        block.attempts = 0;
    ask_for_parent();
    ask_for_logs();
}

}  // namespace plimsoll::feed
