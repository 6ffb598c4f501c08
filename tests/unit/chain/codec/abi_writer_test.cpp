// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/abi_writer.hpp"

#include "chain/primitives/hex.hpp"
#include "tests/unit/chain/vector_file.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

namespace plimsoll::testing {
namespace {

using codec::AbiWriter;
using codec::Selector;

class ViemVectors : public ::testing::Test {
  protected:
    ViemVectors() : text_{read_vector_file("abi/viem.json")}, root_{parser_.parse(text_)} {}

    [[nodiscard]] std::string_view encoded(const char* name) const {
        return root_[name].get_string().value();
    }
    [[nodiscard]] Address address(const char* number) const {
        return parse_address(root_["addresses"][number].get_string().value()).value();
    }

    /// The plan of make_viem.mjs, with or without its calls and swaps.
    [[nodiscard]] AbiWriter plan(const AbiWriter& calls, const AbiWriter& swaps) const {
        AbiWriter out;
        out.u256(1U).address(address("1")).address(address("2"));
        out.u256(parse_decimal("123456789012345678901234567890").value()).dynamic(calls).dynamic(swaps);
        out.address(address("9")).u256(pow10(18)).u256(~std::uint64_t{0}).u256(10'000U);
        return out;
    }

  private:
    simdjson::dom::parser parser_;
    std::string text_;
    simdjson::dom::element root_;
};

constexpr Selector kExecute = codec::selector(
    "execute((uint8,address,address,uint256,(address,address,uint256,bytes)[],(uint8,address,address,uint256,"
    "bytes)[],"
    "address,uint256,uint64,uint16))");

TEST(Selector, IsTheHeadOfTheHash) {
    static_assert(codec::selector("transfer(address,uint256)") == Selector{0xA9, 0x05, 0x9C, 0xBB});
    static_assert(codec::topic("Transfer(address,address,uint256)").bytes[0] == 0xDD);
    EXPECT_EQ(to_string(codec::topic("AnswerUpdated(int256,uint256,uint256)")),
              "0x0559884fd3a460db3073b7fc896cc77986f16e378210ded43186175bf646fc5f");
}

TEST_F(ViemVectors, WritesAPlanOfNestedStructsAndArrays) {
    AbiWriter first;
    first.address(address("3")).address(address("4")).u256(U256::max()).bytes(Bytes(164, 0xAB));
    AbiWriter second;
    second.address(address("5")).address(address("6")).u256(U256{}).bytes({});
    AbiWriter calls = AbiWriter::array(2);
    calls.dynamic(first).dynamic(second);
    AbiWriter swap;
    swap.u256(0U).address(address("7")).address(address("8")).u256(U256::max()).bytes(Bytes(43, 0xCD));
    AbiWriter swaps = AbiWriter::array(1);
    swaps.dynamic(swap);
    AbiWriter out{kExecute};
    out.dynamic(plan(calls, swaps));
    EXPECT_EQ(to_hex(out.take()), encoded("execute"));
}

TEST_F(ViemVectors, WritesEmptyArrays) {
    AbiWriter out{kExecute};
    out.dynamic(plan(AbiWriter::array(0), AbiWriter::array(0)));
    EXPECT_EQ(to_hex(out.take()), encoded("execute_empty"));
}

TEST(AbiWriter, IsEmptyAndUsableAgainAfterTake) {
    AbiWriter writer{Selector{1, 2, 3, 4}};
    writer.bytes(Bytes{9});
    EXPECT_EQ(writer.size(), 4U + 32U + 64U);
    EXPECT_EQ(writer.take().size(), 4U + 32U + 64U);
    EXPECT_EQ(writer.size(), 0U);
    EXPECT_EQ(writer.boolean(true).take().size(), 32U);
}

TEST(AbiWriter, HasRoomForAnyNumberOfFields) {
    constexpr std::size_t kFields = 40;
    AbiWriter writer;
    for (std::size_t i = 0; i < kFields; ++i)
        writer.u256(U256{i + 1});
    const Bytes out = writer.bytes(Bytes{9}).take();
    ASSERT_EQ(out.size(), (kFields + 3) * 32);
    const auto word = [&](std::size_t place) {
        return U256::from_be(BytesView{out}.subspan(place * 32, 32));
    };
    for (std::size_t i = 0; i < kFields; ++i)
        EXPECT_EQ(word(i), U256{i + 1});
    EXPECT_EQ(word(kFields), U256{(kFields + 1) * 32});
    EXPECT_EQ(word(kFields + 1), U256{1});
    EXPECT_EQ(out[(kFields + 2) * 32], 9);
}

TEST(AbiWriter, PadsDynamicBytesToWholeWords) {
    for (const std::size_t size : {0U, 1U, 31U, 32U, 33U, 64U}) {
        AbiWriter writer;
        const Bytes out = writer.bytes(Bytes(size, 0xFF)).take();
        EXPECT_EQ(out.size(), 64U + (size + 31U) / 32U * 32U);
        EXPECT_EQ(std::count(out.begin() + 64, out.end(), 0xFF), static_cast<std::ptrdiff_t>(size));
    }
}

}  // namespace
}  // namespace plimsoll::testing
