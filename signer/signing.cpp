// SPDX-License-Identifier: Apache-2.0
#include "signer/signing.hpp"

#include "signer/draft.hpp"

#include <exception>
#include <utility>

namespace plimsoll::signer {

SignedTransaction sign(const Key& key, const ApprovedTransaction& approved) {
    Draft draft{approved.fields()};
    return std::move(draft).signed_with(key.sign(draft.digest()));
}

tl::expected<SignedTransaction, Refusal> try_sign(const Key& key, const ApprovedTransaction& approved) {
    try {
        return sign(key, approved);
    } catch (const std::exception& error) {
        return tl::make_unexpected(Refusal{RefusalReason::key_failed, error.what()});
    }
}

tl::expected<ApprovedTransaction, Refusal> approve_for(const Policy& policy, SpendLedger& spends,
                                                       const Key& key, AttemptId attempt, Purpose purpose,
                                                       Transaction fields, const Wei& data_fee) {
    if (key.address() != policy.limits().sender) {
        return tl::make_unexpected(
            Refusal{RefusalReason::key_failed, "the key is of " + to_string(key.address()) +
                                                   ", the policy for " + to_string(policy.limits().sender)});
    }
    return policy.approve(spends, attempt, purpose, std::move(fields), data_fee);
}

tl::expected<SignedTransaction, Refusal> approve_and_sign(const Policy& policy, SpendLedger& spends,
                                                          const Key& key, AttemptId attempt, Purpose purpose,
                                                          Transaction fields, const Wei& data_fee) {
    const auto approved = approve_for(policy, spends, key, attempt, purpose, std::move(fields), data_fee);
    if (!approved) return tl::make_unexpected(approved.error());
    auto made = try_sign(key, *approved);
    if (!made) spends.release(attempt);
    return made;
}

}  // namespace plimsoll::signer
