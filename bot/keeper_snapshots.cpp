// SPDX-License-Identifier: Apache-2.0
// The books on disk: written while the keeper runs and when it ends, taken up where their block is still the
// chain's.
#include "bot/keeper.hpp"
#include "chain/async/deadline.hpp"

#include <utility>

namespace plimsoll::bot {

SnapshotStore Keeper::snapshot_store() const {
    return SnapshotStore{data_folder() / "snapshots"};
}

void Keeper::open_snapshots() {
    // On a fork the prices may not be the chain's.
    if (options_.fork || config_.keeper.snapshot_every.count() == 0) return;
    snapshots_ = std::make_unique<SnapshotThread>(
        snapshot_store(), [this](std::function<void()> task) { boost::asio::post(io_, std::move(task)); });
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
    feed_->watch(engine_->watch());
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

async::Task<void> Keeper::save_regularly() {
    if (!snapshots_) co_await shutdown_.wait();
    for (;;) {
        co_await async::sleep_for(config_.keeper.snapshot_every);
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
