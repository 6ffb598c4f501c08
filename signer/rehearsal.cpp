// SPDX-License-Identifier: Apache-2.0
#include "signer/rehearsal.hpp"

#include "signer/signing.hpp"
#include "signer/spend.hpp"

#include <utility>

namespace plimsoll::signer {

Rehearsal::Rehearsal(const PolicyLimits& limits, const FeeLimits& fees, Key key)
    : key_{std::move(key)}, policy_{limits}, fees_{fees} {}

Result<Rehearsal> Rehearsal::of(PolicyLimits limits, const FeeLimits& fees) {
    PLIMSOLL_TRY(Key key, throwaway_key());
    limits.sender = key.address();
    return Rehearsal{limits, fees, std::move(key)};
}

std::optional<SignedTransaction> Rehearsal::sign(const Head& head, Bytes calldata, Gas gas_limit) {
    const auto fee = fees_.price(head);
    if (!fee) return std::nullopt;
    const PolicyLimits& limits = policy_.limits();
    Transaction fields;
    fields.chain_id = limits.chain;
    fields.max_priority_fee_per_gas = fee->max_priority_fee_per_gas;
    fields.max_fee_per_gas = fee->max_fee_per_gas;
    fields.gas_limit = gas_limit;
    fields.to = limits.executor;
    fields.data = std::move(calldata);
    SpendLedger spends{SpendLimits{}};  // nothing of it is spent
    auto made = approve_and_sign(policy_, spends, key_, 1, Purpose::execute, std::move(fields), Wei{});
    if (!made) return std::nullopt;
    return *std::move(made);
}

}  // namespace plimsoll::signer
