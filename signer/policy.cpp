// SPDX-License-Identifier: Apache-2.0
#include "signer/policy.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace plimsoll::signer {

namespace {

using Verdict = std::optional<Refusal>;

/// More than all fields but the calldata take in the longest form: two 32-byte fees, a signature, lengths.
constexpr std::size_t kRoomForFields = 512;

std::string in_wei(const Wei& amount) {
    return to_decimal(amount.raw()) + " wei";
}

/// As many at a time as a byte can count: so the compiler counts sixteen of them in one step.
std::uint64_t zeros_in(BytesView bytes) noexcept {
    constexpr std::size_t kMost = 255;
    std::uint64_t out = 0;
    while (!bytes.empty()) {
        const BytesView some = bytes.first(std::min(bytes.size(), kMost));
        std::uint8_t zeros = 0;
        for (const std::uint8_t byte : some)
            zeros = static_cast<std::uint8_t>(zeros + (byte == 0 ? 1U : 0U));
        out += zeros;
        bytes = bytes.subspan(some.size());
    }
    return out;
}

Verdict refuse(RefusalReason reason, std::string text) {
    return Refusal{reason, std::move(text)};
}

Verdict check_execute(const PolicyLimits& limits, const Transaction& fields) {
    if (fields.to != limits.executor) {
        return refuse(RefusalReason::wrong_target,
                      "target " + (fields.to ? to_string(*fields.to) : "(contract creation)") +
                          " is not the executor " + to_string(limits.executor));
    }
    const bool ours = fields.data.size() >= limits.selector.size() &&
                      std::equal(limits.selector.begin(), limits.selector.end(), fields.data.begin());
    if (!ours)
        return refuse(RefusalReason::wrong_selector, "calldata does not begin with the selector of execute");
    if (fields.data.size() > kTransactionSizeCap - kRoomForFields) {
        return refuse(RefusalReason::data_over_limit, std::to_string(fields.data.size()) +
                                                          " bytes of calldata in a transaction of at most " +
                                                          std::to_string(kTransactionSizeCap));
    }
    const Gas least = least_gas(fields.data);
    if (fields.gas_limit < least) {
        return refuse(RefusalReason::gas_under_floor, "gas limit " + std::to_string(fields.gas_limit.value) +
                                                          " is below the " + std::to_string(least.value) +
                                                          " that its calldata alone costs");
    }
    const Gas most = std::min(limits.max_gas, kTransactionGasCap);
    if (fields.gas_limit > most) {
        return refuse(RefusalReason::gas_over_limit, "gas limit " + std::to_string(fields.gas_limit.value) +
                                                         " is above " + std::to_string(most.value));
    }
    return std::nullopt;
}

Verdict check_cancel(const PolicyLimits& limits, const Transaction& fields) {
    const bool plain =
        fields.to == limits.sender && fields.data.empty() && fields.gas_limit == limits.cancel_gas;
    if (plain) return std::nullopt;
    return refuse(RefusalReason::not_a_cancel, "a cancellation is a transfer of nothing to " +
                                                   to_string(limits.sender) + " with " +
                                                   std::to_string(limits.cancel_gas.value) + " gas");
}

Verdict check_fees(const PolicyLimits& limits, const Transaction& fields, const Wei& data_fee) {
    if (fields.max_fee_per_gas > limits.max_fee_per_gas) {
        return refuse(RefusalReason::fee_over_cap, in_wei(fields.max_fee_per_gas) +
                                                       " per gas is above the cap of " +
                                                       in_wei(limits.max_fee_per_gas));
    }
    if (fields.max_priority_fee_per_gas > fields.max_fee_per_gas) {
        return refuse(RefusalReason::tip_over_fee, "priority fee " + in_wei(fields.max_priority_fee_per_gas) +
                                                       " is above the fee cap " +
                                                       in_wei(fields.max_fee_per_gas));
    }
    // Without an overflow, however absurd the fee cap.
    const Wei left = limits.max_spend - std::min(limits.max_spend, data_fee);
    const U256 most = left.raw() / std::max(U256{fields.gas_limit.value}, U256{1});
    if (data_fee <= limits.max_spend && fields.max_fee_per_gas.raw() <= most) return std::nullopt;
    const std::string bytes = data_fee.is_zero() ? "" : " and " + in_wei(data_fee) + " for its bytes";
    return refuse(RefusalReason::spend_over_limit, std::to_string(fields.gas_limit.value) + " gas at " +
                                                       in_wei(fields.max_fee_per_gas) + bytes + " is above " +
                                                       in_wei(limits.max_spend) + " for a transaction");
}

Verdict check(const PolicyLimits& limits, Purpose purpose, const Transaction& fields, const Wei& data_fee) {
    if (fields.chain_id != limits.chain) {
        return refuse(RefusalReason::wrong_chain, "chain id " + std::to_string(fields.chain_id.value) +
                                                      " is not " + std::to_string(limits.chain.value));
    }
    if (fields.nonce.value == std::numeric_limits<std::uint64_t>::max()) {
        return refuse(RefusalReason::nonce_exhausted, "nonce 2^64 - 1 can never be mined (EIP-2681)");
    }
    if (!fields.value.is_zero()) {
        return refuse(RefusalReason::value_not_zero, "value " + in_wei(fields.value) + " instead of nothing");
    }
    if (!fields.access_list.empty()) {
        return refuse(RefusalReason::access_list_not_empty, "an access list instead of none");
    }
    if (!expressible(fields)) {
        return refuse(RefusalReason::wrong_type, "a transaction of type " +
                                                     std::string{to_string(fields.type)} +
                                                     " has one gas price, not a fee cap and a tip");
    }
    const Verdict shape =
        purpose == Purpose::execute ? check_execute(limits, fields) : check_cancel(limits, fields);
    if (shape) return shape;
    return check_fees(limits, fields, data_fee);
}

Refusal refusal_of(const Overspend& over) {
    const bool poor = over.window == SpendWindow::balance;
    return Refusal{poor ? RefusalReason::balance_low : RefusalReason::spend_budget, over.text};
}

}  // namespace

