// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "signer/keys/signature.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace plimsoll::signer {

/// One contract and the slots of it that a transaction declares in advance (EIP-2930).
struct AccessListEntry {
    Address address;
    std::vector<Hash32> storage_keys;
    friend bool operator==(const AccessListEntry&, const AccessListEntry&) = default;
};

/// The forms a transaction may have; the numbers are those of EIP-2718.
enum class TransactionType : std::uint8_t {
    legacy = 0,       // with EIP-155, or without if the chain id is 0
    access_list = 1,  // EIP-2930
    dynamic_fee = 2,  // EIP-1559
};

/// "legacy", "EIP-2930" or "EIP-1559".
[[nodiscard]] std::string_view to_string(TransactionType type) noexcept;

/// The fields of a transaction, unsigned. No `to` creates a contract. The two older types know one gas price,
/// which stands in both fee fields, as EIP-1559 sees them.
struct Transaction {
    ChainId chain_id;
    Nonce nonce;  // below 2^64 - 1 (EIP-2681)
    Wei max_priority_fee_per_gas;
    Wei max_fee_per_gas;
    Gas gas_limit;
    std::optional<Address> to;
    Wei value;
    Bytes data;
    std::vector<AccessListEntry> access_list;  // none in a legacy transaction
    TransactionType type = TransactionType::dynamic_fee;
    friend bool operator==(const Transaction&, const Transaction&) = default;
};

/// A transaction with its signature and what goes over the wire.
struct SignedTransaction {
    Transaction fields;
    Signature signature;
    Bytes raw;    // the RLP list, behind the type's byte unless it is a legacy transaction
    Hash32 hash;  // Keccak-256 of raw
    friend bool operator==(const SignedTransaction&, const SignedTransaction&) = default;
};

/// Whether the type can say all of it: one gas price in the older types, no access list in a legacy
/// transaction, and in that a chain id of at most 2^63 - 19 (so that v fits 64 bits).
[[nodiscard]] bool expressible(const Transaction& fields) noexcept;

/// The most it can take from the balance: gas limit x fee cap + value; the greatest amount there is if that
/// is beyond 256 bits.
[[nodiscard]] Wei ceiling_of(const Transaction& fields);

/// The unsigned form, type byte and all: what the signature is made over. This, `signing_hash` and `assemble`
/// throw std::logic_error unless the fields are expressible.
[[nodiscard]] Bytes unsigned_bytes(const Transaction& fields);
/// The other way, for EIP-1559 only; as strict as decode_transaction. Errc::malformed_input.
[[nodiscard]] Result<Transaction> decode_unsigned(BytesView bytes);
/// What is signed: Keccak-256 of the unsigned form.
[[nodiscard]] Hash32 signing_hash(const Transaction& fields);
[[nodiscard]] SignedTransaction assemble(Transaction fields, const Signature& signature);
/// Strict: canonical RLP, exactly the type's fields, nothing left over, 1 <= r < n, 1 <= s <= n/2 (EIP-2);
/// tip <= fee cap (EIP-1559), gas limit times fee cap within 256 bits. Errc::malformed_input, for other types
/// too.
[[nodiscard]] Result<SignedTransaction> decode_transaction(BytesView raw);
/// Who signed it. Errc::malformed_input if no public key fits the signature.
[[nodiscard]] Result<Address> sender_of(const SignedTransaction& transaction);

}  // namespace plimsoll::signer
