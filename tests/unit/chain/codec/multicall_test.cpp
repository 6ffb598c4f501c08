// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/multicall.hpp"

#include "chain/codec/abi_writer.hpp"
#include "chain/primitives/hex.hpp"
#include "tests/unit/chain/vector_file.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

namespace plimsoll::testing {
namespace {

using codec::CallResult;

class Multicall : public ::testing::Test {
  protected:
    Multicall() : text_{read_vector_file("abi/viem.json")}, root_{parser_.parse(text_)} {}
    [[nodiscard]] std::string_view encoded(const char* name) const {
        return root_[name].get_string().value();
    }
    [[nodiscard]] Address address(const char* number) const {
        return parse_address(root_["addresses"][number].get_string().value()).value();
    }

  private:
    simdjson::dom::parser parser_;
    std::string text_;
    simdjson::dom::element root_;
};

TEST_F(Multicall, WritesBatchesAsViemDoes) {
    const std::vector<Call> calls{{address("20"), {}},
                                  {address("21"), Bytes(1, 0x01)},
                                  {address("22"), Bytes(32, 0x02)},
                                  {address("23"), Bytes(36, 0x03)}};
    EXPECT_EQ(to_hex(codec::encode_aggregate3(calls)), encoded("aggregate3"));
    EXPECT_EQ(to_hex(codec::encode_aggregate3({})), encoded("aggregate3_none"));
}

TEST_F(Multicall, ReadsAnswersAsViews) {
    const Bytes answer = parse_hex(encoded("aggregate3_answer")).value();
    const auto results = codec::decode_aggregate3(answer);
    ASSERT_TRUE(results.has_value());
    ASSERT_EQ(results->size(), 3U);
    EXPECT_TRUE((*results)[0].success);
    EXPECT_FALSE((*results)[1].success);
    EXPECT_EQ(to_hex((*results)[1].data), "0x");
    EXPECT_EQ(to_hex((*results)[2].data), "0x22222222222222");
    EXPECT_GE((*results)[2].data.data(), answer.data());
    EXPECT_LE((*results)[2].data.data() + (*results)[2].data.size(), answer.data() + answer.size());
    EXPECT_EQ(to_hex(codec::encode_call_results(*results)), encoded("aggregate3_answer"));
}

TEST_F(Multicall, RefusesAnswersCutAnywhere) {
    const Bytes answer = parse_hex(encoded("aggregate3_answer")).value();
    for (std::size_t size = 0; size + 25 < answer.size(); ++size) {  // the last 25 bytes are padding
        const auto results = codec::decode_aggregate3(BytesView{answer}.first(size));
        ASSERT_FALSE(results.has_value()) << size;
        EXPECT_EQ(results.error().code, Errc::malformed_reply);
    }
    EXPECT_FALSE(codec::decode_aggregate3({}).has_value()) << "no code at the address answers with nothing";
}

/// Many elements that all point to one long value: the claimed lengths cost views, not copies.
TEST_F(Multicall, AnswersThatAliasOneValueStayCheap) {
    codec::AbiWriter list;
    const std::size_t count = 10'000;
    list.u256(32U).u256(count);
    for (std::size_t i = 0; i < count; ++i)
        list.u256(32U * count);  // offsets from behind the length word
    list.u256(1U).u256(64U).u256(32U).u256(U256::max());
    const Bytes answer = list.take();
    const auto results = codec::decode_aggregate3(answer);
    ASSERT_TRUE(results.has_value());
    EXPECT_EQ(results->size(), count);
    EXPECT_EQ(results->front().data.data(), results->back().data.data());
}

}  // namespace
}  // namespace plimsoll::testing
