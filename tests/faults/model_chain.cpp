// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/model_chain.hpp"

#include "chain/feed/watch_filter.hpp"
#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"
#include "chain/rpc/hex_quantity.hpp"

#include <algorithm>

namespace plimsoll::faults {
namespace {

constexpr std::uint64_t kFirstNumber = 1'000;

void put(LogData& data, std::uint64_t slot, std::uint64_t value) {
    Bytes bytes(64);
    for (std::size_t i = 0; i < 8; ++i) {
        bytes[31 - i] = static_cast<std::uint8_t>(slot >> (8 * i));
        bytes[63 - i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
    data = LogData{bytes};
}

std::string quantity(std::uint64_t value) {
    std::string out;
    rpc::append_quantity(out, value);
    return out;
}

std::string quoted(BytesView bytes) {
    return '"' + to_hex(bytes) + '"';
}

}  // namespace

ModelChain::ModelChain(std::uint64_t first_timestamp) {
    ModelBlock first;
    first.header.head.number = BlockNumber{kFirstNumber};
    first.header.head.timestamp = Timestamp{first_timestamp};
    first.header.head.hash = keccak256("first block");
    first.header.head.parent_hash = keccak256("before the first block");
    first.header.head.gas_limit = Gas{30'000'000};
    first.header.has_bloom = true;
    tip_ = first.head().hash;
    canonical_.insert(tip_);
    blocks_.emplace(tip_, std::move(first));
}

const ModelBlock& ModelChain::build(const Hash32& parent, const std::vector<Note>& notes) {
    const Head& below = blocks_.at(parent).head();
    ModelBlock block;
    Head& head = block.header.head;
    head.parent_hash = parent;
    head.number = below.number.next();
    head.timestamp = below.timestamp.next();
    head.gas_limit = below.gas_limit;
    head.gas_used = Gas{21'000 * notes.size()};
    head.hash = keccak256(to_string(parent) + std::to_string(++built_));
    block.header.has_bloom = true;
    for (std::size_t i = 0; i < notes.size(); ++i) {
        Log& log = block.logs.emplace_back();
        log.address = kWatchedContract;
        log.topics[0] = keccak256("Note(uint256,uint256)");
        log.topic_count = 1;
        put(log.data, notes[i].slot, notes[i].value);
        log.block_number = head.number;
        log.block_hash = head.hash;
        log.transaction_hash = keccak256(to_string(head.hash) + std::to_string(i));
        log.transaction_index = static_cast<std::uint32_t>(i);
        log.index = static_cast<std::uint32_t>(2 * i + 1);  // others' logs are between
        feed::BloomBits{BytesView{log.address.bytes}}.add_to(block.header.bloom);
        feed::BloomBits{BytesView{log.topics[0].bytes}}.add_to(block.header.bloom);
    }
    const Hash32 hash = head.hash;
    return blocks_.emplace(hash, std::move(block)).first->second;
}

void ModelChain::canonize(const Hash32& tip) {
    tip_ = tip;
    for (const ModelBlock* block = find(tip); block != nullptr; block = find(block->head().parent_hash)) {
        if (!canonical_.insert(block->head().hash).second) return;
    }
}

const ModelBlock& ModelChain::mine(const std::vector<Note>& notes) {
    const ModelBlock& block = build(tip_, notes);
    canonize(block.head().hash);
    return block;
}

const ModelBlock* ModelChain::find(const Hash32& hash) const {
    const auto found = blocks_.find(hash);
    return found == blocks_.end() ? nullptr : &found->second;
}

const ModelBlock* ModelChain::at(const Hash32& from, BlockNumber number) const {
    const ModelBlock* block = find(from);
    while (block != nullptr && block->head().number > number)
        block = find(block->head().parent_hash);
    return block != nullptr && block->head().number == number ? block : nullptr;
}

const ModelBlock& ModelChain::ancestor(std::uint64_t below_tip) const {
    const std::uint64_t number = tip().head().number.value;
    const std::uint64_t steps = std::min(below_tip, number - kFirstNumber);
    return *at(tip_, BlockNumber{number - steps});
}

bool ModelChain::contains(const Hash32& tip, const Hash32& block) const {
    const ModelBlock* const wanted = find(block);
    return wanted != nullptr && at(tip, wanted->head().number) == wanted;
}

std::vector<const ModelBlock*> ModelChain::path(const Hash32& tip) const {
    std::vector<const ModelBlock*> out;
    for (const ModelBlock* block = find(tip); block != nullptr; block = find(block->head().parent_hash))
        out.push_back(block);
    std::reverse(out.begin(), out.end());
    return out;
}

std::string header_json(const rpc::Header& header) {
    const Head& head = header.head;
    return R"({"hash":)" + quoted(head.hash.bytes) + R"(,"parentHash":)" + quoted(head.parent_hash.bytes) +
           R"(,"number":)" + quantity(head.number.value) + R"(,"timestamp":)" +
           quantity(head.timestamp.value) + R"(,"gasUsed":)" + quantity(head.gas_used.value) +
           R"(,"gasLimit":)" + quantity(head.gas_limit.value) + R"(,"logsBloom":)" + quoted(header.bloom) +
           R"(,"extraData":"0x","miner":"0x0000000000000000000000000000000000000000"})";
}

std::string log_json(const Log& log) {
    std::string out = R"({"address":)" + quoted(log.address.bytes) + R"(,"topics":[)" +
                      quoted(log.topics[0].bytes) + R"(],"data":)" + quoted(log.data_view()) +
                      R"(,"blockNumber":)" + quantity(log.block_number.value) + R"(,"blockHash":)" +
                      quoted(log.block_hash.bytes) + R"(,"transactionHash":)" +
                      quoted(log.transaction_hash.bytes) + R"(,"transactionIndex":)" +
                      quantity(log.transaction_index) + R"(,"logIndex":)" + quantity(log.index);
    if (log.removed) out += R"(,"removed":true)";  // geth leaves a false one out
    return out + '}';
}

}  // namespace plimsoll::faults
