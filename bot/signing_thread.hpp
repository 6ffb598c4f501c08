// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signer/keys/key.hpp"
#include "signer/policy.hpp"
#include "signer/transaction.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace plimsoll::bot {

/// Signs beside the writer thread what the policy approved there, in the order asked: a signature takes
/// longer than all else a transaction needs of the processor. The key stays where it is, and must outlive
/// this.
class SigningThread {
  public:
    /// Runs a task on the writer thread.
    using Post = std::function<void(std::function<void()>)>;
    using Made = tl::expected<signer::SignedTransaction, signer::Refusal>;
    using Done = std::function<void(Made)>;

    SigningThread(const signer::Key& key, Post post);
    /// What is not signed yet stays so, and nobody is told.
    ~SigningThread();
    SigningThread(const SigningThread&) = delete;
    SigningThread& operator=(const SigningThread&) = delete;
    SigningThread(SigningThread&&) = delete;
    SigningThread& operator=(SigningThread&&) = delete;

    /// `done` is called on the writer thread, unless this ends before.
    void sign(signer::ApprovedTransaction approved, Done done);
    /// Runs this in a later turn of the writer thread, unless this object ends before.
    void next_turn(std::function<void()> task);
    /// How many are asked for and not told; for the writer thread.
    [[nodiscard]] std::size_t open() const noexcept { return open_; }

  private:
    struct Job {
        signer::ApprovedTransaction approved;
        Done done;
    };
    struct Told {
        Made result;
        Done done;
    };
    void run();
    void tell(Told told);
    void collect();

    const signer::Key& key_;
    Post post_;
    std::size_t open_ = 0;  // writer thread only
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Job> queue_;  // guarded by mutex_
    std::vector<Told> told_;  // guarded by mutex_
    bool closing_ = false;    // guarded by mutex_
    /// A task may still be on its way through the writer's event loop when this ends: it looks here first.
    std::shared_ptr<int> alive_ = std::make_shared<int>();
    std::thread thread_;
};

}  // namespace plimsoll::bot
