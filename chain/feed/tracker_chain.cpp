// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/tracker.hpp"

#include <utility>

// The chain that is followed: sealed blocks, then queued ones.
namespace plimsoll::feed {

const Head* Tracker::on_chain(const Hash32& hash) const noexcept {
    const auto found = numbers_.find(hash);
    if (found == numbers_.end()) return nullptr;
    const std::uint64_t number = found->second.value;
    if (!queue_.empty() && number >= queue_.front().head().number.value)
        return &queue_[number - queue_.front().head().number.value].head();
    return &sealed_[number - sealed_.front().head.number.value].head;
}

Tracker::Block* Tracker::queued(const Hash32& hash) noexcept {
    const auto found = numbers_.find(hash);
    if (found == numbers_.end() || queue_.empty()) return nullptr;
    const std::uint64_t first = queue_.front().head().number.value;
    return found->second.value < first ? nullptr : &queue_[found->second.value - first];
}

const Head* Tracker::newest() const noexcept {
    if (!queue_.empty()) return &queue_.back().head();
    return sealed_.empty() ? nullptr : &sealed_.back().head;
}

/// Only while there is a newest block.
BlockNumber Tracker::oldest() const noexcept {
    return sealed_.empty() ? queue_.front().head().number : sealed_.front().head.number;
}

void Tracker::enqueue(const TimedHeader& head) {
    pool_.erase(head.head().hash);
    numbers_[head.head().hash] = head.head().number;
    Block& block = queue_.emplace_back();
    block.top = head;
    block.asked = head.source;
    take_strays(block);
}

/// Drops queued blocks from the back until the ancestor; all of them if it is not there.
void Tracker::cut_queue_behind(const Hash32& ancestor) {
    while (!queue_.empty() && queue_.back().head().hash != ancestor) {
        Block& block = queue_.back();
        forget_started(block);
        numbers_.erase(block.head().hash);
        pool_.add(block.top);
        queue_.pop_back();
    }
}

void Tracker::undo_sealed_behind(const Hash32& ancestor) {
    if (!queue_.empty()) return;  // the ancestor is not even sealed
    while (!sealed_.empty() && sealed_.back().head.hash != ancestor) {
        const Sealed& block = sealed_.back();
        rpc::Header header;
        header.head = block.head;
        pool_.add(TimedHeader{header, newest_input_, block.source});
        numbers_.erase(block.head.hash);
        undo_newest_sealed();
    }
}

void Tracker::undo_newest_sealed() {
    if (!sealed_.back().given) undo_.push_back(sealed_.back().head.hash);
    sealed_.pop_back();
}

void Tracker::forget_started(Block& block) {
    if (std::exchange(block.started, false)) undo_.push_back(block.head().hash);
    block.told.clear();
}

Event Tracker::seal(Block& block) {
    const bool by_bloom = block.complete && block.complete->by_bloom;
    const Event out{block.complete ? block.complete->received : block.top.received, block.top.source,
                    BlockSealed{block.head().hash, static_cast<std::uint32_t>(block.told.size())}};
    ++counters_.sealed;
    if (by_bloom) ++counters_.sealed_by_bloom;
    Sealed& sealed = sealed_.emplace_back();
    sealed.head = block.head();
    sealed.source = block.top.source;
    sealed.told = std::move(block.told);
    sealed.watch_version = watch_version_;
    sealed.by_bloom = by_bloom;
    finality_.compare(sealed.head.number, sealed.head.hash);
    queue_.pop_front();
    // One more than can be undone: the common ancestor itself.
    while (sealed_.size() > params_.max_reorg_depth + 1) {
        numbers_.erase(sealed_.front().head.hash);
        sealed_.pop_front();
    }
    ask_for_logs();
    return out;
}

}  // namespace plimsoll::feed
