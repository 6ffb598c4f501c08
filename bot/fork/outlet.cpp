// SPDX-License-Identifier: Apache-2.0
#include "bot/fork/outlet.hpp"

#include "bot/dry_run.hpp"
#include "signer/signing.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::bot {

namespace {

/// How long a batch waits for more decisions on its head, if no further head comes.
constexpr std::chrono::milliseconds kSettle{2'000};
constexpr std::size_t kHeadsKept = 256;

}  // namespace

ForkOutlet::ForkOutlet(boost::asio::any_io_executor executor, ForkStage& stage, const signer::Policy& policy,
                       const signer::FeePolicy& fees, OnPlayed on_played)
    : stage_{stage},
      policy_{policy},
      fees_{fees},
      on_played_{std::move(on_played)},
      changed_{std::move(executor)} {}

void ForkOutlet::head(const Head& head) {
    heads_.push_back(head);
    if (heads_.size() > kHeadsKept) heads_.pop_front();
    changed_.notify_all();
}

const Head* ForkOutlet::find(const Hash32& hash) const {
    const auto found =
        std::find_if(heads_.rbegin(), heads_.rend(), [&hash](const Head& head) { return head.hash == hash; });
    return found == heads_.rend() ? nullptr : &*found;
}

Result<std::int64_t> ForkOutlet::decided(const strategy::Decision& decision) {
    const Head* const head = find(decision.block_hash);
    if (head == nullptr) return fail(Errc::not_found, "the header it was decided on is not at hand");
    signer::Bid bid;
    bid.gas = decision.gas_limit;
    bid.data_fee = decision.data_fee;
    PLIMSOLL_TRY(const fees::FeeQuote fee, fees_.price(*head, bid));
    if (counted_on_ != head->hash) nonce_ = 0;
    counted_on_ = head->hash;
    const signer::PolicyLimits& limits = policy_.limits();
    signer::Transaction fields;
    fields.chain_id = limits.chain;
    fields.nonce = Nonce{nonce_};
    fields.max_priority_fee_per_gas = fee.max_priority_fee_per_gas;
    fields.max_fee_per_gas = fee.max_fee_per_gas;
    fields.gas_limit = decision.gas_limit;
    fields.to = limits.executor;
    fields.data = decision.calldata;
    signer::SpendLedger spends{signer::SpendLimits{}};  // the fork's coin is nobody's
    auto made = signer::approve_and_sign(policy_, spends, stage_.key(), 0, signer::Purpose::execute,
                                         std::move(fields), decision.data_fee);
    if (!made) return fail(Errc::refused, made.error().text);
    ++nonce_;
    const std::int64_t microseconds = (steady_now().nanoseconds - decision.triggered.nanoseconds) / 1000;
    if (waiting_.empty() || waiting_.back().batch.head.hash != head->hash) {
        waiting_.push_back(Waiting{{}, Clock::now() + kSettle});
        waiting_.back().batch.head = *head;
    }
    waiting_.back().batch.sends.push_back(
        ForkedSend{decision, std::move(made->raw), made->hash, microseconds, std::nullopt, {}});
    changed_.notify_all();
    return microseconds;
}

async::Task<void> ForkOutlet::run() {
    for (;;) {
        if (waiting_.empty()) {
            co_await changed_.wait();
            continue;
        }
        const bool superseded = heads_.back().hash != waiting_.front().batch.head.hash;
        const Clock::time_point due = waiting_.front().due;
        if (!superseded && Clock::now() < due) {
            co_await changed_.wait_until(due);
            continue;
        }
        ForkedBatch batch = std::move(waiting_.front().batch);
        waiting_.pop_front();
        playing_ = true;
        const Result<void> played = co_await stage_.play(batch);
        playing_ = false;
        on_played_(batch, played);
    }
}

}  // namespace plimsoll::bot
