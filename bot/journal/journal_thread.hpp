// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "signer/journal.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace plimsoll::bot {

/// Carries a journal's writes off the writer thread. What piles up during one commit goes into the next one
/// together, in the order it was told. Callbacks never run on this object's thread: they are handed to
/// `post`, which must run them on the caller's.
class JournalThread {
  public:
    using Post = std::function<void(std::function<void()>)>;
    using Done = std::function<void(const Result<void>&)>;

    JournalThread(std::unique_ptr<signer::Journal> journal, Post post);
    /// Same as close().
    ~JournalThread();
    JournalThread(const JournalThread&) = delete;
    JournalThread& operator=(const JournalThread&) = delete;
    JournalThread(JournalThread&&) = delete;
    JournalThread& operator=(JournalThread&&) = delete;

    /// All of `entries` or none; `done` tells that they are durable, or Errc::storage_failed. After a failure
    /// nothing more is written: every later entry fails with the same error. After close() entries are
    /// refused likewise.
    void write(std::vector<signer::JournalEntry> entries, Done done);
    /// Waits until everything told before is written and its callbacks are posted.
    void drain();
    /// Writes what is queued, posts the callbacks and ends the thread; may be called twice.
    void close();
    /// The journal itself, for reading after close().
    [[nodiscard]] signer::Journal& journal() noexcept { return *journal_; }

  private:
    struct Job {
        std::vector<signer::JournalEntry> entries;
        Done done;
    };
    void run();
    void carry_out(std::vector<Job> jobs);

    std::unique_ptr<signer::Journal> journal_;
    Post post_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable rest_;
    std::vector<Job> queue_;  // guarded by mutex_
    bool closing_ = false;    // guarded by mutex_
    bool writing_ = false;    // guarded by mutex_
    Result<void> failure_{};  // journal thread only
    std::thread thread_;
};

}  // namespace plimsoll::bot
