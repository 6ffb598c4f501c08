// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/model_book.hpp"

#include "chain/primitives/keccak.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::faults {
namespace {

std::uint64_t slot_of(const Log& log) {
    return log.data_view()[31];
}

Hash32 written(const Hash32& before, const Log& log) {
    Bytes bytes(before.bytes.begin(), before.bytes.end());
    const BytesView data = log.data_view();
    bytes.insert(bytes.end(), data.begin(), data.end());
    return keccak256(BytesView{bytes});
}

}  // namespace

ModelState state_at(const ModelChain& chain, const Hash32& block) {
    ModelState out;
    for (const ModelBlock* const one : chain.path(block)) {
        for (const Log& log : one->logs)
            out[slot_of(log)] = written(out[slot_of(log)], log);
    }
    return out;
}

void ModelBook::expect(bool condition, const std::string& promise) {
    if (!condition && broken_.empty()) broken_ = promise;
}

void ModelBook::load(const Hash32& block) {
    blocks_.clear();
    open_.reset();
    base_ = block;
    state_ = state_at(chain_, block);
}

void ModelBook::take(const Event& event) {
    if (const auto* const started = std::get_if<BlockStarted>(&event.body)) on(*started);
    if (const auto* const log = std::get_if<LogSeen>(&event.body)) on(*log);
    if (const auto* const sealed = std::get_if<BlockSealed>(&event.body)) on(*sealed);
    if (const auto* const undone = std::get_if<BlockUndone>(&event.body)) on(*undone);
    if (std::holds_alternative<PendingTransaction>(event.body)) pending_.push_back(event);
    if (const auto* const readiness = std::get_if<Readiness>(&event.body)) {
        readiness_ = *readiness;
        told_.push_back(*readiness);
    }
}

void ModelBook::on(const BlockStarted& event) {
    expect(!open_, "a block began while another was open");
    const bool links = !blocks_.empty() ? blocks_.back().hash == event.head.parent_hash
                                        : base_ && *base_ == event.head.parent_hash;
    if (!links) {
        if (base_) ++new_starts_;
        load(event.head.parent_hash);
    }
    Applied fresh;
    fresh.hash = event.head.hash;
    open_ = std::move(fresh);
}

void ModelBook::on(const LogSeen& event) {
    expect(open_ && open_->hash == event.log.block_hash, "a log of a block that is not open");
    if (!open_) return;
    expect(!open_->last_index || *open_->last_index < event.log.index, "a log out of order, or twice");
    open_->last_index = event.log.index;
    ++open_->logs;
    Hash32& value = state_[slot_of(event.log)];
    open_->before.emplace_back(slot_of(event.log), value);
    value = written(value, event.log);
}

void ModelBook::on(const BlockSealed& event) {
    expect(open_ && open_->hash == event.hash, "a block was sealed that is not open");
    if (!open_) return;
    expect(open_->logs == event.log_count, "a block was sealed with another number of logs");
    blocks_.push_back(*std::move(open_));
    open_.reset();
    ++sealed_;
    if (!readiness_.ready()) return;
    ++sends_;
    on_send(event.hash);
}

void ModelBook::on(const BlockUndone& event) {
    if (open_) {
        expect(open_->hash == event.hash, "another block than the open one was undone");
        revert(*open_);
        open_.reset();
        return;
    }
    expect(!blocks_.empty() && blocks_.back().hash == event.hash, "another block than the tip was undone");
    if (blocks_.empty()) return;
    revert(blocks_.back());
    blocks_.pop_back();
}

void ModelBook::revert(const Applied& block) {
    for (auto write = block.before.rbegin(); write != block.before.rend(); ++write) {
        if (write->second.is_zero()) {
            state_.erase(write->first);
        } else {
            state_[write->first] = write->second;
        }
    }
}

Hash32 ModelBook::tip() const {
    if (!blocks_.empty()) return blocks_.back().hash;
    return base_.value_or(Hash32{});
}

bool ModelBook::was(NotReady reason) const {
    return std::any_of(told_.begin(), told_.end(), [reason](Readiness one) { return one.has(reason); });
}

}  // namespace plimsoll::faults
