// SPDX-License-Identifier: Apache-2.0
#include "signer/transaction.hpp"

#include "chain/codec/rlp_reader.hpp"
#include "chain/codec/rlp_writer.hpp"
#include "chain/primitives/keccak.hpp"

#include <array>
#include <limits>
#include <string>
#include <utility>

namespace plimsoll::signer {

namespace {

constexpr std::array<std::uint8_t, 1> kType{0x02};

void write_access_list(codec::RlpWriter& out, const std::vector<AccessListEntry>& entries) {
    out.begin_list();
    for (const AccessListEntry& entry : entries) {
        out.begin_list().address(entry.address).begin_list();
        for (const Hash32& key : entry.storage_keys)
            out.hash(key);
        out.end_list().end_list();
    }
    out.end_list();
}

/// The nine fields both the signing hash and the wire form begin with; leaves the outer list open.
codec::RlpWriter write_fields(const Transaction& fields) {
    codec::RlpWriter out{kType};
    out.begin_list()
        .integer(fields.chain_id.value)
        .integer(fields.nonce.value)
        .integer(fields.max_priority_fee_per_gas.raw())
        .integer(fields.max_fee_per_gas.raw())
        .integer(fields.gas_limit.value);
    if (fields.to) {
        out.address(*fields.to);
    } else {
        out.bytes({});
    }
    out.integer(fields.value.raw()).bytes(fields.data);
    write_access_list(out, fields.access_list);
    return out;
}

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

Transaction read_fields(codec::RlpReader& in) {
    Transaction out;
    out.chain_id.value = in.u64();
    out.nonce.value = in.bounded(std::numeric_limits<std::uint64_t>::max() - 1);
    out.max_priority_fee_per_gas = Wei{in.integer()};
    out.max_fee_per_gas = Wei{in.integer()};
    out.gas_limit.value = in.u64();
    out.to = read_target(in);
    out.value = Wei{in.integer()};
    const BytesView data = in.bytes();
    out.data.assign(data.begin(), data.end());
    out.access_list = read_access_list(in);
    return out;
}

/// What no block may hold whatever its state: the tip above the fee cap (EIP-1559), a price beyond 256 bits.
bool payable(const Transaction& fields) {
    if (fields.max_priority_fee_per_gas > fields.max_fee_per_gas) return false;
    try {
        static_cast<void>(cost(fields.gas_limit, fields.max_fee_per_gas) + fields.value);
    } catch (const ArithmeticError&) {
        return false;
    }
    return true;
}

}  // namespace

Hash32 signing_hash(const Transaction& fields) {
    codec::RlpWriter out = write_fields(fields);
    return keccak256(out.end_list().take());
}

SignedTransaction assemble(Transaction fields, const Signature& signature) {
    codec::RlpWriter out = write_fields(fields);
    out.integer(signature.y_parity).integer(signature.r.as_u256()).integer(signature.s.as_u256()).end_list();
    SignedTransaction done{std::move(fields), signature, out.take(), {}};
    done.hash = keccak256(done.raw);
    return done;
}

Result<SignedTransaction> decode_transaction(BytesView raw) {
    if (raw.empty() || raw[0] != kType[0]) return fail(Errc::malformed_input, "not a type 2 transaction");
    codec::RlpReader outer{raw.subspan(1)};
    codec::RlpReader in = outer.list();
    SignedTransaction out;
    out.fields = read_fields(in);
    out.signature.y_parity = static_cast<std::uint8_t>(in.bounded(1));
    out.signature.r = Hash32::from_u256(in.integer());
    out.signature.s = Hash32::from_u256(in.integer());
    outer.absorb(in);
    PLIMSOLL_CHECK(outer.finish("type 2 transaction"));
    if (!well_formed(out.signature))
        return fail(Errc::malformed_input, "type 2 transaction: signature out of range");
    if (!payable(out.fields)) return fail(Errc::malformed_input, "type 2 transaction: impossible fees");
    out.raw.assign(raw.begin(), raw.end());
    out.hash = keccak256(raw);
    return out;
}

Result<Address> sender_of(const SignedTransaction& transaction) {
    return recover(signing_hash(transaction.fields), transaction.signature);
}

}  // namespace plimsoll::signer
