// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "signer/fee.hpp"
#include "signer/keys/key.hpp"
#include "signer/policy.hpp"
#include "signer/transaction.hpp"

#include <optional>

namespace plimsoll::signer {

/// The way from a decision to a signed transaction, gone with a key that owns nothing: so that price, policy,
/// hash and curve are in the processor's caches when there is something to send.
class Rehearsal {
  public:
    /// `limits` and `fees` are the real ones. Errc::key_unavailable if the kernel gives no random bytes.
    [[nodiscard]] static Result<Rehearsal> of(PolicyLimits limits, const FeeLimits& fees);

    /// What would be signed to execute `calldata` after `head`; nothing if the policy or the fees forbid it.
    [[nodiscard]] std::optional<SignedTransaction> sign(const Head& head, Bytes calldata, Gas gas_limit);

  private:
    Rehearsal(const PolicyLimits& limits, const FeeLimits& fees, Key key);

    Key key_;
    Policy policy_;
    FeePolicy fees_;
};

}  // namespace plimsoll::signer
