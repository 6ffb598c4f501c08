// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/journal_thread.hpp"

#include "tests/unit/bot/journal/journal_folder.hpp"

#include <gtest/gtest.h>

#include <atomic>
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

/// Counts commits.
class CountingJournal final : public signer::Journal {
  public:
    explicit CountingJournal(std::unique_ptr<signer::Journal> inner) : inner_{std::move(inner)} {}
    Result<void> write(std::span<const signer::JournalEntry> entries) override {
        ++commits;
        return inner_->write(entries);
    }
    Result<signer::JournalState> load() override { return inner_->load(); }
    Result<std::vector<signer::TokenTotal>> profit_by_token() override { return inner_->profit_by_token(); }

    std::atomic<int> commits = 0;

  private:
    std::unique_ptr<signer::Journal> inner_;
};

signer::JournalEntry note(signer::AttemptId id, signer::AttemptStatus status = signer::AttemptStatus::sent) {
    return signer::UpdateAttempt{id, status, {}, {}, {}};
}

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

TEST(JournalThread, OnlyFirstRowsOfNewNoncesPassNotes) {
    const JournalFolder folder;
    Mailbox mailbox;
    auto counting = std::make_unique<CountingJournal>(open_journal(folder));
    CountingJournal& journal = *counting;
    JournalThread thread{std::move(counting), mailbox.post(), std::chrono::hours{1}};
    std::vector<int> order;
    const auto says = [&order](int what) {
        return [&order, what](const Result<void>& result) {
            EXPECT_TRUE(result);
            order.push_back(what);
        };
    };
    thread.write({signer::InsertAttempt{attempt(1, 1, 5)}}, says(1));
    mailbox.run_one();
    thread.write({note(1)}, says(2));
    thread.rest();  // does not wait for the note
    EXPECT_EQ(journal.commits, 1);
    thread.write({signer::InsertAttempt{attempt(2, 2, 6)}}, says(3));
    mailbox.run_one();
    EXPECT_EQ(journal.commits, 2);
    EXPECT_EQ(order, (std::vector{1, 3}));
    // Of the nonce that the note is about.
    thread.write({signer::InsertAttempt{attempt(3, 1, 5)}}, says(4));
    mailbox.run_one();
    mailbox.run_one();
    EXPECT_EQ(journal.commits, 3);
    EXPECT_EQ(order, (std::vector{1, 3, 2, 4}));
    thread.close();
    const std::vector<signer::AttemptRow> rows = thread.journal().load()->open;
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows.at(0).status, signer::AttemptStatus::superseded);  // the note came before it
}

TEST(JournalThread, ARowThatCameInOrderAnywayIsRememberedAllTheSame) {
    const JournalFolder folder;
    Mailbox mailbox;
    auto slow = std::make_unique<SlowJournal>(open_journal(folder));
    SlowJournal& journal = *slow;
    JournalThread thread{std::move(slow), mailbox.post(), std::chrono::hours{1}};
    const auto ignore = [](const Result<void>& result) { EXPECT_TRUE(result); };
    thread.write({signer::InsertAttempt{attempt(1, 1, 5)}}, ignore);
    journal.entered.get_future().wait();
    // What lets nothing pass, and the first row of a nonce behind it.
    thread.write({note(1, signer::AttemptStatus::dropped)}, ignore);
    thread.write({signer::InsertAttempt{attempt(2, 2, 6)}}, ignore);
    journal.go.set_value();
    thread.rest();
    thread.write({note(2)}, ignore);
    thread.write({signer::InsertAttempt{attempt(3, 2, 6)}}, ignore);
    for (int i = 0; i < 4; ++i)
        mailbox.run_one();
    thread.close();
    mailbox.run_one();
    const std::vector<signer::AttemptRow> rows = thread.journal().load()->open;
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows.at(0).status, signer::AttemptStatus::superseded);
}

TEST(JournalThread, NotesOnRowsOfAnEarlierRunArePassedByNothing) {
    const JournalFolder folder;
    Mailbox mailbox;
    const auto ignore = [](const Result<void>& result) { EXPECT_TRUE(result); };
    {
        JournalThread earlier{open_journal(folder), mailbox.post()};
        earlier.write({signer::InsertAttempt{attempt(1, 1, 9)}}, ignore);
        mailbox.run_one();
    }
    JournalThread thread{open_journal(folder), mailbox.post(), std::chrono::hours{1}};
    thread.write({note(1)}, ignore);
    thread.write({signer::InsertAttempt{attempt(2, 2, 10)}}, ignore);
    mailbox.run_one();
    mailbox.run_one();
    thread.close();
    EXPECT_EQ(thread.journal().load()->open.at(0).status, signer::AttemptStatus::sent);
}

TEST(JournalThread, NotesAloneWaitAWhileOnly) {
    const JournalFolder folder;
    Mailbox mailbox;
    JournalThread thread{open_journal(folder), mailbox.post(), std::chrono::milliseconds{5}};
    thread.write({signer::InsertAttempt{attempt(1, 1, 5)}}, [](const Result<void>&) {});
    mailbox.run_one();
    bool written = false;
    thread.write({note(1)}, [&written](const Result<void>& result) { written = result.has_value(); });
    mailbox.run_one();  // nothing else is told
    EXPECT_TRUE(written);
}

TEST(JournalThread, ALastWordDoesNotWaitAndNeitherDoesWhoDrains) {
    const JournalFolder folder;
    Mailbox mailbox;
    auto counting = std::make_unique<CountingJournal>(open_journal(folder));
    CountingJournal& journal = *counting;
    JournalThread thread{std::move(counting), mailbox.post(), std::chrono::hours{1}};
    const auto ignore = [](const Result<void>& result) { EXPECT_TRUE(result); };
    thread.write({signer::InsertAttempt{attempt(1, 1, 5)}}, ignore);
    mailbox.run_one();
    thread.write({note(1)}, ignore);
    thread.drain();
    EXPECT_EQ(journal.commits, 2);
    thread.write({note(1, signer::AttemptStatus::replaced)}, ignore);
    thread.rest();
    EXPECT_EQ(journal.commits, 3);
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
