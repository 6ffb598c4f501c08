// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/journal_thread.hpp"

#include "tests/unit/bot/journal/journal_folder.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <future>
#include <optional>

namespace plimsoll::bot {
namespace {

/// The caller's side: runs what was posted, on the thread that asks.
class Mailbox {
  public:
    JournalThread::Post post() {
        return [this](std::function<void()> task) {
            const std::lock_guard lock{mutex_};
            tasks_.push_back(std::move(task));
            wake_.notify_one();
        };
    }
    void run_one() {
        std::function<void()> task;
        {
            std::unique_lock lock{mutex_};
            wake_.wait(lock, [this] { return !tasks_.empty(); });
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        task();
    }

  private:
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> tasks_;
};

/// Lets the test hold a commit back, and counts commits.
class SlowJournal final : public signer::Journal {
  public:
    explicit SlowJournal(std::unique_ptr<signer::Journal> inner) : inner_{std::move(inner)} {}
    Result<void> write(std::span<const signer::JournalEntry> entries) override {
        ++commits;
        if (commits == 1) {
            entered.set_value();
            go.get_future().wait();
        }
        return inner_->write(entries);
    }
    Result<signer::JournalState> load() override { return inner_->load(); }
    Result<std::vector<signer::TokenTotal>> profit_by_token() override { return inner_->profit_by_token(); }

    std::promise<void> entered;
    std::promise<void> go;
    int commits = 0;

  private:
    std::unique_ptr<signer::Journal> inner_;
};

TEST(JournalThread, TellsThatARowIsDurableOnTheCallersThread) {
    const JournalFolder folder;
    Mailbox mailbox;
    JournalThread thread{open_journal(folder), mailbox.post()};
    std::optional<std::thread::id> told;
    thread.write({signer::InsertAttempt{attempt(1, 1, 5)}}, [&told](const Result<void>& result) {
        EXPECT_TRUE(result);
        told = std::this_thread::get_id();
    });
    mailbox.run_one();
    EXPECT_EQ(told, std::this_thread::get_id());
    thread.close();
    EXPECT_EQ(thread.journal().load()->open.size(), 1U);
}

TEST(JournalThread, WhatPilesUpDuringACommitIsWrittenTogetherAndInOrder) {
    const JournalFolder folder;
    Mailbox mailbox;
    auto slow = std::make_unique<SlowJournal>(open_journal(folder));
    SlowJournal& journal = *slow;
    JournalThread thread{std::move(slow), mailbox.post()};
    std::vector<signer::AttemptId> order;
    const auto write = [&](signer::AttemptId id) {
        thread.write({signer::InsertAttempt{attempt(id, id, id)}}, [&order, id](const Result<void>& result) {
            EXPECT_TRUE(result);
            order.push_back(id);
        });
    };
    write(1);
    journal.entered.get_future().wait();
    for (signer::AttemptId id = 2; id <= 20; ++id)
        write(id);
    journal.go.set_value();
    for (int i = 0; i < 20; ++i)
        mailbox.run_one();
    EXPECT_EQ(journal.commits, 2);
    ASSERT_EQ(order.size(), 20U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(JournalThread, AfterAFailureNothingMoreIsWritten) {
    const JournalFolder folder;
    Mailbox mailbox;
    JournalThread thread{open_journal(folder), mailbox.post()};
    int failures = 0;
    const auto count = [&failures](const Result<void>& result) { failures += result ? 0 : 1; };
    thread.write({signer::UpdateAttempt{7, signer::AttemptStatus::sent, {}, {}}}, count);
    mailbox.run_one();
    thread.write({signer::InsertAttempt{attempt(1, 1, 5)}}, count);
    mailbox.run_one();
    EXPECT_EQ(failures, 2);
    thread.close();
    EXPECT_TRUE(thread.journal().load()->open.empty());
}

TEST(JournalThread, CloseWritesWhatIsQueuedAndRefusesWhatComesLater) {
    const JournalFolder folder;
    Mailbox mailbox;
    JournalThread thread{open_journal(folder), mailbox.post()};
    for (signer::AttemptId id = 1; id <= 50; ++id)
        thread.write({signer::InsertAttempt{attempt(id, id, id)}},
                     [](const Result<void>& result) { EXPECT_TRUE(result); });
    thread.close();
    EXPECT_EQ(thread.journal().load()->open.size(), 50U);
    for (int i = 0; i < 50; ++i)
        mailbox.run_one();
    bool refused = false;
    thread.write({signer::InsertAttempt{attempt(51, 51, 51)}},
                 [&refused](const Result<void>& result) { refused = !result; });
    mailbox.run_one();
    EXPECT_TRUE(refused);
}

}  // namespace
}  // namespace plimsoll::bot
