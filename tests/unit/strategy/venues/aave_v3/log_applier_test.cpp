// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/log_applier.hpp"

#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll::strategy::aave_v3 {
namespace {

using testing::UnorderedElementsAre;

class LogApplierTest : public testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(market_.bootstrap(venue_)); }
    Result<Changes> apply(std::vector<Log> logs) { return venue_.apply(head(++block_), logs); }
    Position position(std::uint64_t who, ReserveId reserve) const {
        const auto account = venue_.book().find(at(who));
        return account ? venue_.book().position(*account, reserve) : Position{};
    }
    static Log mint(const Address& token, std::uint64_t to, const U256& value, const U256& increase,
                    const U256& index) {
        return event(token, topics::kMint, {at(9).to_word(), at(to).to_word()}, {value, increase, index});
    }
    static Log burn(const Address& token, std::uint64_t from, const U256& value, const U256& increase,
                    const U256& index) {
        return event(token, topics::kBurn, {at(from).to_word(), at(0).to_word()}, {value, increase, index});
    }
    static Log about(const Hash32& topic, ReserveId reserve, const std::vector<U256>& data) {
        return event(kConfigurator, topic, {underlying(reserve).to_word()}, data);
    }
    ScriptedMarket market_;
    AaveV3Venue venue_{ScriptedMarket::params()};
    std::uint64_t block_ = kBootBlock;
};

