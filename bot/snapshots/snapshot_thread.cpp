// SPDX-License-Identifier: Apache-2.0
#include "bot/snapshots/snapshot_thread.hpp"

#include <utility>

namespace plimsoll::bot {

SnapshotThread::SnapshotThread(SnapshotStore store, Post post)
    : store_{std::move(store)}, post_{std::move(post)}, thread_{[this] { run(); }} {}

SnapshotThread::~SnapshotThread() {
    close();
}

void SnapshotThread::write(BlockNumber number, const Hash32& hash, Bytes bytes, Done done) {
    const std::lock_guard lock{mutex_};
    if (closing_) return;
    next_ = Job{number, hash, std::move(bytes), std::move(done)};
    wake_.notify_one();
}

void SnapshotThread::close() {
    {
        const std::lock_guard lock{mutex_};
        closing_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void SnapshotThread::run() {
    while (true) {
        std::optional<Job> job;
        {
            std::unique_lock lock{mutex_};
            wake_.wait(lock, [this] { return closing_ || next_; });
            if (!next_) return;
            job = std::exchange(next_, std::nullopt);
        }
        Result<SnapshotFile> written = store_.write(job->number, job->hash, job->bytes);
        post_([done = std::move(job->done), result = std::move(written)] { done(result); });
    }
}

}  // namespace plimsoll::bot
