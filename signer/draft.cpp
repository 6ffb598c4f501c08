// SPDX-License-Identifier: Apache-2.0
#include "signer/draft.hpp"

#include "chain/codec/rlp_writer.hpp"
#include "chain/primitives/keccak.hpp"

#include <stdexcept>
#include <utility>

namespace plimsoll::signer {

namespace {

constexpr std::size_t kNumber = 33;                    // an integer of 32 bytes and its prefix
constexpr std::size_t kForeseenEnd = 1 + 2 * kNumber;  // of a typed transaction: parity, r and s

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

void write_call(codec::RlpWriter& out, const Transaction& fields) {
    out.integer(fields.gas_limit.value);
    if (fields.to) {
        out.address(*fields.to);
    } else {
        out.bytes({});
    }
    out.integer(fields.value.raw()).bytes(fields.data);
}

/// The fields that the lists of both forms begin with.
Bytes items_of(const Transaction& fields) {
    if (!expressible(fields))
        throw std::logic_error{"this transaction's type cannot say all that its fields do"};
    constexpr std::size_t kBesideData = 256;
    codec::RlpWriter out{{}, fields.data.size() + kBesideData};
    if (fields.type == TransactionType::legacy) {
        out.integer(fields.nonce.value).integer(fields.max_fee_per_gas.raw());
        write_call(out, fields);
        return out.take();
    }
    out.integer(fields.chain_id.value).integer(fields.nonce.value);
    if (fields.type == TransactionType::dynamic_fee) out.integer(fields.max_priority_fee_per_gas.raw());
    out.integer(fields.max_fee_per_gas.raw());
    write_call(out, fields);
    write_access_list(out, fields.access_list);
    return out.take();
}

/// Type byte and list up to the end of `items`, where `end` more bytes are to come in the list.
codec::RlpWriter opened(TransactionType type, const Bytes& items, std::size_t end) {
    constexpr std::size_t kPrefix = 10;
    const auto number = static_cast<std::uint8_t>(type);
    const BytesView prefix{&number, type == TransactionType::legacy ? 0U : 1U};
    codec::RlpWriter out{prefix, kPrefix + items.size() + end};
    out.list_of(items.size() + end).encoded(items);
    return out;
}

/// The whole of a form, of which `end` has the last items.
Bytes form(TransactionType type, const Bytes& items, codec::RlpWriter& end) {
    const Bytes rest = end.take();
    return opened(type, items, rest.size()).encoded(rest).take();
}

}  // namespace

Draft::Draft(Transaction fields) : fields_{std::move(fields)}, items_{items_of(fields_)} {}

Bytes Draft::unsigned_bytes() const {
    codec::RlpWriter end;
    const bool names_chain = fields_.type == TransactionType::legacy && fields_.chain_id.value != 0;
    if (names_chain) end.integer(fields_.chain_id.value).integer(U256{}).integer(U256{});  // EIP-155
    return form(fields_.type, items_, end);
}

Hash32 Draft::digest() {
    const Bytes bytes = unsigned_bytes();
    if (fields_.type == TransactionType::legacy) return keccak256(bytes);  // its v is of many lengths
    const Bytes beginning = opened(fields_.type, items_, kForeseenEnd).take();
    begun_ = {};
    foreseen_ = beginning.size() + kForeseenEnd;
    return keccak256_beside(bytes, beginning, begun_);
}

SignedTransaction Draft::signed_with(const Signature& signature) && {
    std::uint64_t v = signature.y_parity;
    if (fields_.type == TransactionType::legacy)
        v += fields_.chain_id.value == 0 ? 27 : 35 + 2 * fields_.chain_id.value;
    codec::RlpWriter end{{}, 3 * kNumber};
    end.integer(v).integer(signature.r.as_u256()).integer(signature.s.as_u256());
    SignedTransaction done{std::move(fields_), signature, {}, {}};
    done.raw = form(done.fields.type, items_, end);
    done.hash = done.raw.size() == foreseen_ ? keccak256_from(begun_, done.raw) : keccak256(done.raw);
    return done;
}

}  // namespace plimsoll::signer
