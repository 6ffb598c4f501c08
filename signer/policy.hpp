// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/result.hpp"
#include "signer/attempt.hpp"
#include "signer/spend.hpp"
#include "signer/transaction.hpp"

#include <tl/expected.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plimsoll::signer {

/// No transaction may ask for more gas (EIP-7825).
inline constexpr Gas kTransactionGasCap{1U << 24U};
/// No node's pool takes a longer transaction: geth's txMaxSize, signature included.
inline constexpr std::size_t kTransactionSizeCap = std::size_t{128} << 10U;

/// The gas that a call with this calldata costs at the very least: the intrinsic gas (Yellow Paper, 6.2, with
/// the 16 of EIP-2028) or the floor of EIP-7623, whichever is more.
[[nodiscard]] Gas least_gas(BytesView calldata) noexcept;

/// What this process may sign at all.
struct PolicyLimits {
    ChainId chain;
    Address sender;
    Address executor;
    std::array<std::uint8_t, 4> selector{};  // Executor.execute(Plan)
    Gas max_gas;                             // per transaction; kTransactionGasCap holds above it
    Gas cancel_gas{21'000};                  // what a plain transfer takes on this chain
    Wei max_fee_per_gas;                     // absolute
    Wei max_spend;                           // gas limit x fee cap + data fee, per transaction
};

enum class RefusalReason : std::uint8_t {
    wrong_chain,
    wrong_type,  // the transaction's type cannot say what its fields do
    wrong_target,
    wrong_selector,
    value_not_zero,
    access_list_not_empty,
    data_over_limit,  // the signed transaction would be too long for every node
    gas_over_limit,
    gas_under_floor,  // no block could hold it
    fee_over_cap,
    tip_over_fee,
    spend_over_limit,  // of one transaction
    spend_budget,      // of an hour or a day
    balance_low,       // what is under way and the floor are not covered
    not_a_cancel,
    nonce_exhausted,
    killed,       // the operator's kill switch lets only cancellations through
    signer_lied,  // a remote signer returned another transaction, or another key's
    key_failed,   // the policy said yes, but no signature came
};

[[nodiscard]] std::string_view to_string(RefusalReason reason) noexcept;

struct Refusal {
    RefusalReason reason{};
    std::string text;  // with the numbers
    friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// A transaction the policy agreed to. Only a Policy makes one, and signing takes nothing else.
class ApprovedTransaction {
  public:
    [[nodiscard]] const Transaction& fields() const noexcept { return fields_; }

  private:
    friend class Policy;
    explicit ApprovedTransaction(Transaction fields) : fields_{std::move(fields)} {}
    Transaction fields_;
};

/// The check in the signing path, before the key is touched.
class Policy {
  public:
    explicit Policy(const PolicyLimits& limits) : limits_{limits} {}
    /// What it agrees to is charged to `spends` as what `attempt` may cost at most; a refusal changes nothing
    /// there. `data_fee` is the most that a rollup takes for the bytes, beside the gas.
    [[nodiscard]] tl::expected<ApprovedTransaction, Refusal> approve(SpendLedger& spends, AttemptId attempt,
                                                                     Purpose purpose, Transaction fields,
                                                                     const Wei& data_fee = {}) const;
    [[nodiscard]] const PolicyLimits& limits() const noexcept { return limits_; }

  private:
    PolicyLimits limits_;
};

}  // namespace plimsoll::signer
