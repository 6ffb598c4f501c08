// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/rlp_reader.hpp"

#include "chain/codec/rlp_writer.hpp"
#include "chain/primitives/hex.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plimsoll::testing {
namespace {

using codec::check_rlp;
using codec::RlpReader;
using codec::RlpWriter;

Bytes hex(std::string_view text) {
    return parse_hex(text).value();
}

TEST(RlpReader, ReadsFieldsInOrder) {
    RlpWriter out;
    const Address address = parse_address("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed").value();
    out.begin_list()
        .integer(U256::max())
        .integer(0U)
        .address(address)
        .hash(Hash32::from_u256(5U))
        .text("dog");
    const Bytes data = out.begin_list().integer(9U).end_list().end_list().take();
    RlpReader in{data};
    RlpReader fields = in.list();
    EXPECT_EQ(fields.integer(), U256::max());
    EXPECT_EQ(fields.u64(), 0U);
    EXPECT_EQ(fields.address(), address);
    EXPECT_EQ(fields.hash(), Hash32::from_u256(5U));
    EXPECT_EQ(fields.text(), "dog");
    EXPECT_TRUE(fields.next_is_list());
    RlpReader nested = fields.list();
    EXPECT_EQ(nested.bounded(9), 9U);
    EXPECT_TRUE(nested.finish("nested").has_value());
    EXPECT_TRUE(fields.finish("fields").has_value());
    EXPECT_TRUE(in.finish("item").has_value());
}

template <class Read>
bool fails(std::string_view text, Read read) {
    const Bytes data = hex(text);
    RlpReader in{data};
    static_cast<void>(read(in));
    return !in.ok();
}

TEST(RlpReader, RefusesIntegersThatAreNotMinimalOrTooLarge) {
    const auto integer = [](RlpReader& in) { return in.integer(); };
    EXPECT_TRUE(fails("0x00", integer)) << "zero is the empty string";
    EXPECT_TRUE(fails("0x820001", integer));
    EXPECT_TRUE(fails("0xa1" + std::string(66, '1'), integer));
    EXPECT_FALSE(fails("0xa0" + std::string(64, '1'), integer));
    const auto u64 = [](RlpReader& in) { return in.u64(); };
    EXPECT_FALSE(fails("0x88ffffffffffffffff", u64));
    EXPECT_TRUE(fails("0x89010000000000000000", u64));
    const auto up_to_nine = [](RlpReader& in) { return in.bounded(9); };
    EXPECT_FALSE(fails("0x09", up_to_nine));
    EXPECT_TRUE(fails("0x0a", up_to_nine));
    const auto boolean = [](RlpReader& in) { return in.boolean(); };
    EXPECT_FALSE(fails("0x80", boolean));
    EXPECT_FALSE(fails("0x01", boolean));
    EXPECT_TRUE(fails("0x02", boolean));
}

TEST(RlpReader, RefusesTheOtherKindAndOtherSizes) {
    EXPECT_TRUE(fails("0xc0", [](RlpReader& in) { return in.bytes().size(); }));
    EXPECT_TRUE(fails("0x80", [](RlpReader& in) { return in.list().ok(); }));
    EXPECT_TRUE(fails("0x8180", [](RlpReader& in) { return in.hash(); }));
    EXPECT_TRUE(fails("0x93" + std::string(38, '1'), [](RlpReader& in) { return in.address(); }));
    EXPECT_TRUE(fails("0x95" + std::string(42, '1'), [](RlpReader& in) { return in.address(); }));
    EXPECT_TRUE(fails("0x", [](RlpReader& in) { return in.integer(); }));
}

TEST(RlpReader, NoticesWhatIsLeftOver) {
    const Bytes two = hex("0x0102");
    RlpReader in{two};
    static_cast<void>(in.u64());
    const Result<void> end = in.finish("nonce");
    ASSERT_FALSE(end.has_value());
    EXPECT_EQ(end.error(), (Error{Errc::malformed_input, "nonce: 1 bytes left over"}));
    const Bytes list = hex("0xc20102");
    RlpReader outer{list};
    RlpReader items = outer.list();
    static_cast<void>(items.u64());
    outer.absorb(items);
    EXPECT_FALSE(outer.ok());
}

TEST(RlpReader, LimitsNesting) {
    const auto nested = [](unsigned depth) {
        RlpWriter out;
        for (unsigned i = 0; i < depth; ++i)
            out.begin_list();
        for (unsigned i = 0; i < depth; ++i)
            out.end_list();
        return out.take();
    };
    EXPECT_TRUE(check_rlp(nested(RlpReader::kMaxDepth)).has_value());
    EXPECT_FALSE(check_rlp(nested(RlpReader::kMaxDepth + 1)).has_value());
    EXPECT_FALSE(check_rlp(nested(5'000)).has_value()) << "and costs no stack";
}

/// Reads everything and writes it again.
void recode(RlpReader& in, RlpWriter& out) {
    while (!in.at_end()) {
        if (in.next_is_list()) {
            RlpReader nested = in.list();
            out.begin_list();
            recode(nested, out);
            out.end_list();
            in.absorb(nested);
        } else {
            out.bytes(in.bytes());
        }
    }
}

/// Canonical means: one value, one encoding. So whatever passes must be what the writer writes.
RC_GTEST_PROP(RlpReader, AcceptsOnlyWhatTheWriterWrites, ()) {
    const auto length = *rc::gen::inRange<std::size_t>(0, 80);
    const Bytes data = *rc::gen::container<Bytes>(
        length, rc::gen::weightedOneOf<std::uint8_t>(
                    {{3, rc::gen::arbitrary<std::uint8_t>()},
                     {2, rc::gen::inRange<std::uint8_t>(0x80, 0x88)},
                     {2, rc::gen::inRange<std::uint8_t>(0xC0, 0xC8)},
                     {1, rc::gen::element<std::uint8_t>(0xB8, 0xF8, 0xBF, 0xFF, 0x00)}}));
    RlpReader in{data};
    RlpWriter out;
    recode(in, out);
    if (!in.finish("items")) return;
    RC_ASSERT(out.take() == data);
}

void write_random(RlpWriter& out, unsigned depth) {
    const auto count = *rc::gen::inRange(0, 5);
    for (int i = 0; i < count; ++i) {
        if (depth > 0 && *rc::gen::arbitrary<bool>()) {
            out.begin_list();
            write_random(out, depth - 1);
            out.end_list();
        } else {
            const auto size = *rc::gen::inRange<std::size_t>(0, 70);
            out.bytes(*rc::gen::container<Bytes>(size, rc::gen::arbitrary<std::uint8_t>()));
        }
    }
}

RC_GTEST_PROP(RlpReader, ReadsBackWhatWasWrittenAndRefusesItTruncated, ()) {
    RlpWriter out;
    out.begin_list();
    write_random(out, 4);
    const Bytes data = out.end_list().take();
    RlpReader in{data};
    RlpWriter again;
    recode(in, again);
    RC_ASSERT(in.finish("item").has_value());
    RC_ASSERT(again.take() == data);
    const auto size = *rc::gen::inRange<std::size_t>(0, data.size());
    RC_ASSERT(!check_rlp(BytesView{data}.first(size)).has_value());
}

}  // namespace
}  // namespace plimsoll::testing
