// SPDX-License-Identifier: Apache-2.0
// The books on disk: written while the keeper runs and when it ends, taken up where their block is still the
// chain's.
#include "bot/keeper.hpp"
#include "chain/async/deadline.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace plimsoll::bot {

SnapshotStore Keeper::snapshot_store() const {
    return SnapshotStore{data_folder() / "snapshots"};
}

SnapshotStore Keeper::search_store() const {
    return SnapshotStore{data_folder() / "search"};
}

void Keeper::open_snapshots() {
    // On a fork the prices may not be the chain's.
    if (options_.fork || config_.keeper.snapshot_every.count() == 0) return;
    const auto post = [this](std::function<void()> task) { boost::asio::post(io_, std::move(task)); };
    snapshots_ = std::make_unique<SnapshotThread>(snapshot_store(), post);
    searches_ = std::make_unique<SnapshotThread>(search_store(), post);
}

/// A reading of a market that a kill broke off goes on where it was.
void Keeper::resume_search() {
    if (!searches_ || engine_->state() != strategy::EngineState::waiting) return;
    for (const SnapshotFile& file : search_store().list()) {
        const Result<Bytes> bytes = SnapshotStore::read(file);
        const Result<void> taken =
            bytes ? engine_->resume_search(*bytes) : tl::make_unexpected(bytes.error());
        const std::string name = file.path.filename().string();
        if (taken) {
            log_.info("snapshot", "the search for accounts goes on", {{"file", name}});
            return;
        }
        log_.warn("snapshot", taken.error().context, {{"file", name}});
        SnapshotStore::remove(file);
    }
}

void Keeper::keep_search() {
    Bytes found = engine_->search();
    if (found.empty()) return;
    const std::size_t size = found.size();
    searches_->write(facts_.head.number, facts_.head.hash, std::move(found),
                     [this, size](const Result<SnapshotFile>& file) {
                         if (file) log_.debug("snapshot", "search written", {{"bytes", size}});
                         if (!file) log_.warn("snapshot", file.error().context, {});
                     });
}

void Keeper::forget_search() {
    if (!searches_) return;
    for (const SnapshotFile& file : search_store().list())
        SnapshotStore::remove(file);
}

async::Task<void> Keeper::restore() {
    if (!snapshots_ || std::exchange(restoring_, true)) co_return;
    for (const SnapshotFile& file : snapshot_store().list()) {
        // A file that led to another reading would lead there again.
        if (!tried_snapshots_.insert(file.hash).second) continue;
        const bool taken = co_await restore_from(file);
        if (taken) break;
    }
    restoring_ = false;
}

async::Task<bool> Keeper::restore_from(SnapshotFile file) {
    const Result<rpc::Header> there = co_await endpoints_->pool().canonical(file.number);
    const std::string name = file.path.filename().string();
    if (!there || there->head.hash != file.hash) {
        log_.info("snapshot", there ? "its block is not the chain's any more" : there.error().context,
                  {{"file", name}});
        co_return false;
    }
    Result<Bytes> bytes = SnapshotStore::read(file);
    if (engine_->state() == strategy::EngineState::ready) co_return true;  // the market was quicker
    Result<Head> head = bytes ? engine_->load(*bytes) : tl::make_unexpected(bytes.error());
    if (!head) {
        log_.warn("snapshot", head.error().context, {{"file", name}});
        SnapshotStore::remove(file);
        co_return false;
    }
    head_ = *head;
    if (submission_) submission_->on(signer::HeadSeen{head_});  // no block has to come before it may send
    follow_logs(engine_->watch());
    feed_->begin_at(*head);
    log_.info("snapshot", "taken up",
              {{"file", name}, {"block", head->number}, {"accounts", engine_->counts().accounts}});
    co_return true;
}

/// What the books held was not the chain's: what was written from them may not be either.
void Keeper::distrust_snapshots() {
    if (!snapshots_) return;
    for (const SnapshotFile& file : snapshot_store().list())
        SnapshotStore::remove(file);
}

/// While snapshots are kept.
async::Task<void> Keeper::save_regularly() {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds kSearchEvery{10'000};
    const std::chrono::milliseconds every = config_.keeper.snapshot_every;
    Clock::time_point due = Clock::now() + every;
    for (;;) {
        co_await async::sleep_for(std::min(kSearchEvery, every));
        keep_search();
        if (Clock::now() < due) continue;
        due = Clock::now() + every;
        save_snapshot();
    }
}

void Keeper::save_snapshot() {
    const std::optional<Head> head = engine_->applied();
    const bool sure = engine_->state() == strategy::EngineState::ready && engine_->readiness().ready();
    if (!sure || !head || head->hash == saved_) return;
    Result<Bytes> bytes = engine_->save();
    if (!bytes) {
        log_.warn("snapshot", bytes.error().context, {});
        return;
    }
    saved_ = head->hash;
    const std::size_t size = bytes->size();
    snapshots_->write(head->number, head->hash, *std::move(bytes),
                      [this, size](const Result<SnapshotFile>& file) {
                          if (file) {
                              log_.debug("snapshot", "written", {{"block", file->number}, {"bytes", size}});
                          } else {
                              log_.warn("snapshot", file.error().context, {});
                          }
                      });
}

}  // namespace plimsoll::bot
