// SPDX-License-Identifier: Apache-2.0
#include "strategy/block_queue.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::strategy {

void BlockQueue::started(const Head& head) {
    if (holds(head.hash)) return;
    blocks_.push_back(Block{head, {}, false, true});
}

BlockQueue::Block* BlockQueue::find(const Hash32& hash) {
    const auto found = std::find_if(blocks_.rbegin(), blocks_.rend(),
                                    [&](const Block& block) { return block.head.hash == hash; });
    return found == blocks_.rend() ? nullptr : &*found;
}

bool BlockQueue::holds(const Hash32& hash) const {
    return std::any_of(blocks_.begin(), blocks_.end(),
                       [&](const Block& block) { return block.head.hash == hash; });
}

const BlockQueue::Block* BlockQueue::add(const Log& log) {
    Block* const block = find(log.block_hash);
    if (block == nullptr || block->sealed) return nullptr;
    block->logs.push_back(log);
    return block;
}

Result<void> BlockQueue::sealed(const Hash32& hash, std::uint32_t log_count) {
    Block* const block = find(hash);
    if (block == nullptr) return fail(Errc::not_found, "sealed block " + to_string(hash) + " never began");
    if (block->logs.size() != log_count) {
        return fail(Errc::malformed_input, "block " + to_string(hash) + " sealed with " +
                                               std::to_string(log_count) + " logs, but " +
                                               std::to_string(block->logs.size()) + " were told");
    }
    block->sealed = true;
    return {};
}

bool BlockQueue::undone(const Hash32& hash) {
    return std::erase_if(blocks_, [&](const Block& block) { return block.head.hash == hash; }) != 0;
}

void BlockQueue::watch_changed() {
    for (Block& block : blocks_)
        block.complete = false;
}

void BlockQueue::drop_to(BlockNumber number) {
    std::erase_if(blocks_, [&](const Block& block) { return block.head.number <= number; });
}

const BlockQueue::Block* BlockQueue::front() const {
    return blocks_.empty() || !blocks_.front().sealed ? nullptr : &blocks_.front();
}

BlockQueue::Block BlockQueue::take_front() {
    Block out = std::move(blocks_.front());
    blocks_.pop_front();
    return out;
}

std::optional<Head> BlockQueue::newest_sealed() const {
    const auto found =
        std::find_if(blocks_.rbegin(), blocks_.rend(), [](const Block& block) { return block.sealed; });
    if (found == blocks_.rend()) return std::nullopt;
    return found->head;
}

std::optional<BlockQueue::Gap> BlockQueue::gap() const {
    std::optional<Gap> out;
    for (const Block& block : blocks_) {
        if (!block.sealed || block.complete) break;
        if (!out) out = Gap{block.head.number, block.head};
        out->to = block.head;
    }
    return out;
}

bool BlockQueue::fill(const Gap& gap, std::span<const Log> logs) {
    if (blocks_.empty() || blocks_.front().head.number != gap.from || !holds(gap.to.hash)) return false;
    for (const Log& log : logs) {
        if (!holds(log.block_hash)) return false;
    }
    for (Block& block : blocks_) {
        if (block.head.number > gap.to.number) break;
        block.logs.clear();
        block.complete = true;
    }
    for (const Log& log : logs) {
        if (Block* const block = find(log.block_hash)) block->logs.push_back(log);
    }
    return true;
}

}  // namespace plimsoll::strategy
