// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/fork/stage.hpp"
#include "chain/async/condition.hpp"
#include "signer/fee.hpp"
#include "signer/policy.hpp"

#include <chrono>
#include <deque>
#include <functional>

namespace plimsoll::bot {

/// Where send decisions go when they shall come true on a fork only: fees, policy and signature at once, as
/// live; then all that was decided on one head is played there together, in the order of the decisions, as
/// they would share the next block live.
class ForkOutlet {
  public:
    using OnPlayed = std::function<void(const ForkedBatch&, const Result<void>&)>;

    ForkOutlet(boost::asio::any_io_executor executor, ForkStage& stage, const signer::Policy& policy,
               const signer::FeePolicy& fees, OnPlayed on_played);

    /// A head of the origin; what was decided on earlier ones is complete.
    void head(const Head& head);
    /// Returns microseconds from the frame to the signed bytes, or why not.
    Result<std::int64_t> decided(const strategy::Decision& decision);
    /// Plays batches as they become due, until cancelled.
    async::Task<void> run();
    /// Nothing waits and nothing is being played.
    [[nodiscard]] bool idle() const noexcept { return waiting_.empty() && !playing_; }

  private:
    using Clock = std::chrono::steady_clock;
    struct Waiting {
        ForkedBatch batch;
        Clock::time_point due;
    };
    [[nodiscard]] const Head* find(const Hash32& hash) const;

    ForkStage& stage_;
    signer::Policy policy_;
    signer::FeePolicy fees_;
    OnPlayed on_played_;
    std::deque<Head> heads_;  // the newest ones
    std::deque<Waiting> waiting_;
    bool playing_ = false;
    Hash32 counted_on_;  // the head that nonce_ counts for
    std::uint64_t nonce_ = 0;
    async::Condition changed_;
};

}  // namespace plimsoll::bot
