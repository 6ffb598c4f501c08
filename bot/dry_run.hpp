// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/endpoints.hpp"
#include "bot/logger.hpp"
#include "chain/async/task.hpp"
#include "chain/async/task_group.hpp"
#include "signer/fee.hpp"
#include "signer/keys/key.hpp"
#include "signer/policy.hpp"
#include "strategy/decision.hpp"

#include <cstdint>

namespace plimsoll::bot {

/// What a send decision goes through when nothing may be sent: fees, policy, encoding and a signature by a
/// key that owns nothing, then an eth_call as the operator at the block it was decided on. The bytes go
/// nowhere.
class DryRun {
  public:
    struct Parts {
        Endpoints& endpoints;
        async::TaskGroup& tasks;
        Logger& log;
    };

    DryRun(const signer::Policy& policy, const signer::SpendLimits& spend_limits,
           const signer::FeePolicy& fees, signer::Key key, const Address& operator_address, Parts parts);

    /// `head`: the newest block, for the fee. Returns microseconds from the frame to the signed bytes, or why
    /// not.
    Result<std::int64_t> decided(const strategy::Decision& decision, const Head& head);

  private:
    async::Task<void> simulate(IntentKey key, rpc::CallFrom call, Hash32 block);

    signer::Policy policy_;
    signer::SpendLimits spend_limits_;
    signer::FeePolicy fees_;
    signer::Key key_;
    Address operator_;
    Parts parts_;
};

/// Nanoseconds of the steady clock that stamps events, now.
[[nodiscard]] ReceiveTime steady_now() noexcept;

}  // namespace plimsoll::bot
