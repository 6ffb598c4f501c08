// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/abi_reader.hpp"

#include "chain/codec/abi_writer.hpp"
#include "chain/primitives/hex.hpp"
#include "tests/unit/chain/codec/abi_by_type.hpp"
#include "tests/unit/chain/vector_file.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>

namespace plimsoll::testing {
namespace {

using codec::AbiReader;
using codec::AbiWriter;

Bytes words(std::initializer_list<U256> values) {
    AbiWriter out;
    for (const U256& value : values)
        out.u256(value);
    return out.take();
}

const U256 kHuge = U256::max();
const U256 kNearEndOfMemory{~std::uint64_t{0} - 31};

TEST(AbiReader, ReadsStaticValuesInOrder) {
    const Address address = parse_address("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed").value();
    AbiWriter out;
    out.u256(kHuge)
        .address(address)
        .boolean(true)
        .u256(7U)
        .u256(U256::from_u128(~u128{0}))
        .word(Hash32::from_u256(9U));
    const Bytes data = out.take();
    AbiReader in{data};
    EXPECT_EQ(in.u256(), kHuge);
    EXPECT_EQ(in.address(), address);
    EXPECT_TRUE(in.boolean());
    EXPECT_EQ(in.u64(), 7U);
    EXPECT_TRUE(in.u128_value() == ~u128{0});
    EXPECT_EQ(in.word(), Hash32::from_u256(9U));
    EXPECT_TRUE(in.finish("values").has_value());
}

TEST(AbiReader, RefusesValuesOutOfTheirType) {
    const Bytes dirty = words({U256{1} << 160U});
    EXPECT_TRUE((AbiReader{dirty}.address().is_zero()));
    AbiReader address{dirty};
    static_cast<void>(address.address());
    EXPECT_FALSE(address.ok());
    AbiReader u64{dirty};
    EXPECT_EQ(u64.u64(), 0U);
    EXPECT_FALSE(u64.ok());
    AbiReader u128{dirty};
    EXPECT_TRUE(u128.u128_value() == 0U);
    EXPECT_FALSE(u128.ok());
    const Bytes two = words({2U});
    AbiReader boolean{two};
    EXPECT_FALSE(boolean.boolean());
    EXPECT_FALSE(boolean.ok());
}

TEST(AbiReader, StaysFailedAndSaysWhere) {
    const Bytes data = words({2U, 1U});
    AbiReader in{data};
    static_cast<void>(in.boolean());
    EXPECT_EQ(in.u256(), U256{}) << "everything after a failure is zero";
    EXPECT_TRUE(in.bytes().empty());
    EXPECT_EQ(in.length(), 0U);
    const Result<void> end = in.finish("getReserveData");
    ASSERT_FALSE(end.has_value());
    EXPECT_EQ(end.error().code, Errc::malformed_reply);
    EXPECT_EQ(end.error().context, "getReserveData: a bool that is neither 0 nor 1, at byte 32 of 64");
}

TEST(AbiReader, RefusesOffsetsAndLengthsOutsideOfTheData) {
    for (const U256& bad : {U256{97}, U256{1} << 64U, kHuge, kNearEndOfMemory, U256{~std::uint64_t{0}}}) {
        const Bytes bad_offset = words({bad, 0U, 0U});
        AbiReader offset{bad_offset};
        EXPECT_TRUE(offset.bytes().empty());
        EXPECT_FALSE(offset.ok()) << to_decimal(bad);
        const Bytes bad_size = words({32U, bad, 0U});
        AbiReader size{bad_size};
        EXPECT_TRUE(size.bytes().empty());
        EXPECT_FALSE(size.ok()) << to_decimal(bad);
        AbiReader list = AbiReader{bad_size}.dynamic();
        EXPECT_EQ(list.length(), 0U);
        EXPECT_FALSE(list.ok()) << to_decimal(bad);
    }
}

TEST(AbiReader, BoundsArrayLengthsByTheWordsLeft) {
    const Bytes data = words({32U, 2U, 5U, 6U});
    AbiReader fits = AbiReader{data}.dynamic();
    EXPECT_EQ(fits.length(), 2U);
    EXPECT_EQ(fits.u256(), U256{5});
    const Bytes longer = words({32U, 3U, 5U, 6U});
    AbiReader too_long = AbiReader{longer}.dynamic();
    EXPECT_EQ(too_long.length(), 0U);
    EXPECT_FALSE(too_long.ok());
}

TEST(AbiReader, AnOffsetToItselfEndsAtTheDataAndNotInALoop) {
    const Bytes data = words({0U, 0U});
    AbiReader in{data};
    for (int depth = 0; depth < 1000; ++depth)
        in = in.dynamic();
    EXPECT_TRUE(in.ok());
    EXPECT_EQ(in.u256(), U256{}) << "each step was asked for by the caller";
}

TEST(AbiReader, TakesUnpaddedBytesAsSolcDoes) {
    Bytes data = words({32U, 3U});
    append_bytes(data, Bytes{1, 2, 3});
    AbiReader in{data};
    const BytesView bytes = in.bytes();
    EXPECT_EQ(Bytes(bytes.begin(), bytes.end()), (Bytes{1, 2, 3}));
    EXPECT_TRUE(in.ok());
}

TEST(AbiReader, ReadsSignedWords) {
    simdjson::dom::parser parser;
    const std::string text = read_vector_file("abi/viem.json");
    const Bytes data = parse_hex(parser.parse(text)["round_data"].get_string().value()).value();
    AbiReader in{data};
    bool negative = false;
    EXPECT_EQ(in.u64(), 7U);
    EXPECT_EQ(in.signed_word(negative), U256{123456789});
    EXPECT_TRUE(negative);
    EXPECT_EQ(in.signed_word(negative), U256{8});
    EXPECT_FALSE(negative);
    const Bytes lowest = words({U256{1} << 255U});
    AbiReader edge{lowest};
    EXPECT_EQ(edge.signed_word(negative), U256{1} << 255U);
    EXPECT_TRUE(negative);
}

TEST(AbiReader, SkipsWholeWordsOnly) {
    const Bytes data = words({1U, 2U, 3U});
    AbiReader in{data};
    in.skip(2);
    EXPECT_EQ(in.u256(), U256{3});
    in.skip(1);
    EXPECT_FALSE(in.ok());
    AbiReader all{data};
    all.skip(~std::size_t{0});
    EXPECT_FALSE(all.ok());
}

/// Random garbage made of plausible offsets: whatever is read, the views lie within the data (address
/// sanitizer watches).
TEST(AbiReader, StaysWithinBoundsOnGarbage) {
    std::mt19937_64 random{31};
    const AbiType type = parse_abi_type("(bytes,(address,uint64[],string)[],(bool,bytes[])[2],uint256)");
    std::size_t failed = 0;
    for (int round = 0; round < 20'000; ++round) {
        AbiWriter out;
        for (std::uint64_t i = random() % 24; i > 0; --i)
            out.u256(random() % 8 == 0 ? random() : 32 * (random() % 16));
        Bytes data = out.take();
        data.resize(data.size() - std::min<std::size_t>(data.size(), random() % 33));
        AbiReader in{data};
        static_cast<void>(read_value(in, type));
        if (!in.ok()) ++failed;
    }
    EXPECT_GT(failed, 15'000U);
}

}  // namespace
}  // namespace plimsoll::testing
