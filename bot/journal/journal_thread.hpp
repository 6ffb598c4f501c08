// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "signer/journal.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace plimsoll::bot {

/// Carries a journal's writes off the writer thread. What piles up during one commit goes into the next one
/// together, in the order it was told. Callbacks never run on this object's thread: they are handed to
/// `post`, which must run them on the caller's.
///
/// How far a durable attempt has come (maybe_sent, sent, seen, mined, reorged) is a note that nobody waits
/// for: whoever finds the row without it takes it for sent and asks the chain. Such notes keep no disk busy
/// that a send may want at any moment: they go with the next write that is waited for, or after `linger`.
class JournalThread {
  public:
    using Post = std::function<void(std::function<void()>)>;
    using Done = std::function<void(const Result<void>&)>;
    static constexpr std::chrono::milliseconds kLinger{20};

    JournalThread(std::unique_ptr<signer::Journal> journal, Post post,
                  std::chrono::milliseconds linger = kLinger);
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
    /// Waits until everything told before is written and its callbacks are posted; notes do not linger.
    void drain();
    /// Waits until nothing is being written and nothing but lingering notes is left.
    void rest();
    /// Writes what is queued, posts the callbacks and ends the thread; may be called twice.
    void close();
    /// The journal itself, for reading after close().
    [[nodiscard]] signer::Journal& journal() noexcept { return *journal_; }

  private:
    struct Job {
        std::vector<signer::JournalEntry> entries;
        Done done;
        bool note{};
    };
    using Clock = std::chrono::steady_clock;
    void run();
    void wait_for_work(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] std::vector<Job> take_jobs();
    [[nodiscard]] bool passes_notes(const Job& job);
    [[nodiscard]] bool is_of_this_run(const Job& note) const;
    void carry_out(std::vector<Job> jobs);

    std::unique_ptr<signer::Journal> journal_;
    Post post_;
    std::chrono::milliseconds linger_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable rest_;
    std::vector<Job> queue_;                     // guarded by mutex_, like all up to writing_
    Clock::time_point due_;                      // when the oldest queued note goes
    std::size_t notes_ = 0;                      // queued
    bool awaited_ = false;                       // something queued is waited for
    bool ordered_ = false;                       // something queued must not pass a note, or be passed
    std::optional<signer::AttemptId> first_id_;  // of this object's rows; ids count up
    Nonce top_nonce_;                            // of them
    unsigned draining_ = 0;                      // callers of drain()
    bool closing_ = false;
    bool writing_ = false;
    Result<void> failure_{};  // journal thread only
    std::thread thread_;
};

}  // namespace plimsoll::bot
