// SPDX-License-Identifier: Apache-2.0
#include "strategy/prices/price_guard.hpp"

#include "chain/codec/abi_writer.hpp"
#include "chain/codec/multicall.hpp"

#include <gtest/gtest.h>

namespace plimsoll::strategy {
namespace {

const Address kAsset = Address::from_word(Hash32::from_u256(U256{0xA55E7}));
const Address kOther = Address::from_word(Hash32::from_u256(U256{0x07BE2}));
const Address kSource = Address::from_word(Hash32::from_u256(U256{0x500C}));
constexpr Timestamp kNow{1'700'000'000};

Usd dollars(std::uint64_t whole) {
    return Usd{U256{whole} * pow10(8)};
}

Bytes answers(const U256& answer, const U256& decimals, bool success = true) {
    const Bytes first = codec::AbiWriter{}.u256(answer).take();
    const Bytes second = codec::AbiWriter{}.u256(decimals).take();
    return codec::encode_call_results(std::vector<codec::CallResult>{{success, first}, {true, second}});
}

/// A guard of 2.5 % that was told an answer at kNow.
PriceGuard guard_told(const U256& answer, unsigned decimals, bool success = true) {
    PriceGuard guard{{SecondSource{kAsset, kSource}}, BasisPoints{250}, 60};
    Head head;
    head.timestamp = kNow;
    EXPECT_TRUE(guard.accept(head, answers(answer, U256{decimals}, success)));
    return guard;
}

TEST(PriceGuard, AllowsUpToTheDeviationBothWays) {
    const PriceGuard guard = guard_told(U256{1'000} * pow10(8), 8);
    EXPECT_TRUE(guard.allows(kAsset, dollars(975), kNow));
    EXPECT_TRUE(guard.allows(kAsset, dollars(1'025), kNow));
    EXPECT_FALSE(guard.allows(kAsset, dollars(975) - Usd{U256{1}}, kNow));
    EXPECT_FALSE(guard.allows(kAsset, dollars(1'025) + Usd{U256{1}}, kNow));
}

TEST(PriceGuard, ScalesAnswersOfAnyDecimals) {
    EXPECT_TRUE(guard_told(U256{1'000} * pow10(18), 18).allows(kAsset, dollars(1'000), kNow));
    EXPECT_TRUE(guard_told(U256{1'000}, 0).allows(kAsset, dollars(1'000), kNow));
    EXPECT_FALSE(guard_told(U256{1'000} * pow10(18), 8).allows(kAsset, dollars(1'000), kNow));
}

TEST(PriceGuard, OtherAssetsAreNotGuarded) {
    const PriceGuard guard = guard_told(U256{1'000} * pow10(8), 8);
    EXPECT_TRUE(guard.allows(kOther, dollars(1), kNow));
}

TEST(PriceGuard, WhatIsNoPriceAllowsNothing) {
    EXPECT_FALSE(guard_told(U256{}, 8).allows(kAsset, dollars(1'000), kNow));
    EXPECT_FALSE(guard_told(U256{1} << 255, 8).allows(kAsset, dollars(1'000), kNow));
    EXPECT_FALSE(guard_told(U256{1'000} * pow10(8), 8, false).allows(kAsset, dollars(1'000), kNow));
    EXPECT_FALSE(guard_told(U256{1'000}, 200).allows(kAsset, dollars(1'000), kNow));
    const PriceGuard untold{{SecondSource{kAsset, kSource}}, BasisPoints{250}, 60};
    EXPECT_FALSE(untold.allows(kAsset, dollars(1'000), kNow));
}

TEST(PriceGuard, OldReadingAllowsNothing) {
    const PriceGuard guard = guard_told(U256{1'000} * pow10(8), 8);
    EXPECT_TRUE(guard.allows(kAsset, dollars(1'000), kNow.next(60)));
    EXPECT_FALSE(guard.allows(kAsset, dollars(1'000), kNow.next(61)));
}

TEST(PriceGuard, AnswerThatCannotBeReadChangesNothing) {
    PriceGuard guard = guard_told(U256{1'000} * pow10(8), 8);
    const Head later;
    EXPECT_FALSE(guard.accept(later, Bytes{1, 2, 3}));
    EXPECT_FALSE(guard.accept(later, codec::encode_call_results({})));
    EXPECT_TRUE(guard.allows(kAsset, dollars(1'000), kNow));
}

}  // namespace
}  // namespace plimsoll::strategy
