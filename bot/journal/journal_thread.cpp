// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/journal_thread.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

namespace plimsoll::bot {

namespace {

/// Whether an entry only says how far an attempt has come that is durable as it is. One that was fired says
/// more.
bool is_note(const signer::JournalEntry& entry) {
    const auto* const update = std::get_if<signer::UpdateAttempt>(&entry);
    if (update == nullptr || update->first_head) return false;
    switch (update->status) {
        case signer::AttemptStatus::maybe_sent:
        case signer::AttemptStatus::sent:
        case signer::AttemptStatus::seen:
        case signer::AttemptStatus::mined:
        case signer::AttemptStatus::reorged:
            return true;
        default:
            return false;
    }
}

}  // namespace

JournalThread::JournalThread(std::unique_ptr<signer::Journal> journal, Post post,
                             std::chrono::milliseconds linger)
    : journal_{std::move(journal)}, post_{std::move(post)}, linger_{linger}, thread_{[this] { run(); }} {}

JournalThread::~JournalThread() {
    close();
}

void JournalThread::write(std::vector<signer::JournalEntry> entries, Done done) {
    {
        const std::lock_guard lock{mutex_};
        if (!closing_) {
            Job job{std::move(entries), std::move(done), false};
            job.note = std::all_of(job.entries.begin(), job.entries.end(), is_note);
            const bool wakes = queue_.empty() || (!job.note && !awaited_);
            if (job.note && notes_++ == 0) due_ = Clock::now() + linger_;
            const bool free = job.note ? is_of_this_run(job) : passes_notes(job);
            ordered_ = ordered_ || !free;
            awaited_ = awaited_ || !job.note;
            queue_.push_back(std::move(job));
            if (wakes) wake_.notify_one();
            return;
        }
    }
    post_([done = std::move(done)] { done(fail(Errc::storage_failed, "the journal is closed")); });
}

void JournalThread::drain() {
    std::unique_lock lock{mutex_};
    ++draining_;
    wake_.notify_one();
    rest_.wait(lock, [this] { return queue_.empty() && !writing_; });
    --draining_;
}

void JournalThread::rest() {
    std::unique_lock lock{mutex_};
    rest_.wait(lock, [this] { return !awaited_ && !writing_; });
}

void JournalThread::close() {
    {
        const std::lock_guard lock{mutex_};
        closing_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void JournalThread::wait_for_work(std::unique_lock<std::mutex>& lock) {
    wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    const auto wanted = [this] { return closing_ || awaited_ || draining_ != 0; };
    wake_.wait_until(lock, due_, wanted);
}

/// Whether the job holds nothing but reservations and first rows of nonces above all that this object wrote:
/// what its notes tell of lies below. Remembers the rows, whatever else is queued.
bool JournalThread::passes_notes(const Job& job) {
    bool passes = true;
    for (const signer::JournalEntry& entry : job.entries) {
        if (const auto* const made = std::get_if<signer::InsertAttempt>(&entry)) {
            passes = passes && (!first_id_ || top_nonce_ < made->row.nonce);
            if (!first_id_) first_id_ = made->row.id;
            top_nonce_ = std::max(top_nonce_, made->row.nonce);
        } else {
            passes = passes && std::holds_alternative<signer::ReserveNonces>(entry);
        }
    }
    return passes;
}

bool JournalThread::is_of_this_run(const Job& note) const {
    return std::all_of(note.entries.begin(), note.entries.end(), [this](const signer::JournalEntry& entry) {
        return first_id_ && *first_id_ <= std::get<signer::UpdateAttempt>(entry).id;
    });
}

/// All that is queued; or, while notes need not go yet, what may pass them.
std::vector<JournalThread::Job> JournalThread::take_jobs() {
    const bool all =
        ordered_ || closing_ || draining_ != 0 || !awaited_ || notes_ == 0 || due_ <= Clock::now();
    std::vector<Job> jobs = std::exchange(queue_, {});
    awaited_ = false;
    if (!all) {
        const auto notes =
            std::stable_partition(jobs.begin(), jobs.end(), [](const Job& job) { return !job.note; });
        queue_.assign(std::make_move_iterator(notes), std::make_move_iterator(jobs.end()));
        jobs.erase(notes, jobs.end());
        return jobs;
    }
    ordered_ = false;
    notes_ = 0;
    return jobs;
}

void JournalThread::run() {
    while (true) {
        std::vector<Job> jobs;
        {
            std::unique_lock lock{mutex_};
            wait_for_work(lock);
            if (queue_.empty()) return;
            jobs = take_jobs();
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