TEST_F(LogApplierTest, AMintAddsWhatIsNotInterest) {
    const U256 index = kRay * U256{11} / U256{10};
    ASSERT_TRUE(apply({mint(supply_token(kEther), 1, U256{1'150}, U256{50}, index)}));
    EXPECT_EQ(position(1, kEther).supply, (U256{10} * pow10(18) + U256{1'000}).low128());
}

TEST_F(LogApplierTest, AMintOfLessThanTheInterestIsABurn) {
    // 100 repaid of which 170 had accrued: told as a mint of 70.
    ASSERT_TRUE(apply({mint(debt_token(kDollar), 1, U256{70}, U256{170}, kRay)}));
    EXPECT_EQ(position(1, kDollar).debt, u128{15'000'000'000 - 100});
}

TEST_F(LogApplierTest, RealisedInterestMovesNothing) {
    ASSERT_TRUE(apply({mint(supply_token(kEther), 1, U256{70}, U256{70}, kRay)}));
    EXPECT_EQ(position(1, kEther).supply, (U256{10} * pow10(18)).low128());
}

TEST_F(LogApplierTest, ABurnTakesItsValueAndTheInterest) {
    ASSERT_TRUE(apply({burn(debt_token(kDollar), 1, U256{14'999'999'000}, U256{1'000}, kRay)}));
    EXPECT_EQ(position(1, kDollar).debt, u128{0});
    EXPECT_EQ(venue_.book().debts(*venue_.book().find(at(1))), ReserveSet{0});
}

TEST_F(LogApplierTest, ATransferIsScaledAlreadyAndMakesAccounts) {
    const auto moved = apply({event(supply_token(kEther), topics::kBalanceTransfer,
                                    {at(1).to_word(), at(5).to_word()}, {pow10(18), kRay * U256{2}})});
    ASSERT_TRUE(moved);
    EXPECT_EQ(position(1, kEther).supply, (U256{9} * pow10(18)).low128());
    EXPECT_EQ(position(5, kEther).supply, pow10(18).low128());
    EXPECT_THAT(moved->accounts,
                UnorderedElementsAre(*venue_.book().find(at(1)), *venue_.book().find(at(5))));
}

TEST_F(LogApplierTest, ALiquidationOfAnAccountThatTheBookMissedIsToldAsSuch) {
    const auto liquidated = [](std::uint64_t who) {
        return event(kPool, topics::kLiquidationCall,
                     {underlying(kEther).to_word(), underlying(kDollar).to_word(), at(who).to_word()},
                     {U256{500}, U256{600}, at(0x77).to_word().as_u256(), U256{0}});
    };
    const auto indexed = [this](std::vector<Log> logs) {
        const auto changes = apply(std::move(logs));
        return changes && changes->liquidations.size() == 1 && changes->liquidations.front().indexed;
    };
    const Address debt = debt_token(kDollar);
    EXPECT_TRUE(indexed({burn(debt, 1, U256{500}, U256{}, kRay), liquidated(1)}));
    EXPECT_FALSE(indexed({burn(debt, 1, U256{15'000'000'000}, U256{}, kRay), liquidated(1)}));  // too much
    EXPECT_FALSE(indexed({burn(debt, 0x4711, U256{500}, U256{}, kRay), liquidated(0x4711)}));   // unknown
    EXPECT_FALSE(indexed({liquidated(0x4712)}));
    // Borrowed and liquidated within one block.
    EXPECT_TRUE(indexed({mint(debt, 0x4713, U256{900}, U256{}, kRay),
                         burn(debt, 0x4713, U256{500}, U256{}, kRay), liquidated(0x4713)}));
}

TEST_F(LogApplierTest, ATransferToOneselfMovesNothing) {
    ASSERT_TRUE(apply({event(supply_token(kEther), topics::kBalanceTransfer,
                             {at(1).to_word(), at(1).to_word()}, {pow10(18), kRay})}));
    EXPECT_EQ(position(1, kEther).supply, (U256{10} * pow10(18)).low128());
    EXPECT_EQ(venue_.book().quarantined_count(), 0U);
}

TEST_F(LogApplierTest, MoreThanThereWasQuarantines) {
    ASSERT_TRUE(apply({burn(supply_token(kEther), 2, U256{1}, U256{0}, kRay)}));
    EXPECT_TRUE(venue_.book().quarantined(*venue_.book().find(at(2))));
    EXPECT_EQ(venue_.book().quarantined_count(), 1U);
}

TEST_F(LogApplierTest, StableDebtQuarantinesForGood) {
    const auto borrow = [](std::uint64_t mode) {
        return event(kPool, topics::kBorrow, {underlying(kDollar).to_word(), at(1).to_word(), Hash32{}},
                     {at(7).to_word().as_u256(), U256{5}, U256{mode}, U256{1}});
    };
    ASSERT_TRUE(apply({borrow(2)}));
    EXPECT_EQ(venue_.book().quarantined_count(), 0U);
    ASSERT_TRUE(apply({borrow(1)}));
    EXPECT_TRUE(venue_.book().quarantined(*venue_.book().find(at(1))));
    ASSERT_TRUE(apply({event(kPool, topics::kSwapBorrowRateMode,
                             {underlying(kDollar).to_word(), at(2).to_word()}, {U256{1}})}));
    EXPECT_EQ(venue_.book().quarantined_count(), 2U);
    std::vector<Quote> quotes;
    venue_.quotes(*venue_.book().find(at(1)), {Usd{1}, Usd{100'000'000}, Usd{1}}, head(block_).timestamp,
                  quotes);
    EXPECT_TRUE(quotes.empty());
}

TEST_F(LogApplierTest, FlagsAndCategoriesFollowTheirEvents) {
    ASSERT_TRUE(apply(
        {event(kPool, topics::kCollateralEnabled, {underlying(kDollar).to_word(), at(2).to_word()}, {}),
         event(kPool, topics::kCollateralDisabled, {underlying(kStaked).to_word(), at(2).to_word()}, {}),
         event(kPool, topics::kUserEModeSet, {at(1).to_word()}, {U256{1}})}));
    EXPECT_EQ(venue_.book().collateral(*venue_.book().find(at(2))), only(kDollar));
    EXPECT_EQ(venue_.book().category(*venue_.book().find(at(1))), 1);
}

TEST_F(LogApplierTest, AReserveIsRefreshedAsOfItsBlock) {
    const U256 rate = kRay / U256{20};
    ASSERT_TRUE(apply({event(kPool, topics::kReserveDataUpdated, {underlying(kDollar).to_word()},
                             {rate, U256{1}, rate * U256{2}, kRay + U256{5}, kRay + U256{6}})}));
    const ReserveState& state = venue_.book().reserve(kDollar);
    EXPECT_EQ(state.supply_rate, rate.low128());
    EXPECT_EQ(state.debt_rate, (rate * U256{2}).low128());
    EXPECT_EQ(state.supply_index, (kRay + U256{5}).low128());
    EXPECT_EQ(state.debt_index, (kRay + U256{6}).low128());
    EXPECT_EQ(state.updated, head(block_).timestamp);
}

// Seen on a chain of 3.6 contracts: the pool's index was newer than its last ReserveDataUpdated.
TEST_F(LogApplierTest, SharesSeizedBringTheIndicesUpToDateFrom36On) {
    for (const std::uint64_t revision : {std::uint64_t{1}, std::uint64_t{10}}) {
        for (const bool in_shares : {false, true}) {
            ScriptedMarket market;
            if (revision != 1) market.become(revision);
            AaveV3Venue venue{ScriptedMarket::params()};
            ASSERT_TRUE(market.bootstrap(venue));
            const U256 rate = kRay / U256{20};
            const auto told =
                std::vector<Log>{event(kPool, topics::kReserveDataUpdated, {underlying(kEther).to_word()},
                                       {rate, U256{}, rate, kRay, kRay})};
            ASSERT_TRUE(venue.apply(head(kBootBlock + 1), told));
            const auto seized = std::vector<Log>{
                event(kPool, topics::kLiquidationCall,
                      {underlying(kEther).to_word(), underlying(kDollar).to_word(), at(1).to_word()},
                      {U256{500}, U256{600}, at(0x77).to_word().as_u256(), U256{in_shares ? 1U : 0U}})};
            ASSERT_TRUE(venue.apply(head(kBootBlock + 2), seized));
            const ReserveState& state = venue.book().reserve(kEther);
            const bool accrues = revision == 10 && in_shares;
            EXPECT_EQ(state.updated, head(kBootBlock + (accrues ? 2 : 1)).timestamp);
            EXPECT_EQ(state.supply_index > kRay.low128(), accrues);
            EXPECT_EQ(state.debt_index > kRay.low128(), accrues);
            venue.undo(head(kBootBlock + 2).hash);
            EXPECT_EQ(venue.book().reserve(kEther).supply_index, kRay.low128());
        }
    }
}

TEST_F(LogApplierTest, ConfigurationFollowsTheConfigurator) {
    const auto changes = apply(
        {about(topics::kCollateralConfiguration, kEther, {U256{1}, U256{8'250}, U256{10'600}}),
         about(topics::kReservePaused, kEther, {U256{1}}), about(topics::kReserveActive, kDollar, {U256{0}}),
         about(topics::kReserveFlashLoaning, kStaked, {U256{0}}),
         about(topics::kProtocolFeeChanged, kEther, {U256{1'000}, U256{2'000}}),
         about(topics::kEModeAssetCategory, kDollar, {U256{0}, U256{2}}),
         event(kConfigurator, topics::kFlashPremiumTotal, {}, {U256{9}, U256{5}})});
    ASSERT_TRUE(changes);
    EXPECT_TRUE(changes->everything);
    EXPECT_EQ(venue_.book().reserve(kEther).threshold, BasisPoints{8'250});
    EXPECT_EQ(venue_.book().reserve(kEther).bonus, BasisPoints{10'600});
    EXPECT_TRUE(venue_.book().reserve(kEther).paused);
    EXPECT_EQ(venue_.book().reserve(kEther).protocol_fee, BasisPoints{2'000});
    EXPECT_FALSE(venue_.book().reserve(kDollar).active);
    EXPECT_EQ(venue_.book().category_state(2).collateral, only(kDollar));
    EXPECT_EQ(venue_.book().category_state(1).collateral, only(kEther) | only(kStaked));
    EXPECT_FALSE(venue_.flash_fee(kStaked, TokenAmount{1})) << "switched off";
    EXPECT_FALSE(venue_.flash_fee(kEther, TokenAmount{1})) << "paused";
    EXPECT_EQ(venue_.book().flash_premium(), BasisPoints{5});
}

TEST_F(LogApplierTest, ACategoryWithItsOwnPriceStopsTheVenue) {
    const auto category = [](std::uint64_t source) {
        return event(kConfigurator, topics::kEModeCategoryAdded, {Hash32::from_u256(U256{4})},
                     {U256{9'000}, U256{9'300}, U256{10'200}, U256{source}, U256{160}, U256{0}});
    };
    ASSERT_TRUE(apply({category(0)}));
    EXPECT_EQ(venue_.book().category_state(4), (CategoryState{BasisPoints{9'300}, BasisPoints{10'200}}));
    const auto stopped = apply({category(7)});
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, Errc::not_found);
}

class StoppingTest : public LogApplierTest, public testing::WithParamInterface<int> {
  protected:
    static Log stopping(int which) {
        const Hash32 some = at(7).to_word();
        Hash32 oracle_name;
        const std::string_view text = "PRICE_ORACLE";
        std::copy(text.begin(), text.end(), oracle_name.bytes.begin());
        switch (which) {
            case 0:
                return event(kPool, topics::kUpgraded, {some}, {});
            case 1:
                return event(kProvider, topics::kPoolUpdated, {some, some}, {});
            case 2:
                return event(kProvider, topics::kPriceOracleUpdated, {some, some}, {});
            case 3:
                return event(kProvider, topics::kSentinelUpdated, {some, some}, {});
            case 4:
                return event(kProvider, topics::kAddressSet, {oracle_name, some, some}, {});
            case 5:
                return event(kConfigurator, topics::kReserveInitialized, {some, some},
                             {U256{1}, U256{2}, U256{3}});
            case 6:
                return event(kConfigurator, topics::kReserveDropped, {underlying(kEther).to_word()}, {});
            case 7:
                return event(kConfigurator, topics::kATokenUpgraded, {some, some, some}, {});
            case 8:
                return event(kConfigurator, topics::kVariableDebtUpgraded, {some, some, some}, {});
            case 9:
                return event(supply_token(kEther), topics::kUpgraded, {some}, {});
            case 10:
                return event(debt_token(kDollar), topics::kUpgraded, {some}, {});
            default:
                return event(kConfigurator, topics::kUpgraded, {some}, {});
        }
    }
};

TEST_P(StoppingTest, OnlyANewReadingGoesOn) {
    const auto stopped = apply({stopping(GetParam())});
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, Errc::not_found) << "to be read again, not given up";
    EXPECT_FALSE(venue_.in_step());
    std::vector<AccountId> candidates;
    Changes everything;
    everything.everything = true;
    venue_.liquidatable(everything, {Usd{1}, Usd{100'000'000}, Usd{1}}, head(block_).timestamp, candidates);
    EXPECT_TRUE(candidates.empty());
    EXPECT_FALSE(apply({}));
    EXPECT_TRUE(market_.bootstrap(venue_));
    EXPECT_TRUE(venue_.in_step());
}

INSTANTIATE_TEST_SUITE_P(Every, StoppingTest, testing::Range(0, 12));

TEST_F(LogApplierTest, AnAddressOfNoConcernIsPassedOver) {
    EXPECT_TRUE(apply(
        {event(kProvider, topics::kAddressSet, {Hash32{}, at(1).to_word(), at(2).to_word()}, {}),
         event(at(0x999), topics::kMint, {at(1).to_word(), at(1).to_word()}, {U256{1}, U256{0}, kRay})}));
}

TEST_F(LogApplierTest, AnImpossibleShapeIsAnError) {
    const auto result =
        apply({event(debt_token(kDollar), topics::kBurn, {at(1).to_word(), at(1).to_word()}, {U256{1}})});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::malformed_input);
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
