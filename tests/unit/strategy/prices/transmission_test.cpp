// SPDX-License-Identifier: Apache-2.0
#include "strategy/prices/transmission.hpp"

#include "chain/codec/abi_writer.hpp"
#include "chain/primitives/hex.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace plimsoll::strategy {
namespace {

struct Line {
    std::string origin;  // "log": the receipt's AnswerUpdated; "viem": the report as viem decodes it
    std::string aggregator;
    std::string answer;
    PendingTransaction transaction;
};

std::vector<Line> transactions() {
    std::ifstream file{std::string{PLIMSOLL_VECTORS} + "/chainlink/transmissions.txt"};
    std::vector<Line> out;
    std::string text;
    while (std::getline(file, text)) {
        std::istringstream words{text};
        Line line;
        std::string hash;
        std::string to;
        std::string input;
        words >> line.origin >> hash >> to >> line.aggregator >> line.answer >> input;
        line.transaction.hash = parse_hash(hash).value();
        line.transaction.to = parse_address(to).value();
        line.transaction.input = parse_hex(input).value();
        out.push_back(std::move(line));
    }
    return out;
}

TEST(Transmission, OfMainnetTellsWhatTheAggregatorThenAnswered) {
    std::size_t from_logs = 0;
    std::size_t forwarded = 0;
    std::size_t other = 0;
    for (const Line& line : transactions()) {
        const auto told = decode_transmission(line.transaction);
        ASSERT_EQ(told.has_value(), line.answer != "-") << to_string(line.transaction.hash);
        if (!told) {
            ++other;  // OCR2 carries other things than prices too
            continue;
        }
        EXPECT_EQ(to_decimal(told->answer.value), line.answer) << to_string(line.transaction.hash);
        EXPECT_EQ(told->aggregator, parse_address(line.aggregator).value());
        from_logs += line.origin == "log" ? 1U : 0U;
        forwarded += told->aggregator == line.transaction.to ? 0U : 1U;
    }
    EXPECT_EQ(from_logs, 8U);
    EXPECT_EQ(forwarded, 3U);
    EXPECT_EQ(other, 4U);
}

Address somewhere() {
    return Address::from_word(Hash32::from_u256(U256{0xA66}));
}

U256 signed_word_of(std::int64_t value) {
    if (value >= 0) return U256{static_cast<std::uint64_t>(value)};
    return wrapping_sub(U256{}, U256{static_cast<std::uint64_t>(-value)});
}

/// transmit of OCR2 as an oracle writes it.
Bytes transmit(const std::vector<std::int64_t>& observations) {
    codec::AbiWriter list;
    list.u256(U256{observations.size()});
    for (const std::int64_t one : observations)
        list.u256(signed_word_of(one));
    codec::AbiWriter report;
    report.u256(U256{1'700'000'000}).u256(U256{}).dynamic(list).u256(U256{7});
    codec::AbiWriter call{codec::selector("transmit(bytes32[3],bytes,bytes32[],bytes32[],bytes32)")};
    call.u256(U256{1}).u256(U256{2}).u256(U256{3}).bytes(report.take());
    call.dynamic(codec::AbiWriter::array(0)).dynamic(codec::AbiWriter::array(0)).u256(U256{});
    return call.take();
}

PendingTransaction sent(Bytes input) {
    PendingTransaction out;
    out.to = somewhere();
    out.input = std::move(input);
    return out;
}

TEST(Transmission, TakesTheUpperOneOfTwoInTheMiddleAndNoNegativePrice) {
    EXPECT_EQ(decode_transmission(sent(transmit({1, 2, 3, 4})))->answer.value, U256{3});
    EXPECT_EQ(decode_transmission(sent(transmit({-5, 2, 3})))->answer.value, U256{2});
    EXPECT_EQ(decode_transmission(sent(transmit({-5, -4, 3})))->answer.value, U256{});
    EXPECT_EQ(decode_transmission(sent(transmit({9})))->aggregator, somewhere());
}

TEST(Transmission, WhatNoAggregatorTakesIsNone) {
    EXPECT_FALSE(decode_transmission(sent({})));
    EXPECT_FALSE(decode_transmission(sent(transmit({}))));
    EXPECT_FALSE(decode_transmission(sent(transmit({2, 1}))));
    EXPECT_FALSE(decode_transmission(sent(transmit({-1, -2}))));
    EXPECT_FALSE(decode_transmission(sent(transmit(std::vector<std::int64_t>(32, 1)))));
    EXPECT_TRUE(decode_transmission(sent(transmit(std::vector<std::int64_t>(31, 1)))));
}

TEST(Transmission, OneForwarderIsUnwrappedAndNoMore) {
    const auto forwarded = [](const Bytes& inner) {
        codec::AbiWriter out{codec::selector("forward(address,bytes)")};
        out.address(Address::from_word(Hash32::from_u256(U256{0xB0B}))).bytes(inner);
        return out.take();
    };
    const auto once = decode_transmission(sent(forwarded(transmit({5}))));
    ASSERT_TRUE(once);
    EXPECT_EQ(once->aggregator, Address::from_word(Hash32::from_u256(U256{0xB0B})));
    EXPECT_FALSE(decode_transmission(sent(forwarded(forwarded(transmit({5}))))));
}

RC_GTEST_PROP(TransmissionProperty, AnyBytesAreReadWithinBounds, ()) {
    static const std::vector<Line> kLines = transactions();
    PendingTransaction changed = kLines[*rc::gen::inRange<std::size_t>(0, kLines.size())].transaction;
    for (int times = *rc::gen::inRange(1, 6); times > 0; --times) {
        const auto place = *rc::gen::inRange<std::size_t>(0, changed.input.size());
        changed.input[place] = *rc::gen::arbitrary<std::uint8_t>();
    }
    changed.input.resize(*rc::gen::inRange<std::size_t>(0, changed.input.size() + 1));
    const auto told = decode_transmission(changed);
    if (told) RC_ASSERT(told->answer.value.bit_width() <= 191U);
}

}  // namespace
}  // namespace plimsoll::strategy
