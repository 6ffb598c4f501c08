// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signer/keys/key.hpp"
#include "signer/policy.hpp"

namespace plimsoll::signer {

/// The only way from fields to a signature: policy first, then the key. `key` must be the key of the policy's
/// sender.
[[nodiscard]] SignedTransaction sign(const Key& key, const ApprovedTransaction& approved);

/// Both steps: what the shell does for a Sign action, and dry-run for each opportunity.
[[nodiscard]] tl::expected<SignedTransaction, Refusal> approve_and_sign(const Policy& policy, const Key& key,
                                                                        Purpose purpose, Transaction fields);

}  // namespace plimsoll::signer
