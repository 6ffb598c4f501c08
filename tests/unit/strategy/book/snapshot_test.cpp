// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/book_writer.hpp"
#include "strategy/snapshot/checksum.hpp"
#include "strategy/snapshot/envelope.hpp"
#include "strategy/snapshot/snapshot_reader.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace plimsoll::strategy {
namespace {

Bytes bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

TEST(SnapshotChecksum, IsTheOneOfXz) {
    // Check value of CRC-64/XZ in the catalogue of parametrised CRC algorithms.
    EXPECT_EQ(checksum(bytes_of("123456789")), 0x995DC9BBDF1939FAULL);
    EXPECT_EQ(checksum({}), 0U);
}

std::uint64_t bit_by_bit(BytesView data) {
    std::uint64_t sum = ~std::uint64_t{0};
    for (const std::uint8_t byte : data) {
        sum ^= byte;
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum & 1U) != 0 ? (sum >> 1U) ^ 0xC96C5795D7870F42ULL : sum >> 1U;
    }
    return ~sum;
}

TEST(Checksum, IsTheSameHoweverManyBytesAreTakenAtATime) {
    Bytes data;
    std::uint64_t state = 1;
    for (int i = 0; i < 1'100; ++i)
        data.push_back(static_cast<std::uint8_t>((state = state * 6'364'136'223'846'793'005ULL + 1) >> 56U));
    for (std::size_t size = 0; size <= 1'024; ++size) {
        const BytesView part = BytesView{data}.subspan(size % 17, size);
        ASSERT_EQ(checksum(part), bit_by_bit(part)) << size;
    }
}

TEST(SnapshotReader, ReadsWhatWasWritten) {
    SnapshotWriter out;
    Head head;
    head.hash = Hash32::from_u256(U256{7});
    head.number = BlockNumber{9};
    head.base_fee = Wei{U256{11}};
    out.u8(1);
    out.boolean(true);
    out.u16(0x0203);
    out.u32(0x04050607);
    out.u64(0x08090A0B0C0D0E0F);
    out.u128_value((u128{5} << 64U) | 6U);
    out.u256(U256::max());
    out.head(head);
    out.text("abc");
    const Bytes bytes = out.take();
    EXPECT_EQ(bytes[2], 0x03);  // the little end comes first
    SnapshotReader in{bytes};
    EXPECT_EQ(in.u8(), 1);
    EXPECT_TRUE(in.boolean());
    EXPECT_EQ(in.u16(), 0x0203);
    EXPECT_EQ(in.u32(), 0x04050607U);
    EXPECT_EQ(in.u64(), 0x08090A0B0C0D0E0FU);
    EXPECT_EQ(in.u128_value(), (u128{5} << 64U) | 6U);
    EXPECT_EQ(in.u256(), U256::max());
    EXPECT_EQ(in.head(), head);
    EXPECT_EQ(in.text(3), "abc");
    EXPECT_TRUE(in.finish("test"));
}

TEST(SnapshotReader, FailsForGoodAndHoldsNoMoreThanThereIs) {
    SnapshotWriter out;
    out.u32(1'000'000);
    out.u64(3);
    const Bytes bytes = out.take();
    SnapshotReader in{bytes};
    EXPECT_EQ(in.length(2'000'000, 16), 0U);  // sixteen million bytes are not there
    EXPECT_FALSE(in.ok());
    EXPECT_EQ(in.u64(), 0U);  // although it is
    EXPECT_EQ(in.finish("numbers").error().code, Errc::malformed_input);
    SnapshotReader most{bytes};
    EXPECT_EQ(most.length(10, 0), 0U);
    EXPECT_FALSE(most.ok());
    const Bytes two{2};
    SnapshotReader flag{two};
    EXPECT_FALSE(flag.boolean());
    EXPECT_FALSE(flag.ok());
    SnapshotReader rest{two};
    EXPECT_FALSE(rest.finish("nothing"));
}

TEST(BookSnapshot, HundredThousandAccountsComeBack) {
    Book book{4};
    book.reset(20);
    BookWriter writer = BookWriter::baseline(book);
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        Address who;
        who.bytes[0] = static_cast<std::uint8_t>(i);
        who.bytes[7] = static_cast<std::uint8_t>(i >> 8U);
        who.bytes[19] = static_cast<std::uint8_t>(i >> 16U);
        const AccountId account = writer.account(who);
        for (std::uint32_t j = 0; j < 3; ++j)
            writer.set_position(account, static_cast<ReserveId>((i + 5 * j) % 20), {i + 1, j});
        writer.set_collateral(account, static_cast<ReserveId>(i % 20), true);
    }
    SnapshotWriter out;
    book.save(out);
    const Bytes saved = out.take();
    Book loaded{4};
    SnapshotReader in{saved};
    loaded.load(in);
    ASSERT_TRUE(in.finish("book"));
    ASSERT_EQ(loaded.size(), book.size());
    EXPECT_EQ(loaded.position(4'711, 11), book.position(4'711, 11));
    EXPECT_EQ(loaded.find(book.address(99'999)), AccountId{99'999});
    SnapshotWriter again;
    loaded.save(again);
    EXPECT_EQ(again.take(), saved);
}

}  // namespace
}  // namespace plimsoll::strategy
