// SPDX-License-Identifier: Apache-2.0
#include "signer/signing.hpp"

#include <exception>
#include <utility>

namespace plimsoll::signer {

SignedTransaction sign(const Key& key, const ApprovedTransaction& approved) {
    return assemble(approved.fields(), key.sign(signing_hash(approved.fields())));
}

tl::expected<SignedTransaction, Refusal> approve_and_sign(const Policy& policy, const Key& key,
                                                          Purpose purpose, Transaction fields) {
    if (key.address() != policy.limits().sender) {
        return tl::make_unexpected(
            Refusal{RefusalReason::key_failed, "the key is of " + to_string(key.address()) +
                                                   ", the policy for " + to_string(policy.limits().sender)});
    }
    const auto approved = policy.approve(purpose, std::move(fields));
    if (!approved) return tl::make_unexpected(approved.error());
    try {
        return sign(key, *approved);
    } catch (const std::exception& error) {
        return tl::make_unexpected(Refusal{RefusalReason::key_failed, error.what()});
    }
}

}  // namespace plimsoll::signer
