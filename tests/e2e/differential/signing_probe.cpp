// SPDX-License-Identifier: Apache-2.0
// Answers signing requests for signing.test.mjs: one JSON object a line in, one JSON value a line out.
// Numbers travel as decimal strings, bytes as 0x strings, failures as {"error": text}.
#include "chain/primitives/hex.hpp"
#include "signer/keys/key.hpp"
#include "signer/transaction.hpp"
#include "tests/e2e/differential/answer_lines.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace plimsoll::testing {
namespace {

using signer::SignedTransaction;
using signer::Transaction;
using simdjson::dom::element;

std::uint64_t small_of(element value) {
    const U256 number = number_of(value);
    if (!number.fits64()) throw std::runtime_error{"above 64 bits"};
    return number.low64();
}

Transaction transaction_of(element request) {
    Transaction out;
    const std::uint64_t type = small_of(request["type"]);
    if (type > 2) throw std::runtime_error{"unknown type"};
    out.type = static_cast<signer::TransactionType>(type);
    out.chain_id.value = small_of(request["chainId"]);
    out.nonce.value = small_of(request["nonce"]);
    out.max_priority_fee_per_gas = Wei{number_of(request["tip"])};
    out.max_fee_per_gas = Wei{number_of(request["fee"])};
    out.gas_limit.value = small_of(request["gas"]);
    if (!request["to"].is_null()) out.to = expect(parse_address(text_of(request["to"])));
    out.value = Wei{number_of(request["value"])};
    out.data = expect(parse_hex(text_of(request["data"])));
    for (const element entry : request["accessList"].get_array()) {
        signer::AccessListEntry one{expect(parse_address(text_of(entry["address"]))), {}};
        for (const element key : entry["storageKeys"].get_array())
            one.storage_keys.push_back(expect(parse_hash(text_of(key))));
        out.access_list.push_back(std::move(one));
    }
    return out;
}

std::string sign(element request) {
    const Bytes bytes = expect(parse_hex(text_of(request["key"])));
    std::array<std::uint8_t, 32> secret{};
    if (bytes.size() != secret.size()) throw std::runtime_error{"a key has 32 bytes"};
    std::copy(bytes.begin(), bytes.end(), secret.begin());
    const signer::Key key = expect(signer::Key::from_secret(signer::Secret{secret}));
    const Transaction fields = transaction_of(request);
    const SignedTransaction done = signer::assemble(fields, key.sign(signer::signing_hash(fields)));
    return R"({"raw":")" + to_hex(done.raw) + R"(","hash":")" + to_string(done.hash) + R"(","from":")" +
           to_string(key.address()) + R"("})";
}

/// Everything a transaction says, read from its bytes.
std::string decode(element request) {
    const Bytes raw = expect(parse_hex(text_of(request["raw"])));
    const SignedTransaction read = expect(signer::decode_transaction(raw));
    const Transaction& fields = read.fields;
    if (signer::assemble(fields, read.signature).raw != raw)
        throw std::logic_error{"decoding lost something"};
    std::string keys;
    for (const signer::AccessListEntry& entry : fields.access_list)
        keys += (keys.empty() ? "" : ",") + std::to_string(entry.storage_keys.size());
    const auto number = [](const char* name, const U256& value) {
        return std::string{"\""} + name + "\":\"" + to_decimal(value) + "\",";
    };
    return "{" + number("type", static_cast<std::uint64_t>(fields.type)) +
           number("chainId", fields.chain_id.value) + number("nonce", fields.nonce.value) +
           number("tip", fields.max_priority_fee_per_gas.raw()) +
           number("fee", fields.max_fee_per_gas.raw()) + number("gas", fields.gas_limit.value) +
           number("value", fields.value.raw()) + R"("to":)" +
           (fields.to ? '"' + to_string(*fields.to) + '"' : std::string{"null"}) + R"(,"data":")" +
           to_hex(fields.data) + R"(","keys":[)" + keys + R"(],"hash":")" + to_string(read.hash) +
           R"(","from":")" + to_string(expect(signer::sender_of(read))) + R"("})";
}

std::string answer(element request) {
    const std::string_view op = text_of(request["op"]);
    if (op == "sign") return sign(request);
    if (op == "decode") return decode(request);
    throw std::runtime_error{"unknown op"};
}

}  // namespace
}  // namespace plimsoll::testing

int main() {
    return plimsoll::testing::answer_lines(&plimsoll::testing::answer);
}
