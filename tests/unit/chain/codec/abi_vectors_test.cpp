// SPDX-License-Identifier: Apache-2.0
// The ABI of others: the official examples, Solidity's own output as ethers collected it, and viem's.
#include "chain/primitives/hex.hpp"
#include "tests/unit/chain/codec/abi_by_type.hpp"
#include "tests/unit/chain/vector_file.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

namespace plimsoll::testing {
namespace {

using codec::AbiReader;
using codec::AbiWriter;
using simdjson::dom::element;

/// Reads `encoded` as `type` and writes it again.
std::string recode(const Bytes& encoded, const AbiType& type) {
    AbiReader in{encoded};
    AbiWriter out;
    copy_value(in, type, out);
    const Result<void> end = in.finish("vector");
    return end ? to_hex(out.take()) : end.error().context;
}

TEST(AbiVectors, EncodesAndDecodesWhatSolidityReturned) {
    simdjson::dom::parser parser;
    const std::string text = read_vector_file("abi/ethers.json");
    std::size_t count = 0;
    for (const element item : parser.parse(text)) {
        const AbiType type = tuple_of({parse_abi_type(item["type"].get_string().value())});
        const std::string_view encoded = item["encoded"].get_string().value();
        AbiWriter out;
        write_value(out, type.parts[0], item["value"]);
        EXPECT_EQ(to_hex(out.take()), encoded) << item["type"];
        EXPECT_EQ(recode(parse_hex(encoded).value(), type.parts[0]), encoded) << item["type"];
        ++count;
    }
    EXPECT_EQ(count, 432U);
}

TEST(AbiVectors, EncodesTheOfficialExamples) {
    simdjson::dom::parser parser;
    const std::string text = read_vector_file("abi/official.json");
    std::size_t count = 0;
    const simdjson::dom::object cases = parser.parse(text).get_object().value();
    for (const auto& [name, item] : cases) {
        AbiWriter out;
        auto value = item["args"].get_array().begin();
        for (const element type : item["types"].get_array()) {
            write_value(out, parse_abi_type(type.get_string().value()), *value);
            ++value;
        }
        EXPECT_EQ(to_hex(out.take()).substr(2), item["result"].get_string().value()) << name;
        ++count;
    }
    EXPECT_EQ(count, 3U);
}

/// Cut anywhere, a vector must fail or read as the same value (where only padding was lost), never crash.
TEST(AbiVectors, NeverReadsSomethingElseFromTruncatedData) {
    simdjson::dom::parser parser;
    const std::string text = read_vector_file("abi/ethers.json");
    std::size_t failures = 0;
    for (const element item : parser.parse(text)) {
        const AbiType type = parse_abi_type(item["type"].get_string().value());
        const Bytes whole = parse_hex(item["encoded"].get_string().value()).value();
        AbiReader complete{whole};
        const std::string value = read_value(complete, type);
        for (std::size_t size = 0; size < whole.size(); size += 7) {
            AbiReader in{BytesView{whole}.first(size)};
            const std::string read = read_value(in, type);
            if (in.ok()) {
                EXPECT_EQ(read, value);
            } else {
                ++failures;
            }
        }
    }
    EXPECT_GT(failures, 10'000U);
}

}  // namespace
}  // namespace plimsoll::testing
