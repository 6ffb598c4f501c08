// SPDX-License-Identifier: Apache-2.0
// The RLP of others: Ethereum's official tests, valid and invalid, and those of ethers.
#include "chain/codec/rlp_reader.hpp"
#include "chain/codec/rlp_writer.hpp"
#include "chain/primitives/hex.hpp"
#include "tests/unit/chain/vector_file.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <iterator>

namespace plimsoll::testing {
namespace {

using codec::check_rlp;
using codec::RlpReader;
using codec::RlpWriter;
using simdjson::dom::element;

Bytes to_bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

/// Official files write hex with and without 0x.
Bytes bytes_in(std::string_view text) {
    const std::string digits{text.starts_with("0x") ? text.substr(2) : text};
    return parse_hex("0x" + digits).value();
}

/// "#123" is a decimal number of any size, here its big-endian bytes.
Bytes big_number(std::string_view text) {
    Bytes out;
    boost::multiprecision::export_bits(boost::multiprecision::cpp_int{text.substr(1)},
                                       std::back_inserter(out), 8);
    return out;
}

enum class Strings { text, hex_digits };

void write_value(RlpWriter& out, element value, Strings strings) {
    if (value.is_array()) {
        out.begin_list();
        for (const element item : value.get_array())
            write_value(out, item, strings);
        out.end_list();
    } else if (value.is_int64()) {
        out.integer(static_cast<std::uint64_t>(value.get_int64().value()));
    } else if (const std::string_view text = value.get_string().value(); text.starts_with('#')) {
        out.bytes(big_number(text));
    } else {
        out.bytes(strings == Strings::hex_digits ? bytes_in(text) : to_bytes(text));
    }
}

void expect_value(RlpReader& in, element value, Strings strings) {
    if (value.is_array()) {
        RlpReader items = in.list();
        for (const element item : value.get_array())
            expect_value(items, item, strings);
        in.absorb(items);
    } else if (value.is_int64()) {
        EXPECT_EQ(in.u64(), static_cast<std::uint64_t>(value.get_int64().value()));
    } else if (const std::string_view text = value.get_string().value(); text.starts_with('#')) {
        const Bytes bytes = big_number(text);
        RlpReader as_bytes = in;
        const U256 number = in.integer();
        EXPECT_EQ(in.ok(), bytes.size() <= 32) << "integers have 256 bits";
        EXPECT_EQ(number, in.ok() ? U256::from_be(bytes) : U256{});
        in = as_bytes;
        const BytesView read = in.bytes();
        EXPECT_EQ(Bytes(read.begin(), read.end()), bytes);
    } else {
        const BytesView bytes = in.bytes();
        EXPECT_EQ(Bytes(bytes.begin(), bytes.end()),
                  strings == Strings::hex_digits ? bytes_in(text) : to_bytes(text));
    }
}

void expect_both_ways(element value, const Bytes& encoded, Strings strings) {
    RlpWriter out;
    write_value(out, value, strings);
    EXPECT_EQ(out.take(), encoded);
    RlpReader in{encoded};
    expect_value(in, value, strings);
    EXPECT_TRUE(in.finish("vector").has_value());
    EXPECT_TRUE(check_rlp(encoded).has_value());
}

TEST(RlpVectors, WritesAndReadsTheOfficialValidOnes) {
    simdjson::dom::parser parser;
    const std::string text = read_vector_file("rlp/official_valid.json");
    std::size_t count = 0;
    const simdjson::dom::object cases = parser.parse(text).get_object().value();
    for (const auto& [name, item] : cases) {
        SCOPED_TRACE(name);
        expect_both_ways(item["in"], bytes_in(item["out"].get_string().value()), Strings::text);
        ++count;
    }
    EXPECT_EQ(count, 28U);
}

TEST(RlpVectors, RefusesTheOfficialInvalidOnes) {
    simdjson::dom::parser parser;
    const std::string text = read_vector_file("rlp/official_invalid.json");
    std::size_t count = 0;
    const simdjson::dom::object cases = parser.parse(text).get_object().value();
    for (const auto& [name, item] : cases) {
        const Result<void> checked = check_rlp(bytes_in(item["out"].get_string().value()));
        ASSERT_FALSE(checked.has_value()) << name;
        EXPECT_EQ(checked.error().code, Errc::malformed_input);
        ++count;
    }
    EXPECT_EQ(count, 26U);
}

TEST(RlpVectors, AcceptsTheOfficialRandomOne) {
    simdjson::dom::parser parser;
    const std::string text = read_vector_file("rlp/official_random.json");
    const Bytes data = bytes_in(parser.parse(text)["listsoflists2"]["out"].get_string().value());
    EXPECT_TRUE(check_rlp(data).has_value());
}

TEST(RlpVectors, WritesAndReadsThoseOfEthers) {
    simdjson::dom::parser parser;
    const std::string text = read_vector_file("rlp/ethers.json");
    std::size_t count = 0;
    for (const element item : parser.parse(text)) {
        SCOPED_TRACE(item["name"].get_string().value());
        expect_both_ways(item["decoded"], bytes_in(item["encoded"].get_string().value()),
                         Strings::hex_digits);
        ++count;
    }
    EXPECT_EQ(count, 61U);
}

}  // namespace
}  // namespace plimsoll::testing
