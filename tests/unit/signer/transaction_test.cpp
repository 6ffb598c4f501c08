// SPDX-License-Identifier: Apache-2.0
#include "signer/transaction.hpp"

#include "chain/primitives/keccak.hpp"
#include "signer/keys/key.hpp"
#include "tests/unit/signer/vector_file.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace plimsoll::signer {
namespace {

using simdjson::dom::element;
using simdjson::dom::parser;

Key key_of(const Bytes& secret) {
    std::array<std::uint8_t, 32> bytes{};
    std::copy(secret.begin(), secret.end(), bytes.begin());
    return Key::from_secret(Secret{bytes}).value();
}

U256 number_of(element value) {
    if (value.is_uint64()) return U256{std::uint64_t{value}};
    return word_of(value).as_u256();
}

/// Ethers' cases leave fields out that are zero.
U256 number_or_zero(element row, const char* name) {
    element value;
    return row[name].get(value) == simdjson::SUCCESS ? number_of(value) : U256{};
}

std::vector<AccessListEntry> access_list_of(element value) {
    std::vector<AccessListEntry> out;
    for (element entry : value.get_array()) {
        AccessListEntry one{parse_address(text_of(entry["address"])).value(), {}};
        for (element key : entry["storageKeys"].get_array())
            one.storage_keys.push_back(parse_hash(text_of(key)).value());
        out.push_back(std::move(one));
    }
    return out;
}

Transaction mainnet_fields(element row) {
    Transaction out;
    out.chain_id.value = number_of(row["chainId"]).low64();
    out.nonce.value = number_of(row["nonce"]).low64();
    out.max_priority_fee_per_gas = Wei{number_of(row["maxPriorityFeePerGas"])};
    out.max_fee_per_gas = Wei{number_of(row["maxFeePerGas"])};
    out.gas_limit.value = number_of(row["gas"]).low64();
    if (!row["to"].is_null()) out.to = parse_address(text_of(row["to"])).value();
    out.value = Wei{number_of(row["value"])};
    out.data = bytes_of(row["input"]);
    out.access_list = access_list_of(row["accessList"]);
    return out;
}

TEST(Transaction, AgreesWithTheOfficialVectors) {
    parser json;
    for (const std::string& line : vector_lines("transactions/official_type2.jsonl")) {
        const element row = json.parse(line);
        const auto decoded = decode_transaction(bytes_of(row["raw"]));
        if (row["exception"].error() == simdjson::SUCCESS) {
            EXPECT_FALSE(decoded) << line;
            continue;
        }
        ASSERT_TRUE(decoded) << line;
        EXPECT_EQ(to_string(decoded->hash), text_of(row["hash"]));
        EXPECT_EQ(sender_of(*decoded), parse_address(text_of(row["sender"])));
    }
}

TEST(Transaction, SignsTheBytesEthersSigns) {
    parser json;
    for (const std::string& line : vector_lines("transactions/ethers_type2.jsonl")) {
        const element row = json.parse(line);
        const Bytes expected = bytes_of(row["signed"]);
        const auto decoded = decode_transaction(expected);
        ASSERT_TRUE(decoded) << line;
        const Transaction& fields = decoded->fields;
        EXPECT_EQ(signing_hash(fields), keccak256(bytes_of(row["unsigned"])));
        const element told = row["transaction"];
        EXPECT_EQ(fields.value.raw(), number_or_zero(told, "value"));
        EXPECT_EQ(U256{fields.nonce.value}, number_or_zero(told, "nonce"));
        EXPECT_EQ(fields.max_fee_per_gas.raw(), number_or_zero(told, "maxFeePerGas"));
        const Key key = key_of(bytes_of(row["privateKey"]));
        const SignedTransaction ours = assemble(fields, key.sign(signing_hash(fields)));
        EXPECT_EQ(ours.raw, expected) << line;
        EXPECT_EQ(ours.hash, keccak256(expected));
        EXPECT_EQ(sender_of(*decoded), key.address());
    }
}

TEST(Transaction, FindsHashAndSenderOfRealTransactions) {
    parser json;
    for (const std::string& line : vector_lines("transactions/mainnet_type2.jsonl")) {
        const element row = json.parse(line);
        const Signature signature{word_of(row["r"]), word_of(row["s"]),
                                  static_cast<std::uint8_t>(number_of(row["yParity"]).low64())};
        const SignedTransaction ours = assemble(mainnet_fields(row), signature);
        EXPECT_EQ(to_string(ours.hash), text_of(row["hash"]));
        EXPECT_EQ(sender_of(ours), parse_address(text_of(row["from"])));
        EXPECT_EQ(decode_transaction(ours.raw), ours);
    }
}

SignedTransaction sample() {
    Transaction fields;
    fields.chain_id = ChainId{31337};
    fields.nonce = Nonce{7};
    fields.max_fee_per_gas = Wei{std::uint64_t{3'000'000'000}};
    fields.max_priority_fee_per_gas = Wei{std::uint64_t{1'000'000'000}};
    fields.gas_limit = Gas{500'000};
    fields.to = parse_address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed").value();
    fields.data = Bytes(100, 0x42);
    const Key key = key_of(Bytes(32, 0x11));
    return assemble(fields, key.sign(signing_hash(fields)));
}

TEST(Transaction, RefusesHighSInWhatItDecodes) {
    SignedTransaction transaction = sample();
    const U256 order =
        parse_quantity_hex("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141").value();
    const Signature high{transaction.signature.r,
                         Hash32::from_u256(order - transaction.signature.s.as_u256()),
                         static_cast<std::uint8_t>(1 - transaction.signature.y_parity)};
    EXPECT_FALSE(decode_transaction(assemble(transaction.fields, high).raw));
}

TEST(Transaction, RefusesOtherTypesAndTheLastNonce) {
    const SignedTransaction transaction = sample();
    Bytes other = transaction.raw;
    other[0] = 0x01;
    EXPECT_FALSE(decode_transaction(other));
    EXPECT_FALSE(decode_transaction({}));
    Transaction last = transaction.fields;
    last.nonce.value = ~std::uint64_t{0};
    EXPECT_FALSE(decode_transaction(assemble(last, transaction.signature).raw));
}

RC_GTEST_PROP(Transaction, NoCutOrGrownTransactionIsDecoded, ()) {
    const Bytes raw = sample().raw;
    const auto size = *rc::gen::inRange<std::size_t>(0, raw.size());
    RC_ASSERT(!decode_transaction(BytesView{raw}.first(size)));
    Bytes grown = raw;
    grown.push_back(*rc::gen::arbitrary<std::uint8_t>());
    RC_ASSERT(!decode_transaction(grown));
}

RC_GTEST_PROP(Transaction, AFlippedBitIsRefusedOrChangesHashAndSender, ()) {
    const SignedTransaction transaction = sample();
    Bytes raw = transaction.raw;
    const auto place = *rc::gen::inRange<std::size_t>(0, raw.size() * 8);
    raw[place / 8] = static_cast<std::uint8_t>(raw[place / 8] ^ (1U << (place % 8)));
    const auto decoded = decode_transaction(raw);
    if (!decoded) return;
    RC_ASSERT(decoded->raw == raw);
    RC_ASSERT(decoded->hash != transaction.hash);
    RC_ASSERT((sender_of(*decoded) != sender_of(transaction)));
    RC_ASSERT(assemble(decoded->fields, decoded->signature).raw == raw);
}

}  // namespace
}  // namespace plimsoll::signer