Gas least_gas(BytesView calldata) noexcept {
    constexpr std::uint64_t kBase = 21'000;
    const std::uint64_t zeros = zeros_in(calldata);
    const std::uint64_t tokens = zeros + 4 * (calldata.size() - zeros);
    return Gas{kBase + 10 * tokens};  // above the intrinsic 4 a token for any calldata
}

std::string_view to_string(RefusalReason reason) noexcept {
    switch (reason) {
        case RefusalReason::wrong_chain:
            return "wrong_chain";
        case RefusalReason::wrong_type:
            return "wrong_type";
        case RefusalReason::wrong_target:
            return "wrong_target";
        case RefusalReason::wrong_selector:
            return "wrong_selector";
        case RefusalReason::value_not_zero:
            return "value_not_zero";
        case RefusalReason::access_list_not_empty:
            return "access_list_not_empty";
        case RefusalReason::data_over_limit:
            return "data_over_limit";
        case RefusalReason::gas_over_limit:
            return "gas_over_limit";
        case RefusalReason::gas_under_floor:
            return "gas_under_floor";
        case RefusalReason::fee_over_cap:
            return "fee_over_cap";
        case RefusalReason::tip_over_fee:
            return "tip_over_fee";
        case RefusalReason::spend_over_limit:
            return "spend_over_limit";
        case RefusalReason::spend_budget:
            return "spend_budget";
        case RefusalReason::balance_low:
            return "balance_low";
        case RefusalReason::not_a_cancel:
            return "not_a_cancel";
        case RefusalReason::nonce_exhausted:
            return "nonce_exhausted";
        case RefusalReason::killed:
            return "killed";
        case RefusalReason::signer_lied:
            return "signer_lied";
        case RefusalReason::key_failed:
            return "key_failed";
    }
    return "unknown";
}

tl::expected<ApprovedTransaction, Refusal> Policy::approve(SpendLedger& spends, AttemptId attempt,
                                                           Purpose purpose, Transaction fields,
                                                           const Wei& data_fee) const {
    if (Verdict refusal = check(limits_, purpose, fields, data_fee))
        return tl::make_unexpected(std::move(*refusal));
    // No value passes the check above, and its sum keeps within max_spend.
    const Wei ceiling = ceiling_of(fields) + data_fee;
    if (const auto over = spends.admit(purpose, fields.nonce, attempt, ceiling))
        return tl::make_unexpected(refusal_of(*over));
    return ApprovedTransaction{std::move(fields)};
}

}  // namespace plimsoll::signer
