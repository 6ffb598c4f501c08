// SPDX-License-Identifier: Apache-2.0
#include "signer/transaction.hpp"

#include "chain/codec/rlp_reader.hpp"
#include "chain/primitives/keccak.hpp"
#include "signer/draft.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace plimsoll::signer {

namespace {

constexpr std::uint64_t kMaxLegacyChain = (std::uint64_t{1} << 63U) - 19;  // 2 id + 36 fits 64 bits

std::vector<AccessListEntry> read_access_list(codec::RlpReader& in) {
    std::vector<AccessListEntry> out;
    codec::RlpReader entries = in.list();
    while (!entries.at_end()) {
        codec::RlpReader pair = entries.list();
        AccessListEntry entry;
        entry.address = pair.address();
        codec::RlpReader keys = pair.list();
        while (!keys.at_end())
            entry.storage_keys.push_back(keys.hash());
        pair.absorb(keys);
        entries.absorb(pair);
        out.push_back(std::move(entry));
    }
    in.absorb(entries);
    return out;
}

std::optional<Address> read_target(codec::RlpReader& in) {
    const BytesView bytes = in.bytes();
    if (bytes.empty()) return std::nullopt;
    Address out;
    if (bytes.size() != out.bytes.size()) {
        in.reject("a target is 20 bytes or none");
        return std::nullopt;
    }
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
}

void read_call(codec::RlpReader& in, Transaction& out) {
    out.gas_limit.value = in.u64();
    out.to = read_target(in);
    out.value = Wei{in.integer()};
    const BytesView data = in.bytes();
    out.data.assign(data.begin(), data.end());
}

std::uint64_t read_nonce(codec::RlpReader& in) {
    return in.bounded(std::numeric_limits<std::uint64_t>::max() - 1);
}

void read_gas_price(codec::RlpReader& in, Transaction& out) {
    out.max_fee_per_gas = Wei{in.integer()};
    out.max_priority_fee_per_gas = out.max_fee_per_gas;
}

Transaction read_typed_fields(codec::RlpReader& in, TransactionType type) {
    Transaction out;
    out.type = type;
    out.chain_id.value = in.u64();
    out.nonce.value = read_nonce(in);
    if (type == TransactionType::dynamic_fee) {
        out.max_priority_fee_per_gas = Wei{in.integer()};
        out.max_fee_per_gas = Wei{in.integer()};
    } else {
        read_gas_price(in, out);
    }
    read_call(in, out);
    out.access_list = read_access_list(in);
    return out;
}

/// What v says (EIP-155): 27 and 28 no chain, from 37 on a chain from 1 on.
void read_v(codec::RlpReader& in, SignedTransaction& out) {
    const std::uint64_t v = in.u64();
    if (v == 27 || v == 28) {
        out.signature.y_parity = static_cast<std::uint8_t>(v - 27);
    } else if (v >= 37) {
        out.fields.chain_id.value = (v - 35) / 2;
        out.signature.y_parity = static_cast<std::uint8_t>((v - 35) % 2);
    } else {
        in.reject("v is of no chain");
    }
}

/// What no block may hold whatever its state: the tip above the fee cap (EIP-1559), a price beyond 256 bits.
bool payable(const Transaction& fields) {
    if (fields.max_priority_fee_per_gas > fields.max_fee_per_gas) return false;
    try {
        static_cast<void>(cost(fields.gas_limit, fields.max_fee_per_gas));
    } catch (const ArithmeticError&) {
        return false;
    }
    return true;
}

std::string name_of(TransactionType type) {
    return std::string{to_string(type)} + " transaction";
}

Result<SignedTransaction> read_signed(codec::RlpReader outer, TransactionType type) {
    codec::RlpReader in = outer.list();
    SignedTransaction out;
    if (type == TransactionType::legacy) {
        out.fields.type = type;
        out.fields.nonce.value = read_nonce(in);
        read_gas_price(in, out.fields);
        read_call(in, out.fields);
        read_v(in, out);
    } else {
        out.fields = read_typed_fields(in, type);
        out.signature.y_parity = static_cast<std::uint8_t>(in.bounded(1));
    }
    out.signature.r = Hash32::from_u256(in.integer());
    out.signature.s = Hash32::from_u256(in.integer());
    outer.absorb(in);
    PLIMSOLL_CHECK(outer.finish(name_of(type)));
    if (!well_formed(out.signature))
        return fail(Errc::malformed_input, name_of(type) + ": signature out of range");
    if (!payable(out.fields)) return fail(Errc::malformed_input, name_of(type) + ": impossible fees");
    return out;
}

/// The type that the first byte names: a list's prefix is a legacy transaction's.
std::optional<TransactionType> type_of(BytesView raw) {
    if (raw.empty()) return std::nullopt;
    if (raw[0] >= 0xC0) return TransactionType::legacy;
    if (raw[0] == 1) return TransactionType::access_list;
    if (raw[0] == 2) return TransactionType::dynamic_fee;
    return std::nullopt;
}

}  // namespace

