// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/chain/feed/scripted_chain.hpp"

#include <utility>

namespace plimsoll::feed {
namespace {

std::string show(const Hash32& hash, const std::vector<std::uint32_t>& indexes) {
    std::string out(1, static_cast<char>(hash.bytes[0]));
    out += std::to_string(hash.bytes[1] * 256 + hash.bytes[2]) + ':';
    for (const std::uint32_t index : indexes)
        out += std::to_string(index) + ',';
    return out;
}

}  // namespace

Hash32 block_hash(char fork, std::uint64_t number) {
    Hash32 out;
    out.bytes[0] = static_cast<std::uint8_t>(fork);
    out.bytes[1] = static_cast<std::uint8_t>(number / 256);
    out.bytes[2] = static_cast<std::uint8_t>(number % 256);
    return out;
}

ScriptedBlock make_block(char fork, std::uint64_t number, const Hash32& parent,
                         const std::vector<std::uint32_t>& indexes) {
    ScriptedBlock out;
    out.header.head.hash = block_hash(fork, number);
    out.header.head.parent_hash = parent;
    out.header.head.number = BlockNumber{number};
    out.header.has_bloom = true;
    for (const std::uint32_t index : indexes) {
        Log log;
        log.address = kWatched;
        log.block_hash = out.header.head.hash;
        log.block_number = out.header.head.number;
        log.index = index;
        out.logs.push_back(std::move(log));
    }
    if (!indexes.empty()) BloomBits{BytesView{kWatched.bytes}}.add_to(out.header.bloom);
    return out;
}

std::vector<ScriptedBlock> make_chain(char fork, std::uint64_t from, std::uint64_t to, const Hash32& parent) {
    std::vector<ScriptedBlock> out;
    Hash32 link = parent;
    for (std::uint64_t number = from; number <= to; ++number) {
        std::vector<std::uint32_t> indexes;
        for (std::uint32_t i = 0; i < number % 4; ++i)
            indexes.push_back(2 * i + 1);
        out.push_back(make_block(fork, number, link, indexes));
        link = out.back().header.head.hash;
    }
    return out;
}

void Listener::expect(bool condition, const char* promise) {
    if (!condition && broken_.empty()) broken_ = std::string{promise} + ", event " + std::to_string(events_);
}

void Listener::take(const Event& event) {
    ++events_;
    if (const auto* started = std::get_if<BlockStarted>(&event.body)) on(*started);
    if (const auto* log = std::get_if<LogSeen>(&event.body)) on(*log);
    if (const auto* sealed = std::get_if<BlockSealed>(&event.body)) on(*sealed);
    if (const auto* undone = std::get_if<BlockUndone>(&event.body)) on(*undone);
}

void Listener::on(const BlockStarted& event) {
    expect(!open_, "one open block at a time");
    const bool links = !chain_.empty() && chain_.back().head.hash == event.head.parent_hash;
    expect(links || allow_new_base_, "a block links to the sealed tip");
    allow_new_base_ = false;
    open_ = Told{event.head, {}};
}

void Listener::on(const LogSeen& event) {
    expect(open_ && event.log.block_hash == open_->head.hash, "a log belongs to the open block");
    if (!open_) return;
    expect(open_->indexes.empty() || open_->indexes.back() < event.log.index,
           "logs come in index order, once");
    open_->indexes.push_back(event.log.index);
}

void Listener::on(const BlockSealed& event) {
    expect(open_ && event.hash == open_->head.hash, "the open block is sealed");
    if (!open_) return;
    expect(event.log_count == open_->indexes.size(), "the count is the count");
    sealed_.push_back(show(event.hash, open_->indexes));
    chain_.push_back(*std::exchange(open_, std::nullopt));
}

void Listener::on(const BlockUndone& event) {
    if (open_) {
        expect(open_->head.hash == event.hash, "the open block is undone first");
        if (chain_.empty()) allow_new_base_ = true;
        open_.reset();
        return;
    }
    expect(!chain_.empty() && chain_.back().head.hash == event.hash, "sealed blocks are undone tip first");
    if (chain_.empty()) return;
    chain_.pop_back();
    sealed_.pop_back();
}

void ScriptedNode::add(const std::vector<ScriptedBlock>& blocks) {
    for (const ScriptedBlock& block : blocks)
        blocks_[block.header.head.hash] = block;
    if (!blocks.empty()) canonical(blocks.back().header.head.hash);
}

const ScriptedBlock* ScriptedNode::find(const Hash32& hash) const {
    const auto found = blocks_.find(hash);
    return found == blocks_.end() ? nullptr : &found->second;
}

const ScriptedBlock* ScriptedNode::at(BlockNumber number) const {
    const ScriptedBlock* block = find(canonical_);
    while (block != nullptr && block->header.head.number > number)
        block = find(block->header.head.parent_hash);
    return block != nullptr && block->header.head.number == number ? block : nullptr;
}

void ScriptedNode::answer(Tracker& tracker, const Fetch& fetch) const {
    if (const auto* const logs = std::get_if<FetchLogs>(&fetch)) return answer_logs(tracker, *logs);
    const ScriptedBlock* block = find(canonical_);
    Ticket ticket = 0;
    if (const auto* const header = std::get_if<FetchHeader>(&fetch)) {
        ticket = header->ticket;
        block = header->number ? at(*header->number) : find(header->hash);
    } else {
        ticket = std::get<FetchNewest>(fetch).ticket;
    }
    if (block == nullptr) return tracker.on_failure(ticket);
    tracker.on_header(ticket, block->header, ReceiveTime{1});
}

void ScriptedNode::answer_logs(Tracker& tracker, const FetchLogs& logs) const {
    const ScriptedBlock* const block = find(logs.block);
    if (block == nullptr) return tracker.on_failure(logs.ticket);
    std::vector<Log> wanted;
    for (const Log& log : block->logs) {
        if (tracker.filter().matches(log)) wanted.push_back(log);
    }
    tracker.on_logs(logs.ticket, std::move(wanted), ReceiveTime{1});
}

void drain(Tracker& tracker, Listener& listener) {
    while (const auto event = tracker.poll())
        listener.take(*event);
}

void settle(Tracker& tracker, const ScriptedNode& node, Listener& listener) {
    for (int rounds = 0; rounds < 20'000; ++rounds) {
        drain(tracker, listener);
        const std::vector<Fetch> fetches = tracker.take_fetches();
        if (fetches.empty()) return;
        for (const Fetch& fetch : fetches)
            node.answer(tracker, fetch);
    }
}

std::vector<std::string> shown(const std::vector<ScriptedBlock>& blocks) {
    std::vector<std::string> out;
    for (const ScriptedBlock& block : blocks) {
        std::vector<std::uint32_t> indexes;
        for (const Log& log : block.logs)
            indexes.push_back(log.index);
        out.push_back(show(block.header.head.hash, indexes));
    }
    return out;
}

}  // namespace plimsoll::feed
