// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "signer/keys/signature.hpp"

#include <optional>
#include <vector>

namespace plimsoll::signer {

/// One contract and the slots of it that a transaction declares in advance (EIP-2930).
struct AccessListEntry {
    Address address;
    std::vector<Hash32> storage_keys;
    friend bool operator==(const AccessListEntry&, const AccessListEntry&) = default;
};

/// The fields of an EIP-1559 transaction (type 2), unsigned. No `to` creates a contract.
struct Transaction {
    ChainId chain_id;
    Nonce nonce;  // below 2^64 - 1 (EIP-2681)
    Wei max_priority_fee_per_gas;
    Wei max_fee_per_gas;
    Gas gas_limit;
    std::optional<Address> to;
    Wei value;
    Bytes data;
    std::vector<AccessListEntry> access_list;
    friend bool operator==(const Transaction&, const Transaction&) = default;
};

/// A transaction with its signature and what goes over the wire.
struct SignedTransaction {
    Transaction fields;
    Signature signature;
    Bytes raw;    // 0x02 and the RLP list
    Hash32 hash;  // Keccak-256 of raw
    friend bool operator==(const SignedTransaction&, const SignedTransaction&) = default;
};

/// What is signed: Keccak-256 of 0x02 and the nine unsigned fields.
[[nodiscard]] Hash32 signing_hash(const Transaction& fields);
[[nodiscard]] SignedTransaction assemble(Transaction fields, const Signature& signature);
/// Strict: canonical RLP, exactly twelve fields, nothing left over, 1 <= r < n, 1 <= s <= n/2 (EIP-2), tip <=
/// fee cap. Errc::malformed_input.
[[nodiscard]] Result<SignedTransaction> decode_transaction(BytesView raw);
/// Who signed it. Errc::malformed_input if no public key fits the signature.
[[nodiscard]] Result<Address> sender_of(const SignedTransaction& transaction);

}  // namespace plimsoll::signer
