// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/liquidation.hpp"

#include "strategy/book/book_writer.hpp"
#include "strategy/venues/aave_v3/math.hpp"

#include <gtest/gtest.h>

namespace plimsoll::strategy::aave_v3 {
namespace {

constexpr ReserveId kCollateral = 0;
constexpr ReserveId kDebt = 1;
constexpr AccountId kAccount = 0;
constexpr std::uint64_t kAtCall = 1'000;

/// One account with one collateral and one debt, indices of exactly one ray.
class Case {
  public:
    Case() {
        book_.reset(2);
        for (ReserveState* state : {&collateral_, &debt_}) {
            state->supply_index = kRay.low128();
            state->debt_index = kRay.low128();
            state->updated = Timestamp{kAtCall};
            state->active = true;
            state->threshold = BasisPoints{8'000};
        }
    }
    ReserveState collateral_;
    ReserveState debt_;
    const Rules* rules_ = *rules_for(U256{1});
    u128 supplied_ = 0;
    u128 owed_ = 0;
    std::uint8_t category_ = 0;
    bool collateral_in_category_ = false;
    bool sentinel_allows_ = true;
    PriceVector prices_{Usd{1}, Usd{1}};

    std::optional<Liquidation> run(const U256& cover, const U256& health_factor) {
        return judged(health_factor, [&](const Valuation& at, const AccountData& data) {
            return liquidate(at, {kAccount, kCollateral, kDebt, cover}, data);
        });
    }
    std::optional<Liquidation> largest(const U256& cover, const U256& health_factor,
                                       const U256& most_seized = U256::max(),
                                       BasisPoints room = BasisPoints{0}) {
        return judged(health_factor, [&](const Valuation& at, const AccountData& data) {
            return largest_liquidation(at, {kAccount, kCollateral, kDebt, cover}, data, most_seized, room);
        });
    }

  private:
    /// The account's own totals, but a health factor of the test's choice.
    template <class Run>
    std::optional<Liquidation> judged(const U256& health_factor, Run run) {
        BookWriter writer = BookWriter::baseline(book_);
        writer.set_reserve(kCollateral, collateral_);
        writer.set_reserve(kDebt, debt_);
        const u128 of_category = collateral_in_category_ ? only(kCollateral) : 0;
        writer.set_category_state(1, {BasisPoints{9'500}, BasisPoints{10'100}, of_category});
        writer.account({});
        writer.set_position(kAccount, kCollateral, {supplied_, 0});
        writer.set_position(kAccount, kDebt, {0, owed_});
        writer.set_collateral(kAccount, kCollateral, true);
        writer.set_category(kAccount, category_);
        const Timestamp now{kAtCall};
        const Valuation at{*rules_, book_, view_.at(*rules_, book_, now), prices_, now, sentinel_allows_};
        AccountData data = account_data(at, kAccount);
        data.health_factor = Wad{health_factor};
        return run(at, data);
    }

    Book book_{1};
    MarketView view_;
};

Case plain() {
    Case out;
    out.collateral_.decimals = 18;
    out.collateral_.bonus = BasisPoints{10'500};
    out.debt_.decimals = 6;
    out.supplied_ = pow10(19).low128();
    out.owed_ = 10'000'000'000;
    out.prices_ = {Usd{200'000'000'000}, Usd{100'000'000}};
    return out;
}

TEST(Liquidation, HalfOfTheDebtAboveTheSecondLineAllBelow) {
    const U256 line{950'000'000'000'000'000};
    EXPECT_EQ(plain().run(U256::max(), line)->repaid, TokenAmount{10'000'000'000});
    EXPECT_EQ(plain().run(U256::max(), line + U256{1})->repaid, TokenAmount{5'000'000'000});
    EXPECT_EQ(plain().run(U256{77}, line + U256{1})->repaid, TokenAmount{77});
}

TEST(Liquidation, TheHalfIsRoundedHalfUp) {
    Case what = plain();
    what.owed_ = 3;
    EXPECT_EQ(what.run(U256::max(), kWad - U256{1})->repaid, TokenAmount{2});
}

TEST(Liquidation, ACategorysOwnBonusHoldsInsideItOnly) {
    Case inside = plain();
    inside.category_ = 1;
    inside.collateral_in_category_ = true;
    // 10000 USD of debt at 2000 USD: 5 units and 1 %.
    EXPECT_EQ(inside.run(U256::max(), U256{0})->seized.raw(), U256{5'050'000'000'000'000'000});
    Case outside = plain();
    outside.category_ = 1;
    EXPECT_EQ(outside.run(U256::max(), U256{0})->seized.raw(), U256{5'250'000'000'000'000'000});
}

TEST(Liquidation, ThePoolRefuses) {
    const U256 low{0};
    EXPECT_FALSE(plain().run(U256::max(), kWad)) << "healthy";
    Case what = plain();
    what.collateral_.paused = true;
    EXPECT_FALSE(what.run(U256::max(), low)) << "collateral paused";
    what = plain();
    what.debt_.active = false;
    EXPECT_FALSE(what.run(U256::max(), low)) << "debt inactive";
    what = plain();
    what.collateral_.threshold = BasisPoints{0};
    EXPECT_FALSE(what.run(U256::max(), low)) << "collateral switched off";
    what = plain();
    what.prices_[kDebt] = Usd{};
    EXPECT_FALSE(what.run(U256::max(), low)) << "no price";
    what = plain();
    EXPECT_FALSE(what.run(U256{0}, low)) << "nothing to burn";
    what.supplied_ = U256::max().low128();
    what.owed_ = U256::max().low128();
    what.prices_ = {Usd{1}, Usd{U256::max()}};
    EXPECT_FALSE(what.run(U256::max(), low)) << "overflow";
}

TEST(Liquidation, TheFeeIsCutToWhatIsLeftOfTheScaledBalance) {
    // Index just above two rays: scaling 3 down and up again loses units, so that the fee's share can exceed
    // what is left.
    bool cut = false;
    for (std::uint64_t supplied = 1; supplied < 400 && !cut; ++supplied) {
        Case what = plain();
        what.collateral_.decimals = 0;
        what.debt_.decimals = 0;
        what.collateral_.supply_index = (kRay * U256{3} / U256{2}).low128();
        what.collateral_.protocol_fee = BasisPoints{5'000};
        what.collateral_.bonus = BasisPoints{12'000};
        what.prices_ = {Usd{1}, Usd{1}};
        what.supplied_ = supplied;
        what.owed_ = 100'000;
        const auto seen = what.run(U256::max(), U256{0});
        if (!seen) continue;
        const U256 income = U256::from_u128(what.collateral_.supply_index);
        const U256 balance = ray_mul_half_up(U256{supplied}, income);
        const U256 scaled_sum =
            ray_div_half_up(seen->seized.raw(), income) + ray_div_half_up(seen->protocol_fee.raw(), income);
        ASSERT_LE(scaled_sum, U256{supplied});
        cut = seen->seized.raw() + seen->protocol_fee.raw() != balance;
    }
    EXPECT_TRUE(cut) << "no case reached the cap";
}

const U256 kNear{970'000'000'000'000'000};

/// Ether at 2,000 USD against dollars, under the rules of 3.6.
Case newer(std::uint64_t ether_milli, std::uint64_t dollars) {
    Case out = plain();
    out.rules_ = *rules_for(U256{10});
    out.supplied_ = u128{ether_milli} * pow10(15).low128();
    out.owed_ = u128{dollars} * 1'000'000;
    return out;
}

TEST(Liquidation, HalfOfTheAccountFromTwoThousandDollarsOn) {
    EXPECT_EQ(newer(10'000, 18'000).run(U256::max(), kNear)->repaid, TokenAmount{9'000'000'000});
    EXPECT_EQ(newer(10'000, 18'000).run(U256::max(), U256{950'000'000'000'000'000})->repaid,
              TokenAmount{18'000'000'000});
    EXPECT_EQ(newer(2'000, 1'999).run(U256::max(), kNear)->repaid, TokenAmount{1'999'000'000})
        << "small debt";
    const auto small = newer(999, 2'500).run(U256::max(), kNear);
    ASSERT_TRUE(small) << "small collateral";
    EXPECT_TRUE(small->clears_collateral);
    EXPECT_EQ(small->seized.raw() + small->protocol_fee.raw(), U256{999} * pow10(15));
}

TEST(Liquidation, NoDustMayBeLeftOnEitherSide) {
    // Half of 2,100 leaves 1,050 of debt.
    const auto half = newer(2'000, 2'100).run(U256::max(), kNear);
    ASSERT_TRUE(half);
    EXPECT_EQ(half->repaid, TokenAmount{1'050'000'000});
    // All may be taken, but 600 would leave 900.
    EXPECT_FALSE(newer(2'000, 1'500).run(U256{600'000'000}, kNear));
    EXPECT_TRUE(newer(2'000, 1'500).run(U256{500'000'000}, kNear));
    const auto most = newer(2'000, 1'500).largest(U256{600'000'000}, kNear);
    ASSERT_TRUE(most);
    EXPECT_EQ(most->repaid, TokenAmount{500'000'000});
    EXPECT_FALSE(newer(2'000, 1'500).run(most->repaid.raw() + U256{1}, kNear));
    // Of the collateral too: 1,500 USD of it, of which 1.05 times the cover goes.
    const auto by_collateral = newer(750, 1'900).largest(U256{890'000'000}, kNear);
    ASSERT_TRUE(by_collateral);
    EXPECT_LT(by_collateral->repaid, TokenAmount{476'200'000});
    EXPECT_FALSE(newer(750, 1'900).run(by_collateral->repaid.raw() + U256{1}, kNear));
    EXPECT_TRUE(newer(750, 1'900).run(by_collateral->repaid.raw(), kNear));
    Case old = newer(2'000, 1'500);
    old.rules_ = *rules_for(U256{1});
    EXPECT_TRUE(old.run(U256{600'000'000}, kNear)) << "3.0 knows no dust";
}

TEST(Liquidation, WithRoomALittleMoreIsLeft) {
    constexpr BasisPoints kRoom{100};
    const auto cut = newer(2'000, 1'500).largest(U256{600'000'000}, kNear, U256::max(), kRoom);
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->repaid, TokenAmount{490'000'000}) << "1,010 stay";
    const auto half = newer(2'000, 2'010).largest(U256::max(), kNear, U256::max(), kRoom);
    ASSERT_TRUE(half);
    EXPECT_EQ(half->repaid, TokenAmount{1'000'000'000}) << "half would leave 1,005";
    EXPECT_EQ(newer(2'000, 2'010).largest(U256::max(), kNear)->repaid, TokenAmount{1'005'000'000});
    const auto ample = newer(2'000, 2'100).largest(U256::max(), kNear, U256::max(), kRoom);
    ASSERT_TRUE(ample);
    EXPECT_EQ(ample->repaid, TokenAmount{1'050'000'000});
    EXPECT_TRUE(newer(2'000, 1'999).largest(U256::max(), kNear, U256::max(), kRoom)->clears_debt);
}

TEST(Liquidation, NoMoreIsSeizedThanThePoolCanPayOut) {
    const U256 cash = U256{2} * pow10(18);
    const auto most = newer(10'000, 18'000).largest(U256::max(), kNear, cash);
    ASSERT_TRUE(most);
    EXPECT_LE(most->seized.raw(), cash);
    const auto more = newer(10'000, 18'000).run(most->repaid.raw() + U256{1}, kNear);
    ASSERT_TRUE(more);
    EXPECT_GT(more->seized.raw(), cash);
    EXPECT_FALSE(newer(10'000, 18'000).largest(U256::max(), kNear, U256{}));
}

TEST(Liquidation, AGracePeriodClosesAReserveUpToItsLastSecond) {
    Case what = newer(10'000, 18'000);
    what.debt_.grace_until = Timestamp{kAtCall - 1};
    EXPECT_TRUE(what.run(U256::max(), kNear));
    what.debt_.grace_until = Timestamp{kAtCall};
    EXPECT_FALSE(what.run(U256::max(), kNear));
    what = newer(10'000, 18'000);
    what.collateral_.grace_until = Timestamp{kAtCall + 1};
    EXPECT_FALSE(what.run(U256::max(), kNear));
}

TEST(Liquidation, WithoutTheSentinelOnlyFarBelowTheLine) {
    Case what = newer(10'000, 18'000);
    what.sentinel_allows_ = false;
    EXPECT_FALSE(what.run(U256::max(), kNear));
    EXPECT_FALSE(what.run(U256::max(), U256{950'000'000'000'000'000}));
    EXPECT_TRUE(what.run(U256::max(), U256{949'999'999'999'999'999}));
}

TEST(Liquidation, CollateralWithoutAThresholdIsSeizedFromThreeSixOn) {
    Case what = newer(10'000, 18'000);
    what.collateral_.threshold = BasisPoints{0};
    EXPECT_TRUE(what.run(U256::max(), kNear));
    what.rules_ = *rules_for(U256{9});
    EXPECT_FALSE(what.run(U256::max(), kNear));
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
