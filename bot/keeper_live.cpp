// SPDX-License-Identifier: Apache-2.0
// What is looked at before anything is sent beyond this machine.
#include "bot/executor_artifact.hpp"
#include "bot/keeper.hpp"
#include "bot/live_checklist.hpp"
#include "chain/async/deadline.hpp"
#include "signer/delegation.hpp"

namespace plimsoll::bot {

async::Task<std::optional<Ending>> Keeper::meet_checklist() {
    if (!beyond_) co_return std::nullopt;
    const std::string refusal = "live was asked for and is not allowed beyond this machine: ";
    const std::optional<std::string> why = why_not_live(live_checklist(config_, options_.origins));
    if (why) {
        co_return Ending{ExitCode::refused,
                         refusal + *why + ". Nothing was sent; see plimsoll check --for-live"};
    }
    const Result<Bytes> code =
        co_await endpoints_->reader().get_code(config_.executor.address, facts_.head.hash);
    if (!code) co_return Ending{exit_code(code.error().code), code.error().context};
    if (is_executor_code(*code)) co_return std::nullopt;
    co_return Ending{ExitCode::refused,
                     refusal +
                         "the Executor's code is not the one this program comes with (plimsoll "
                         "contract verify, plimsoll contract deploy). Nothing was sent"};
}

async::Task<void> Keeper::look_for_delegation(Address sender) {
    const Result<Bytes> code = co_await endpoints_->reader().get_code(sender, head_.hash);
    if (!code) log_.warn("endpoint", "the key's code could not be read: " + code.error().context, {});
    if (!code) co_return;
    const std::optional<Address> delegate = signer::delegate_of(*code);
    if (delegate.has_value() == delegated_) co_return;
    delegated_ = delegate.has_value();
    if (submission_) submission_->on(signer::Delegated{delegated_});
    if (delegate) {
        log_.warn("mode", "the key is delegated (EIP-7702): nodes hold one transaction of it at a time",
                  {{"key", sender}, {"delegate", *delegate}});
    } else {
        log_.info("mode", "the key is no longer delegated", {{"key", sender}});
    }
}

/// Anybody who has the key can delegate it, and any block may hold that: looked at every few blocks, one
/// question each time, beside everything else.
async::Task<void> Keeper::watch_delegation() {
    constexpr std::uint64_t kBlocks = 4;
    constexpr std::chrono::milliseconds kLeast{1'000};
    BlockNumber looked = head_.number;
    for (;;) {
        co_await async::sleep_for(kLeast);
        if (head_.number < looked.next(kBlocks) && looked <= head_.number) continue;
        looked = head_.number;
        co_await look_for_delegation(submission_->sender());
    }
}

}  // namespace plimsoll::bot
