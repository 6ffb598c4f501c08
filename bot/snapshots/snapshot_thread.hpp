// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/snapshots/snapshot_store.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace plimsoll::bot {

/// Writes snapshots on a thread of its own. At most one waits: a newer one takes its place, and the older one
/// is not written.
class SnapshotThread {
  public:
    using Post = std::function<void(std::function<void()>)>;
    using Done = std::function<void(const Result<SnapshotFile>&)>;

    /// `post` must run what it is given on the caller's thread.
    SnapshotThread(SnapshotStore store, Post post);
    /// Same as close().
    ~SnapshotThread();
    SnapshotThread(const SnapshotThread&) = delete;
    SnapshotThread& operator=(const SnapshotThread&) = delete;

    /// `done` is posted once the file is durable, or could not be written.
    void write(BlockNumber number, const Hash32& hash, Bytes bytes, Done done);
    /// Writes what waits and ends the thread; may be called twice.
    void close();

  private:
    struct Job {
        BlockNumber number;
        Hash32 hash;
        Bytes bytes;
        Done done;
    };
    void run();

    SnapshotStore store_;
    Post post_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::optional<Job> next_;  // guarded by mutex_
    bool closing_ = false;     // guarded by mutex_
    std::thread thread_;
};

}  // namespace plimsoll::bot
