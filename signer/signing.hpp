// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signer/keys/key.hpp"
#include "signer/policy.hpp"

namespace plimsoll::signer {

/// The only way from fields to a signature: policy first, then the key. `key` must be the key of the policy's
/// sender.
[[nodiscard]] SignedTransaction sign(const Key& key, const ApprovedTransaction& approved);

/// The second step, an error of the key being a refusal (key_failed). Safe on several threads at once.
[[nodiscard]] tl::expected<SignedTransaction, Refusal> try_sign(const Key& key,
                                                                const ApprovedTransaction& approved);

/// The first step for this key (Policy::approve): a policy made for another sender approves nothing. Whoever
/// gets no signature in the end releases the attempt.
[[nodiscard]] tl::expected<ApprovedTransaction, Refusal> approve_for(const Policy& policy,
                                                                     SpendLedger& spends, const Key& key,
                                                                     AttemptId attempt, Purpose purpose,
                                                                     Transaction fields,
                                                                     const Wei& data_fee = {});

/// Both steps: what the shell does for a Sign action, and dry-run for each opportunity. What is not signed in
/// the end is not charged either.
[[nodiscard]] tl::expected<SignedTransaction, Refusal> approve_and_sign(const Policy& policy,
                                                                        SpendLedger& spends, const Key& key,
                                                                        AttemptId attempt, Purpose purpose,
                                                                        Transaction fields,
                                                                        const Wei& data_fee = {});

}  // namespace plimsoll::signer
