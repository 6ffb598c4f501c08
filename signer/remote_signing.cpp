// SPDX-License-Identifier: Apache-2.0
#include "signer/remote_signing.hpp"

#include "chain/primitives/hex.hpp"

#include <stdexcept>
#include <string_view>

namespace plimsoll::signer {
namespace {

/// A quantity of JSON-RPC: no leading zeros.
std::string quantity(const U256& value) {
    std::string digits = to_hex(Hash32::from_u256(value).bytes).substr(2);
    const std::size_t first = digits.find_first_not_of('0');
    return "0x" + (first == std::string::npos ? std::string{"0"} : digits.substr(first));
}

void member(std::string& out, std::string_view name, const std::string& value) {
    out += out.ends_with('{') ? "\"" : ",\"";
    out += name;
    out += "\":\"" + value + "\"";
}

/// The name of the first field that is another one; empty if none is.
std::string_view first_difference(const Transaction& got, const Transaction& asked) {
    if (got.type != asked.type) return "type";
    if (got.chain_id != asked.chain_id) return "chain id";
    if (got.nonce != asked.nonce) return "nonce";
    if (got.to != asked.to) return "target";
    if (got.value != asked.value) return "value";
    if (got.data != asked.data) return "calldata";
    if (got.gas_limit != asked.gas_limit) return "gas limit";
    if (got.max_fee_per_gas != asked.max_fee_per_gas) return "fee cap";
    if (got.max_priority_fee_per_gas != asked.max_priority_fee_per_gas) return "priority fee";
    if (got.access_list != asked.access_list) return "access list";
    return got == asked ? std::string_view{} : "something";
}

}  // namespace

std::string signing_parameters(const Address& from, const Transaction& fields) {
    const bool plain = fields.type == TransactionType::dynamic_fee && fields.to && fields.access_list.empty();
    if (!plain) throw std::logic_error{"a remote signer is asked for EIP-1559 calls only"};
    std::string out = "[{";
    member(out, "type", "0x2");
    member(out, "from", to_string(from));
    member(out, "to", to_string(*fields.to));
    member(out, "gas", quantity(fields.gas_limit.value));
    member(out, "maxFeePerGas", quantity(fields.max_fee_per_gas.raw()));
    member(out, "maxPriorityFeePerGas", quantity(fields.max_priority_fee_per_gas.raw()));
    member(out, "value", quantity(fields.value.raw()));
    member(out, "nonce", quantity(fields.nonce.value));
    member(out, "data", to_hex(fields.data));
    member(out, "chainId", quantity(fields.chain_id.value));
    return out + "}]";
}

Result<SignedTransaction> check_signed(BytesView raw, const Transaction& asked, const Address& sender) {
    Result<SignedTransaction> got = decode_transaction(raw);
    if (!got) return fail(Errc::malformed_reply, "the signer's answer: " + got.error().context);
    const std::string_view other = first_difference(got->fields, asked);
    if (!other.empty()) return fail(Errc::malformed_reply, "the signer changed the " + std::string{other});
    const Result<Address> by = sender_of(*got);
    if (!by || *by != sender) {
        return fail(Errc::malformed_reply, "the signer used another key: the sender is " +
                                               (by ? to_string(*by) : "nobody") + ", not " +
                                               to_string(sender));
    }
    return got;
}

}  // namespace plimsoll::signer
