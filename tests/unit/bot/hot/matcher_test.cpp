// SPDX-License-Identifier: Apache-2.0
#include "bot/hot/matcher.hpp"

#include "strategy/prices/price_leaves.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <utility>

namespace plimsoll::bot {
namespace {

using strategy::Trigger;

Address numbered(std::uint64_t number) {
    return Address::from_word(Hash32::from_u256(U256{number}));
}
const Address kEther = numbered(0xE7);
const Address kDollar = numbered(0xD0);
const Address kBitcoin = numbered(0xB7);
constexpr BlockNumber kBlock{100};

Log answer(const Address& aggregator, const U256& value, BlockNumber block = kBlock) {
    Log out;
    out.address = aggregator;
    out.topics[0] = strategy::kAnswerUpdated;
    out.topics[1] = Hash32::from_u256(value);
    out.topic_count = 3;
    out.block_number = block;
    return out;
}

/// Of account number `account`, by Ether between two answers, void once the dollar moved.
Trigger trigger(std::uint64_t account, std::uint64_t least, std::uint64_t most) {
    Trigger out;
    out.key = IntentKey{ChainId{1}, 0, numbered(account)};
    out.aggregator = kEther;
    out.least = U256{least};
    out.most = U256{most};
    out.falling = true;
    out.others = {kDollar};
    out.assets = {numbered(0xA1), numbered(0xA2)};
    return out;
}

struct Matching {
    explicit Matching(const std::vector<Trigger>& triggers, BlockNumber block = kBlock) {
        take(triggers, block);
    }
    void take(const std::vector<Trigger>& triggers, BlockNumber block = kBlock) {
        table = std::make_shared<ArmedTable>(++epoch, block);
        for (std::uint32_t i = 0; i < triggers.size(); ++i)
            EXPECT_TRUE(table->add(triggers[i], {i, 1}, {}));
        matcher.take(table);
    }
    std::uint32_t epoch = 0;
    std::shared_ptr<ArmedTable> table;
    Matcher matcher;
};

TEST(Matcher, FindsTheNearestWhoseBoundsHoldTheAnswer) {
    Matching at{{trigger(1, 1'900, 1'990), trigger(2, 1'900, 1'980)}};
    const auto sent_by = [&](std::uint64_t value) { return at.matcher.match(answer(kEther, U256{value})); };
    EXPECT_EQ(sent_by(1'991), std::nullopt);
    EXPECT_EQ(sent_by(1'990), 0U);
    EXPECT_EQ(sent_by(1'900), 0U);
    EXPECT_EQ(sent_by(1'899), std::nullopt);
    EXPECT_EQ(at.matcher.match(answer(kEther, U256::max())), std::nullopt) << "below zero";
}

TEST(Matcher, KnowsWhoSinksWhenThePriceRises) {
    Trigger owes = trigger(2, 2'050, 2'100);
    owes.falling = false;
    Matching at{{trigger(1, 1'900, 1'990), owes}};
    EXPECT_EQ(at.matcher.match(answer(kEther, U256{2'049})), std::nullopt);
    EXPECT_EQ(at.matcher.match(answer(kEther, U256{2'050})), 1U);
    EXPECT_EQ(at.matcher.match(answer(kEther, U256{2'101})), std::nullopt);
    EXPECT_EQ(at.matcher.match(answer(kEther, U256::max())), std::nullopt) << "below zero";
    EXPECT_EQ(at.matcher.match(answer(kEther, U256{1'950})), 0U);
}

TEST(Matcher, PassesOverWhatIsNoAnswerOfItsBlock) {
    Matching at{{trigger(1, 1'900, 1'990)}};
    EXPECT_FALSE(at.matcher.match(answer(kEther, U256{1'950}, kBlock.next(1))));
    EXPECT_FALSE(at.matcher.match(answer(kBitcoin, U256{1'950})));
    Log other = answer(kEther, U256{1'950});
    other.topics[0] = Hash32{};
    EXPECT_FALSE(at.matcher.match(other));
    Log bare = answer(kEther, U256{1'950});
    bare.topic_count = 1;
    EXPECT_FALSE(at.matcher.match(bare));
    EXPECT_TRUE(at.matcher.match(answer(kEther, U256{1'950})));
}

TEST(Matcher, NothingAfterAnotherPriceOfTheAccountMoved) {
    Matching at{{trigger(1, 1'900, 1'990)}};
    EXPECT_FALSE(at.matcher.match(answer(kBitcoin, U256{60'000})));
    EXPECT_TRUE(at.matcher.match(answer(kEther, U256{1'950}))) << "it holds no bitcoin";
    EXPECT_FALSE(at.matcher.match(answer(kDollar, U256{1})));
    EXPECT_FALSE(at.matcher.match(answer(kEther, U256{1'950})));
    at.take({trigger(1, 1'900, 1'990)});
    EXPECT_FALSE(at.matcher.match(answer(kEther, U256{1'950}))) << "the newer table is of the same block";
    at.take({trigger(1, 1'900, 1'990)}, kBlock.next(1));
    EXPECT_TRUE(at.matcher.match(answer(kEther, U256{1'950}, kBlock.next(1))));
}

TEST(Matcher, MoreAnswersThanItCountsMakeEverythingVoid) {
    Matching at{{trigger(1, 1'900, 1'990)}};
    for (std::uint64_t i = 0; i <= ArmedTable::kMost; ++i)
        EXPECT_FALSE(at.matcher.match(answer(numbered(0xF000 + i), U256{1})));
    EXPECT_FALSE(at.matcher.match(answer(kEther, U256{1'950})));
}

TEST(Matcher, AnAnswerThatIsTakenBackEndsTheTable) {
    Matching at{{trigger(1, 1'900, 1'990)}};
    Log gone = answer(kEther, U256{2'000});
    gone.removed = true;
    EXPECT_FALSE(at.matcher.match(gone));
    EXPECT_FALSE(at.matcher.match(answer(kEther, U256{1'950})));
    EXPECT_EQ(at.matcher.table(), nullptr);
}

TEST(ArmedTable, WhatIsToldOfAnAccountOrItsAssetsMakesItsEntryVoid) {
    Matching at{{trigger(1, 1'900, 1'990), trigger(2, 1'900, 1'980)}};
    at.table->note(std::array{numbered(0xFF).to_word(), numbered(1).to_word()});
    EXPECT_TRUE(at.table->is_void(0));
    EXPECT_FALSE(at.table->is_void(1));
    EXPECT_EQ(at.matcher.match(answer(kEther, U256{1'950})), 1U) << "the next one is not";
    at.table->note(std::array{numbered(0xA2).to_word()});
    EXPECT_FALSE(at.matcher.match(answer(kEther, U256{1'950})));
}

TEST(ArmedTable, HasPlaceForSoMany) {
    ArmedTable table{1, kBlock};
    for (std::uint64_t i = 0; i < ArmedTable::kMost; ++i)
        EXPECT_TRUE(table.add(trigger(i, 1, 2), {}, {}));
    EXPECT_FALSE(table.add(trigger(99, 1, 2), {}, {}));
    ArmedTable many{1, kBlock};
    Trigger one = trigger(1, 1, 2);
    for (std::uint64_t i = 0; i < ArmedTable::kMost; ++i)
        one.others.push_back(numbered(0xF000 + i));
    EXPECT_FALSE(many.add(one, {}, {})) << "more aggregators than bits";
    EXPECT_TRUE(many.entries().empty());
}

}  // namespace
}  // namespace plimsoll::bot
