// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/multicall.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "strategy/venues/aave_v3/venue.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll::strategy::aave_v3 {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class VenuePricesTest : public testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(market_.bootstrap(venue_)); }
    void apply(std::vector<Log> logs) { ASSERT_TRUE(venue_.apply(head(++block_), logs)); }
    ReadRequest ask() {
        std::vector<ReadRequest> reads = venue_.price_reads(head(block_), [this] { return ++last_id_; });
        EXPECT_EQ(reads.size(), 1U);
        return std::move(reads.at(0));
    }
    void oracle_says(ReserveId reserve, std::uint64_t price) {
        market_.answer(kOracle, "getAssetPrice(address)", {underlying(reserve).to_word()}, U256{price});
    }
    ScriptedMarket market_;
    AaveV3Venue venue_{ScriptedMarket::params()};
    std::uint64_t block_ = kBootBlock;
    ReadId last_id_ = 1'000;
};

TEST_F(VenuePricesTest, EachBlockReadsEveryLeaf) {
    apply({});
    const ReadRequest request = ask();
    EXPECT_EQ(request.block_hash, head(block_).hash);
    EXPECT_EQ(std::get<std::vector<Call>>(request.what).size(), 3U + 1U) << "and one reserve's cash";
    EXPECT_TRUE(venue_.prices_pending());
    oracle_says(kStaked, 231'000'000'000);
    const auto moved = venue_.accept_prices(market_.serve(request));
    ASSERT_TRUE(moved);
    EXPECT_THAT(*moved, ElementsAre(kStaked));
    EXPECT_FALSE(venue_.prices_pending());
    EXPECT_EQ(venue_.prices()[kStaked], Usd{231'000'000'000});
}

TEST_F(VenuePricesTest, ALeafThatDiffersIsDemotedAtTheSameBlock) {
    oracle_says(kEther, 199'999'999'999);
    apply({});
    const auto moved = venue_.accept_prices(market_.serve(ask()));
    ASSERT_TRUE(moved);
    EXPECT_THAT(*moved, Contains(kEther));
    EXPECT_TRUE(venue_.assets()[kEther].polled);
    EXPECT_FALSE(venue_.assets()[kDollar].polled);
    EXPECT_EQ(venue_.prices()[kEther], Usd{199'999'999'999});
    EXPECT_EQ(venue_.leaves().demoted_count(), 1U);
}

TEST_F(VenuePricesTest, AnAnswerForABlockThatIsNotTheNewestIsDropped) {
    apply({});
    const ReadRequest old = ask();
    apply({});
    oracle_says(kStaked, 5);
    const auto moved = venue_.accept_prices(market_.serve(old));
    ASSERT_TRUE(moved);
    EXPECT_THAT(*moved, IsEmpty());
    EXPECT_TRUE(venue_.prices_pending());
    EXPECT_EQ(venue_.prices()[kStaked], Usd{230'000'000'000});
}

TEST_F(VenuePricesTest, AccountsWithAnUnreadPolledAssetWait) {
    // Account 2 borrows 2,000 dollars against one staked ether, of which the category counts 95 %.
    apply({event(debt_token(kDollar), topics::kMint, {at(2).to_word(), at(2).to_word()},
                 {U256{2'000'000'000}, U256{0}, kRay})});
    oracle_says(kStaked, 200'000'000'000);
    const ReadRequest request = ask();
    Changes changes;
    changes.everything = true;
    std::vector<AccountId> found;
    const PriceVector fallen{Usd{200'000'000'000}, Usd{100'000'000}, Usd{200'000'000'000}};
    venue_.liquidatable(changes, fallen, head(block_).timestamp, found);
    EXPECT_THAT(found, IsEmpty());
    ASSERT_TRUE(venue_.accept_prices(market_.serve(request)));
    venue_.liquidatable(changes, venue_.prices(), head(block_).timestamp, found);
    EXPECT_THAT(found, ElementsAre(*venue_.book().find(at(2))));
}

TEST_F(VenuePricesTest, AReplacedSourceIsPolledFromThenOn) {
    apply({event(kOracle, topics::kAssetSourceUpdated, {underlying(kEther).to_word(), at(0x700).to_word()},
                 {})});
    EXPECT_TRUE(venue_.assets()[kEther].polled);
    EXPECT_TRUE(venue_.prices_pending());
    oracle_says(kEther, 190'000'000'000);
    const auto moved = venue_.accept_prices(market_.serve(ask()));
    ASSERT_TRUE(moved);
    EXPECT_THAT(*moved, ElementsAre(kEther));
    venue_.undo(head(block_).hash);
    EXPECT_FALSE(venue_.assets()[kEther].polled);
    EXPECT_EQ(venue_.prices()[kEther], Usd{200'000'000'000});
}

TEST_F(VenuePricesTest, APriceTheOracleRefusesIsNone) {
    apply({});
    market_.reverts(kOracle, "getAssetPrice(address)", {underlying(kStaked).to_word()});
    ASSERT_TRUE(venue_.accept_prices(market_.serve(ask())));
    EXPECT_TRUE(venue_.prices()[kStaked].is_zero());
}

TEST_F(VenuePricesTest, AFailedReadLeavesThemPending) {
    apply({});
    const ReadRequest request = ask();
    EXPECT_FALSE(venue_.accept_prices({request.id, request.block_hash, fail(Errc::timed_out, "slow")}));
    EXPECT_TRUE(venue_.prices_pending());
    EXPECT_TRUE(venue_.accept_prices({request.id, request.block_hash, Bytes{}})) << "an id is answered once";
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
