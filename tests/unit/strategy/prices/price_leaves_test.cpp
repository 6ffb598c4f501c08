// SPDX-License-Identifier: Apache-2.0
#include "strategy/prices/price_leaves.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace plimsoll::strategy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr ReserveId kEther = 0;    // feed
constexpr ReserveId kBitcoin = 1;  // product
constexpr ReserveId kStaked = 2;   // polled
constexpr ReserveId kWrapped = 3;  // the same feed as ether

Address at(std::uint8_t number) {
    Address out;
    out.bytes[19] = number;
    return out;
}

Hash32 block(std::uint8_t number) {
    Hash32 out;
    out.bytes[31] = number;
    return out;
}

Log answer(std::uint8_t aggregator, const U256& word) {
    Log log;
    log.address = at(aggregator);
    log.topics[0] = kAnswerUpdated;
    log.topics[1] = Hash32::from_u256(word);
    log.topic_count = 3;
    return log;
}

PriceSource feed(std::uint8_t aggregator) {
    return {SourceKind::feed, at(aggregator), {}, U256{1}, U256{1}};
}

class PriceLeavesTest : public testing::Test {
  protected:
    PriceLeavesTest() {
        const PriceSource product{SourceKind::product, at(2), at(3), U256{100'000'000},
                                  U256{10'000'000'000'000'000}};
        leaves_.reset(block(1), {feed(1), product, PriceSource{}, feed(1)},
                      {Usd{300'000'000'000}, Usd{5'997'000'000'000}, Usd{7}, Usd{300'000'000'000}},
                      {{at(1), {U256{300'000'000'000}}},
                       {at(2), {U256{99'950'000}}},
                       {at(3), {U256{6'000'000'000'000}}}});
    }
    std::vector<ReserveId> apply(const Log& log) {
        std::vector<ReserveId> moved;
        leaves_.apply(log, moved);
        return moved;
    }
    std::vector<ReserveId> read(ReserveId leaf, std::uint64_t price) {
        std::vector<ReserveId> moved;
        const ReadPrice one{leaf, Usd{price}};
        leaves_.read({&one, 1}, moved);
        return moved;
    }
    PriceLeaves leaves_{16};
};

TEST_F(PriceLeavesTest, StartsAsTheOracleSays) {
    EXPECT_FALSE(leaves_.polled(kEther));
    EXPECT_FALSE(leaves_.polled(kBitcoin));
    EXPECT_TRUE(leaves_.polled(kStaked));
    EXPECT_EQ(leaves_.demoted_count(), 0U);
    EXPECT_FALSE(leaves_.pending());
    EXPECT_THAT(leaves_.aggregators(), UnorderedElementsAre(at(1), at(2), at(3)));
}

TEST_F(PriceLeavesTest, AnAnswerMovesEveryLeafThatHangsOnIt) {
    leaves_.begin(block(2));
    EXPECT_THAT(apply(answer(1, U256{250'000'000'000})), UnorderedElementsAre(kEther, kWrapped));
    EXPECT_EQ(leaves_.prices()[kEther], Usd{250'000'000'000});
    EXPECT_THAT(apply(answer(1, U256{250'000'000'000})), IsEmpty());
    EXPECT_THAT(apply(answer(9, U256{1})), IsEmpty());
}

TEST_F(PriceLeavesTest, AProductIsFlooredAsItsAdapterDoes) {
    leaves_.begin(block(2));
    EXPECT_THAT(apply(answer(2, U256{99'949'999})), ElementsAre(kBitcoin));
    // 99949999 * 6000000000000 * 10^8 / 10^16
    EXPECT_EQ(leaves_.prices()[kBitcoin], Usd{5'996'999'940'000});
    apply(answer(3, U256{6'000'000'000'001}));
    EXPECT_EQ(leaves_.prices()[kBitcoin], Usd{5'996'999'940'000});
}

TEST_F(PriceLeavesTest, ALeafThatDisagreesFromTheStartIsPolled) {
    PriceLeaves leaves{16};
    leaves.reset(block(1), {feed(1), feed(2)}, {Usd{5}, Usd{0}}, {{at(1), {U256{4}}}, {at(2), {U256{0}}}});
    EXPECT_TRUE(leaves.polled(0));
    EXPECT_TRUE(leaves.polled(1));
    EXPECT_EQ(leaves.demoted_count(), 2U);
    EXPECT_EQ(leaves.prices()[0], Usd{5});
}

TEST_F(PriceLeavesTest, WithoutAPositiveAnswerOnlyTheOracleKnows) {
    leaves_.begin(block(2));
    const U256 minus_one = U256::max();
    EXPECT_THAT(apply(answer(1, minus_one)), IsEmpty());
    EXPECT_TRUE(leaves_.polled(kEther));
    EXPECT_TRUE(leaves_.pending());
    read(kStaked, 7);
    read(kWrapped, 0);
    EXPECT_TRUE(leaves_.pending());
    EXPECT_THAT(read(kEther, 299'000'000'000), ElementsAre(kEther));
    EXPECT_FALSE(leaves_.pending());
    EXPECT_EQ(leaves_.prices()[kWrapped], Usd{0});
}

TEST_F(PriceLeavesTest, APolledLeafIsPendingUntilItIsReadAtTheNewestBlock) {
    leaves_.begin(block(2));
    EXPECT_TRUE(leaves_.pending());
    EXPECT_THAT(read(kStaked, 8), ElementsAre(kStaked));
    EXPECT_FALSE(leaves_.pending());
    leaves_.begin(block(3));
    EXPECT_TRUE(leaves_.pending());
    EXPECT_THAT(read(kStaked, 8), IsEmpty());
    EXPECT_FALSE(leaves_.pending());
}

TEST_F(PriceLeavesTest, AReadingThatDiffersMakesTheLeafPolledForGood) {
    leaves_.begin(block(2));
    EXPECT_THAT(read(kEther, 300'000'000'000), IsEmpty());
    EXPECT_FALSE(leaves_.polled(kEther));
    EXPECT_THAT(read(kEther, 300'000'000'001), ElementsAre(kEther));
    EXPECT_TRUE(leaves_.polled(kEther));
    EXPECT_EQ(leaves_.demoted_count(), 1U);
    EXPECT_THAT(apply(answer(1, U256{1})), ElementsAre(kWrapped));
    EXPECT_EQ(leaves_.prices()[kEther], Usd{300'000'000'001});
    EXPECT_EQ(leaves_.undo(block(2)), Undo::done);
    EXPECT_TRUE(leaves_.polled(kEther));
    EXPECT_EQ(leaves_.prices()[kEther], Usd{300'000'000'000});
}

TEST_F(PriceLeavesTest, UndoRestoresPricesAnswersAndKinds) {
    const PriceVector before = leaves_.prices();
    leaves_.begin(block(2));
    read(kStaked, 9);
    apply(answer(2, U256{1}));
    leaves_.source_replaced(kEther);
    EXPECT_TRUE(leaves_.polled(kEther));
    EXPECT_EQ(leaves_.undo(block(2)), Undo::done);
    EXPECT_EQ(leaves_.prices(), before);
    EXPECT_FALSE(leaves_.polled(kEther));
    EXPECT_FALSE(leaves_.pending());
    leaves_.begin(block(3));
    apply(answer(3, U256{6'000'000'000'000}));
    EXPECT_EQ(leaves_.prices()[kBitcoin], before[kBitcoin]) << "the other leg is back at its old answer";
}

TEST_F(PriceLeavesTest, AWhatIfTouchesNothing) {
    PriceVector prices = leaves_.prices();
    const std::vector<Log> logs{answer(1, U256{1'000}), answer(3, U256{3'000'000'000'000}),
                                answer(1, U256{2'000})};
    EXPECT_THAT(leaves_.what_if(logs, prices), UnorderedElementsAre(kEther, kWrapped, kBitcoin));
    EXPECT_EQ(prices[kEther], Usd{2'000});
    EXPECT_EQ(prices[kBitcoin], Usd{2'998'500'000'000});
    EXPECT_EQ(prices[kStaked], Usd{7});
    EXPECT_EQ(leaves_.prices()[kEther], Usd{300'000'000'000});
}

TEST_F(PriceLeavesTest, AnAnswerThatIsNotMinedMovesACopyOfItsLeavesOnly) {
    PriceVector prices = leaves_.prices();
    EXPECT_THAT(leaves_.what_if(at(1), Answer{U256{2'000}}, prices), UnorderedElementsAre(kEther, kWrapped));
    EXPECT_EQ(prices[kEther], Usd{2'000});
    EXPECT_EQ(leaves_.prices()[kEther], Usd{300'000'000'000});
    EXPECT_THAT(leaves_.what_if(at(1), Answer{U256{2'000}}, prices), IsEmpty());  // no news
    EXPECT_THAT(leaves_.what_if(at(99), Answer{U256{2'000}}, prices), IsEmpty());
}

TEST_F(PriceLeavesTest, RemovedAndMisshapenLogsSayNothing) {
    leaves_.begin(block(2));
    Log removed = answer(1, U256{1});
    removed.removed = true;
    EXPECT_THAT(apply(removed), IsEmpty());
    Log bare = answer(1, U256{1});
    bare.topic_count = 1;
    EXPECT_THAT(apply(bare), IsEmpty());
}

}  // namespace
}  // namespace plimsoll::strategy
