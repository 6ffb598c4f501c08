// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/rlp_writer.hpp"

#include "chain/primitives/hex.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace plimsoll::testing {
namespace {

using codec::RlpWriter;

std::string integer(const U256& value) {
    RlpWriter out;
    return to_hex(out.integer(value).take());
}

TEST(RlpWriter, WritesIntegersWithoutLeadingZeros) {
    EXPECT_EQ(integer(U256{0}), "0x80");
    EXPECT_EQ(integer(U256{1}), "0x01");
    EXPECT_EQ(integer(U256{127}), "0x7f");
    EXPECT_EQ(integer(U256{128}), "0x8180");
    EXPECT_EQ(integer(U256{1024}), "0x820400");
    EXPECT_EQ(integer(U256::max()), "0xa0" + to_hex(U256::max().to_be()).substr(2));
}

TEST(RlpWriter, SwitchesToLongPrefixesAbove55Bytes) {
    for (const auto& [size, prefix] : {std::pair{std::size_t{55}, "0xb7"},
                                       {56, "0xb838"},
                                       {255, "0xb8ff"},
                                       {256, "0xb90100"},
                                       {65536, "0xba010000"}}) {
        RlpWriter out;
        const std::string text = to_hex(out.bytes(Bytes(size, 0xEE)).take());
        EXPECT_TRUE(text.starts_with(std::string{prefix} + "ee")) << size;
    }
}

TEST(RlpWriter, NestsLists) {
    RlpWriter out;
    out.begin_list().begin_list().end_list().begin_list().begin_list().end_list().end_list();
    out.begin_list()
        .begin_list()
        .end_list()
        .begin_list()
        .begin_list()
        .end_list()
        .end_list()
        .end_list()
        .end_list();
    EXPECT_EQ(to_hex(out.take()), "0xc7c0c1c0c3c0c1c0")
        << "the set-theoretic three of the Yellow Paper's tests";
}

TEST(RlpWriter, KeepsAPrefixOutsideOfTheLists) {
    RlpWriter out{Bytes{0x02}};
    out.begin_list().integer(1U).encoded(Bytes{0xC0}).end_list();
    EXPECT_EQ(to_hex(out.take()), "0x02c201c0");
    EXPECT_TRUE(out.take().empty());
}

TEST(RlpWriter, BeginsAListOfKnownLengthAsIfItHadEndedIt) {
    for (const std::size_t size : {0U, 1U, 55U, 56U, 255U, 256U, 65'535U, 65'536U}) {
        const Bytes items(size, 0x05);
        RlpWriter known;
        RlpWriter ended;
        EXPECT_EQ(known.list_of(size).encoded(items).take(),
                  ended.begin_list().encoded(items).end_list().take());
    }
}

TEST(RlpWriter, ThrowsOnListsThatDoNotMatch) {
    RlpWriter never_opened;
    EXPECT_THROW(never_opened.end_list(), std::logic_error);
    RlpWriter never_ended;
    never_ended.begin_list();
    EXPECT_THROW(static_cast<void>(never_ended.take()), std::logic_error);
}

}  // namespace
}  // namespace plimsoll::testing
