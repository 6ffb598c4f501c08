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

bool has(element row, const char* name) {
    return row[name].error() == simdjson::SUCCESS;
}

/// The fields of a legacy or EIP-2930 transaction as a node gives them.
Transaction older_mainnet_fields(element row) {
    Transaction out;
    out.type = number_of(row["type"]).is_zero() ? TransactionType::legacy : TransactionType::access_list;
    const std::uint64_t v = number_of(row["v"]).low64();
    if (out.type == TransactionType::access_list) {
        out.chain_id.value = number_of(row["chainId"]).low64();
        out.access_list = access_list_of(row["accessList"]);
    } else if (v > 28) {
        out.chain_id.value = (v - 35) / 2;
    }
    out.nonce.value = number_of(row["nonce"]).low64();
    out.max_fee_per_gas = Wei{number_of(row["gasPrice"])};
    out.max_priority_fee_per_gas = out.max_fee_per_gas;
    out.gas_limit.value = number_of(row["gas"]).low64();
    if (!row["to"].is_null()) out.to = parse_address(text_of(row["to"])).value();
    out.value = Wei{number_of(row["value"])};
    out.data = bytes_of(row["input"]);
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
        if (has(row, "exception")) {
            EXPECT_FALSE(decoded) << line;
            continue;
        }
        ASSERT_TRUE(decoded) << line;
        EXPECT_EQ(to_string(decoded->hash), text_of(row["hash"]));
        EXPECT_EQ(sender_of(*decoded), parse_address(text_of(row["sender"])));
    }
}

// The official ones are of chain 1: what another chain would take is invalid to them.
TEST(Transaction, AgreesWithTheOfficialVectorsOfOlderTypes) {
    parser json;
    int valid = 0;
    int invalid = 0;
    for (const std::string& line : vector_lines("transactions/official_type01.jsonl")) {
        const element row = json.parse(line);
        const auto raw = parse_hex(text_of(row["raw"]));
        const auto decoded = decode_transaction(raw ? *raw : Bytes{});
        const bool here = decoded && decoded->fields.chain_id.value <= 1 && sender_of(*decoded).has_value();
        EXPECT_EQ(here, !has(row, "exception")) << line;
        if (!here) {
            ++invalid;
            continue;
        }
        ++valid;
        EXPECT_EQ(to_string(decoded->hash), text_of(row["hash"]));
        EXPECT_EQ(sender_of(*decoded), parse_address(text_of(row["sender"])));
        EXPECT_EQ(assemble(decoded->fields, decoded->signature).raw, *raw);
    }
    EXPECT_GE(valid, 45);
    EXPECT_GE(invalid, 140);
}

TEST(Transaction, SignsOlderTypesAsEthersDoes) {
    parser json;
    int count = 0;
    for (const std::string& line : vector_lines("transactions/ethers_type01.jsonl")) {
        const element row = json.parse(line);
        const Key key = key_of(bytes_of(row["privateKey"]));
        for (const char* form : {"Legacy", "Eip155", "Berlin"}) {
            const std::string name = std::string{"igned"} + form;
            if (!has(row, ("s" + name).c_str())) continue;
            const Bytes expected = bytes_of(row["s" + name]);
            const auto decoded = decode_transaction(expected);
            ASSERT_TRUE(decoded) << line << decoded.error().context;
            EXPECT_EQ(signing_hash(decoded->fields), keccak256(bytes_of(row["uns" + name])));
            EXPECT_EQ(assemble(decoded->fields, key.sign(signing_hash(decoded->fields))).raw, expected);
            EXPECT_EQ(sender_of(*decoded), key.address());
            ++count;
        }
    }
    EXPECT_EQ(count, 255);
}

TEST(Transaction, FindsHashAndSenderOfRealTransactionsOfOlderTypes) {
    parser json;
    for (const std::string& line : vector_lines("transactions/mainnet_type01.jsonl")) {
        const element row = json.parse(line);
        const Transaction fields = older_mainnet_fields(row);
        const std::uint64_t v = number_of(row["v"]).low64();
        const bool typed = fields.type == TransactionType::access_list;
        const auto parity = static_cast<std::uint8_t>(typed ? v : (v + 1) % 2);  // 27, 35 + 2 id: even
        const SignedTransaction ours = assemble(fields, {word_of(row["r"]), word_of(row["s"]), parity});
        EXPECT_EQ(to_string(ours.hash), text_of(row["hash"]));
        EXPECT_EQ(sender_of(ours), parse_address(text_of(row["from"])));
        EXPECT_EQ(decode_transaction(ours.raw), ours);
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
    for (const int type : {0x00, 0x01, 0x03, 0x04, 0x7f, 0x80, 0xb8}) {
        Bytes other = transaction.raw;
        other[0] = static_cast<std::uint8_t>(type);
        EXPECT_FALSE(decode_transaction(other)) << type;
    }
    EXPECT_FALSE(decode_transaction({}));
    Transaction last = transaction.fields;
    last.nonce.value = ~std::uint64_t{0};
    EXPECT_FALSE(decode_transaction(assemble(last, transaction.signature).raw));
}

TEST(Transaction, SaysOnlyWhatItsTypeCan) {
    const auto throws = [](const Transaction& fields) {
        EXPECT_THROW(static_cast<void>(signing_hash(fields)), std::logic_error);
        EXPECT_FALSE(expressible(fields));
    };
    Transaction fields = sample().fields;
    fields.type = TransactionType::legacy;
    throws(fields);  // a tip below the fee cap
    fields.max_priority_fee_per_gas = fields.max_fee_per_gas;
    EXPECT_TRUE(expressible(fields));
    fields.access_list.resize(1);
    throws(fields);
    fields.type = TransactionType::access_list;
    EXPECT_TRUE(expressible(fields));
    fields.type = TransactionType::legacy;
    fields.access_list.clear();
    fields.chain_id.value = std::uint64_t{1} << 63U;
    throws(fields);
    fields.chain_id.value = (std::uint64_t{1} << 63U) - 19;
    const Key key = key_of(Bytes(32, 0x11));
    const SignedTransaction last = assemble(fields, key.sign(signing_hash(fields)));
    EXPECT_EQ(decode_transaction(last.raw), last);
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
