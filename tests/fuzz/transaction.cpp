// SPDX-License-Identifier: Apache-2.0
// The transaction decoder, as bytes of a remote signer reach it: what is accepted is canonical, has one
// sender, and passes for what was asked only if it is that; what the policy agrees to is within its limits.
#include "signer/transaction.hpp"

#include "chain/primitives/hex.hpp"
#include "signer/policy.hpp"
#include "signer/remote_signing.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>

namespace plimsoll::fuzz {
namespace {

using signer::SignedTransaction;
using signer::Transaction;

/// One field more or less.
Transaction changed(Transaction fields, std::uint8_t which) {
    switch (which % 6) {
        case 0:
            fields.chain_id.value ^= 1U;
            break;
        case 1:
            fields.nonce.value ^= 1U;
            break;
        case 2:
            fields.gas_limit.value ^= 1U;
            break;
        case 3:
            fields.data.push_back(which);
            break;
        case 4:
            fields.value = fields.value.is_zero() ? Wei{std::uint64_t{1}} : Wei{};
            break;
        default:
            if (fields.to) {
                fields.to.reset();
            } else {
                fields.to.emplace();
            }
            break;
    }
    return fields;
}

/// With limits that this very transaction just about keeps.
void judge(const Transaction& fields) {
    signer::PolicyLimits limits;
    limits.chain = fields.chain_id;
    limits.executor = fields.to.value_or(Address{});
    std::copy_n(fields.data.begin(), std::min<std::size_t>(fields.data.size(), 4), limits.selector.begin());
    limits.max_gas = fields.gas_limit;
    limits.max_fee_per_gas = fields.max_fee_per_gas;
    limits.max_spend = Wei{U256::max()};
    const signer::Policy policy{limits};
    signer::SpendLedger spends{signer::SpendLimits{}};
    if (policy.approve(spends, 1, signer::Purpose::execute, fields)) {
        require(fields.to.has_value() && fields.value.is_zero() && fields.access_list.empty(),
                "the policy agrees to plain calls only");
        require(fields.gas_limit <= signer::kTransactionGasCap, "and to no more gas than EIP-7825 allows");
        require(fields.gas_limit >= signer::least_gas(fields.data), "and to no less than the calldata costs");
        require(fields.data.size() < signer::kTransactionSizeCap, "and to nothing that no pool takes");
    }
    if (policy.approve(spends, 2, signer::Purpose::cancel, fields))
        require(fields.data.empty() && fields.to == limits.sender, "a cancellation carries nothing");
}

}  // namespace

void run(BytesView data) {
    Input input{data};
    const std::uint8_t which = input.byte();
    const BytesView raw = input.rest();
    const Result<SignedTransaction> read = signer::decode_transaction(raw);
    if (!read) {
        require(read.error().code == Errc::malformed_input, "what is no transaction is malformed");
        require(!signer::check_signed(raw, Transaction{}, Address{}).has_value(),
                "nor is it what was asked for");
        return;
    }
    require(signer::expressible(read->fields), "what is read can be written");
    require(signer::assemble(read->fields, read->signature).raw == read->raw, "byte for byte");
    require(std::equal(raw.begin(), raw.end(), read->raw.begin(), read->raw.end()),
            "and is all of the input");
    const Result<Address> sender = signer::sender_of(*read);
    if (sender) {
        const auto same = signer::check_signed(raw, read->fields, *sender);
        require(same.has_value() && *same == *read, "a transaction is itself");
        Address other = *sender;
        other.bytes[which % 20U] ^= 1U;
        require(!signer::check_signed(raw, read->fields, other).has_value(), "of one sender");
        require(!signer::check_signed(raw, changed(read->fields, which), *sender).has_value(),
                "with these fields");
    }
    judge(read->fields);
    const bool plain = read->fields.type == signer::TransactionType::dynamic_fee && read->fields.to &&
                       read->fields.access_list.empty();
    if (!plain) return;
    const std::string asked = signer::signing_parameters(Address{}, read->fields);
    require(asked.starts_with(R"([{"type":"0x2")") && asked.ends_with("}]"), "a call can be asked for");
    require(asked.find('"' + to_hex(read->fields.data) + '"') != std::string::npos, "with its calldata");
}

}  // namespace plimsoll::fuzz
