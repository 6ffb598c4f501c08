// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/journal_thread.hpp"

#include <iterator>
#include <utility>

namespace plimsoll::bot {

JournalThread::JournalThread(std::unique_ptr<signer::Journal> journal, Post post)
    : journal_{std::move(journal)}, post_{std::move(post)}, thread_{[this] { run(); }} {}

JournalThread::~JournalThread() {
    close();
}

void JournalThread::write(std::vector<signer::JournalEntry> entries, Done done) {
    {
        const std::lock_guard lock{mutex_};
        if (!closing_) {
            queue_.push_back(Job{std::move(entries), std::move(done)});
            wake_.notify_one();
            return;
        }
    }
    post_([done = std::move(done)] { done(fail(Errc::storage_failed, "the journal is closed")); });
}

void JournalThread::drain() {
    std::unique_lock lock{mutex_};
    rest_.wait(lock, [this] { return queue_.empty() && !writing_; });
}

void JournalThread::close() {
    {
        const std::lock_guard lock{mutex_};
        closing_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void JournalThread::run() {
    while (true) {
        std::vector<Job> jobs;
        {
            std::unique_lock lock{mutex_};
            wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
            if (queue_.empty()) return;
            jobs.swap(queue_);
            writing_ = true;
        }
        carry_out(std::move(jobs));
        {
            const std::lock_guard lock{mutex_};
            writing_ = false;
        }
        rest_.notify_all();
    }
}

void JournalThread::carry_out(std::vector<Job> jobs) {
    if (failure_) {
        std::vector<signer::JournalEntry> entries;
        entries.reserve(jobs.size());
        for (Job& job : jobs)
            entries.insert(entries.end(), std::make_move_iterator(job.entries.begin()),
                           std::make_move_iterator(job.entries.end()));
        failure_ = journal_->write(entries);
    }
    for (Job& job : jobs)
        post_([done = std::move(job.done), result = failure_] { done(result); });
}

}  // namespace plimsoll::bot
