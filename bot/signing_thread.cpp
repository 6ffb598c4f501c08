// SPDX-License-Identifier: Apache-2.0
#include "bot/signing_thread.hpp"

#include "signer/signing.hpp"

#include <utility>

namespace plimsoll::bot {

SigningThread::SigningThread(const signer::Key& key, Post post)
    : key_{key}, post_{std::move(post)}, thread_{[this] { run(); }} {}

SigningThread::~SigningThread() {
    {
        const std::lock_guard lock{mutex_};
        closing_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void SigningThread::sign(signer::ApprovedTransaction approved, Done done) {
    ++open_;
    const std::lock_guard lock{mutex_};
    queue_.push_back(Job{std::move(approved), std::move(done)});
    if (queue_.size() == 1) wake_.notify_one();
}

void SigningThread::run() {
    std::vector<Job> jobs;
    for (;;) {
        {
            std::unique_lock lock{mutex_};
            wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
            if (closing_) return;
            jobs.swap(queue_);
        }
        for (Job& job : jobs) {
            tell(Told{signer::try_sign(key_, job.approved), std::move(job.done)});
            const std::lock_guard lock{mutex_};
            if (closing_) return;
        }
        jobs.clear();
    }
}

/// One task brings all results that there are by the time it runs.
void SigningThread::tell(Told told) {
    {
        const std::lock_guard lock{mutex_};
        told_.push_back(std::move(told));
        if (told_.size() > 1) return;
    }
    next_turn([this] { collect(); });
}

void SigningThread::next_turn(std::function<void()> task) {
    post_([alive = std::weak_ptr<int>{alive_}, task = std::move(task)] {
        if (!alive.expired()) task();
    });
}

void SigningThread::collect() {
    std::vector<Told> all;
    {
        const std::lock_guard lock{mutex_};
        all.swap(told_);
    }
    for (Told& one : all) {
        --open_;
        one.done(std::move(one.result));
    }
}

}  // namespace plimsoll::bot
