// SPDX-License-Identifier: Apache-2.0
// Blocks: begun, filled, sealed, applied in order, undone in reverse.
#include "strategy/engine_core.hpp"

#include <utility>

namespace plimsoll::strategy {

void Engine::Core::started(const Head& head, Output& out) {
    queue_.started(head);
    if (queue_.size() > params_.max_waiting_blocks) {
        queue_.clear();
        if (state_ != EngineState::waiting) resync("more blocks wait than may", out);
        return;
    }
    if (state_ != EngineState::ready || head.parent_hash != newest().hash) return;
    // Ask early: the answer can be here when the block is sealed.
    ask_prices(head, out);
    if (!params_.speculate) return;
    for (const auto& venue : venues_)
        venue->prepare(inclusion(head));
}

void Engine::Core::seen(const Log& log, Output& out) {
    const BlockQueue::Block* const block = queue_.add(log);
    if (block == nullptr || !params_.speculate || state_ != EngineState::ready) return;
    if (block->head.parent_hash == newest().hash) evaluate_what_if(*block, out);
}

void Engine::Core::sealed(const BlockSealed& seal, Output& out) {
    const auto done = queue_.sealed(seal.hash, seal.log_count);
    if (!done) {
        // The stream broke its promise: what is in the books may lack something.
        queue_.clear();
        if (state_ != EngineState::waiting) resync(done.error().context, out);
        return;
    }
    if (state_ == EngineState::waiting) return begin(out);
    if (phase_ != Phase::following) return;
    drain(out);
    become_ready(out);
}

void Engine::Core::drain(Output& out) {
    bool moved = false;
    while (const BlockQueue::Block* const next = queue_.front()) {
        if (!next->complete) {
            ask_gap(out);
            break;
        }
        const BlockQueue::Block block = queue_.take_front();
        if (!apply(block, out)) return;
        moved = true;
        if (watch_due_ && queue_.front() != nullptr) refresh_watch(out);  // the next one may lack something
    }
    if (!moved) return;
    if (state_ == EngineState::ready && queue_.front() == nullptr) {
        withdraw_orphans(out);
        decide(Moment{newest()}, out);
        block_unfinished_ = rest_.has_value();
        if (block_unfinished_) return;
    }
    finish_block(out);
}

/// What a block leads to beside decisions.
void Engine::Core::finish_block(Output& out) {
    if (state_ == EngineState::ready && queue_.front() == nullptr) {
        queue_audits();
        ask_audits(out);
    }
    if (watch_due_) refresh_watch(out);  // after what is in a hurry
    if (state_ == EngineState::ready) refresh_pools(out);
}

bool Engine::Core::apply(const BlockQueue::Block& block, Output& out) {
    if (block.head.parent_hash != newest().hash) {
        resync("block " + std::to_string(block.head.number.value) + " does not follow the newest one applied",
               out);
        return false;
    }
    const bool behind = queue_.front() != nullptr || state_ != EngineState::ready;
    for (VenueId id = 0; id < venues_.size(); ++id) {
        auto changes = venues_[id]->apply(block.head, block.logs);
        if (!changes) {
            // Not in step with the blocks: reading the market again helps. Anything else is for a person.
            if (changes.error().code == Errc::not_found) {
                resync(changes.error().context, out);
            } else {
                stop(id, std::move(changes.error()), out);
            }
            return false;
        }
        out.liquidations.insert(out.liquidations.end(), changes->liquidations.begin(),
                                changes->liquidations.end());
        watch_due_ = watch_due_ || changes->everything;
        note_changed(id, changes->accounts);
        changes_[id] = std::move(*changes);
        changes_[id].everything = changes_[id].everything || behind;
    }
    routes_.apply(block.head, block.logs);
    applied_.push_back(block.head);
    pending_.clear();
    bound_undo();
    ledger_.applied(block.head.number);
    if (params_.dry_run) ledger_.forget_open();
    // On the way to the tip every block but the last is out of date already.
    if (!readiness_.has(NotReady::catching_up)) ask_prices(block.head, out);
    std::vector<std::pair<VenueId, ReadResult>> held = std::exchange(held_prices_, {});
    for (auto& [venue, result] : held) {
        if (result.block_hash == block.head.hash) {
            take_prices(venue, result, out);
        } else if (queue_.holds(result.block_hash)) {
            held_prices_.emplace_back(venue, std::move(result));
        }
    }
    sweep_due_ = true;
    return true;
}

void Engine::Core::undone(const Hash32& hash, Output& out) {
    const bool queued = queue_.undone(hash);
    ledger_.orphan(hash);
    if (gap_ && gap_->second.to.hash == hash) gap_.reset();
    if (state_ == EngineState::waiting) return;
    if (phase_ != Phase::following) {
        if (hash == pin_.hash) resync("the block being read was undone", out);
        return;
    }
    if (queued || newest().hash != hash) return;
    if (applied_.size() == 1)
        return resync(
            "block " + std::to_string(newest().number.value) + " was undone, and nothing older is known",
            out);
    undo_newest();
}

void Engine::Core::undo_newest() {
    const Hash32 hash = newest().hash;
    for (VenueId id = 0; id < venues_.size(); ++id) {
        venues_[id]->undo(hash);
        changes_[id] = Changes{};
        changes_[id].everything = true;
        what_if_[id].clear();
    }
    pending_.clear();
    routes_.undo(hash);
    if (params_.dry_run) ledger_.forget_open();
    applied_.pop_back();
    sweep_due_ = true;
}

std::size_t Engine::Core::undo_bytes() const {
    std::size_t out = routes_.undo_bytes() + applied_.size() * sizeof(Head);
    for (const auto& venue : venues_)
        out += venue->undo_bytes();
    return out;
}

/// The first of `applied_` is what undoing ends at; the record of the one after it is dropped.
void Engine::Core::bound_undo() {
    while (applied_.size() > 1) {
        const bool deep = applied_.size() > std::size_t{params_.undo_depth} + 1;
        if (!deep && undo_bytes() <= params_.undo_bytes) return;
        for (const auto& venue : venues_)
            venue->drop_oldest_undo();
        routes_.drop_undo(applied_[1].hash);
        applied_.pop_front();
        if (!deep) ++counts_.undo_dropped;
    }
}

void Engine::Core::ask_gap(Output& out) {
    if (gap_) return;
    const auto gap = queue_.gap();
    if (!gap) return;
    const ReadId id = next_id_();
    reads_.emplace(id, Read{ReadKind::gap, 0});
    gap_.emplace(id, *gap);
    out.reads.push_back(
        ReadRequest{id, gap->to.hash, LogQuery{gap->from, gap->to.number, watch_.addresses, watch_.topics}});
}

}  // namespace plimsoll::strategy