std::string_view to_string(TransactionType type) noexcept {
    switch (type) {
        case TransactionType::legacy:
            return "legacy";
        case TransactionType::access_list:
            return "EIP-2930";
        case TransactionType::dynamic_fee:
            return "EIP-1559";
    }
    return "?";
}

bool expressible(const Transaction& fields) noexcept {
    if (fields.type == TransactionType::dynamic_fee) return true;
    if (fields.max_priority_fee_per_gas != fields.max_fee_per_gas) return false;
    if (fields.type == TransactionType::access_list) return true;
    return fields.access_list.empty() && fields.chain_id.value <= kMaxLegacyChain;
}

Wei ceiling_of(const Transaction& fields) {
    const U256 price = fields.max_fee_per_gas.raw();
    const U256 gas{fields.gas_limit.value};
    const U256 most = U256::max();
    if (!gas.is_zero() && price > most / gas) return Wei{most};
    const U256 spent = gas * price;
    return Wei{fields.value.raw() > most - spent ? most : spent + fields.value.raw()};
}

Bytes unsigned_bytes(const Transaction& fields) {
    return Draft{fields}.unsigned_bytes();
}

Hash32 signing_hash(const Transaction& fields) {
    return keccak256(unsigned_bytes(fields));
}

Result<Transaction> decode_unsigned(BytesView bytes) {
    if (bytes.empty() || bytes[0] != static_cast<std::uint8_t>(TransactionType::dynamic_fee))
        return fail(Errc::malformed_input, "not an unsigned EIP-1559 transaction");
    codec::RlpReader outer{bytes.subspan(1)};
    codec::RlpReader in = outer.list();
    Transaction out = read_typed_fields(in, TransactionType::dynamic_fee);
    outer.absorb(in);
    PLIMSOLL_CHECK(outer.finish("unsigned transaction"));
    if (!payable(out)) return fail(Errc::malformed_input, "unsigned transaction: impossible fees");
    return out;
}

SignedTransaction assemble(Transaction fields, const Signature& signature) {
    return Draft{std::move(fields)}.signed_with(signature);
}

Result<SignedTransaction> decode_transaction(BytesView raw) {
    const std::optional<TransactionType> type = type_of(raw);
    if (!type) return fail(Errc::malformed_input, "a transaction of no type that is known here");
    const std::size_t prefix = *type == TransactionType::legacy ? 0 : 1;
    PLIMSOLL_TRY(SignedTransaction out, read_signed(codec::RlpReader{raw.subspan(prefix)}, *type));
    out.raw.assign(raw.begin(), raw.end());
    out.hash = keccak256(raw);
    return out;
}

Result<Address> sender_of(const SignedTransaction& transaction) {
    return recover(signing_hash(transaction.fields), transaction.signature);
}

}  // namespace plimsoll::signer
