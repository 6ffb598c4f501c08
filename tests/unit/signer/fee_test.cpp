// SPDX-License-Identifier: Apache-2.0
#include "signer/fee.hpp"

#include <gtest/gtest.h>

namespace plimsoll::signer {
namespace {

Head head_with(std::uint64_t base_fee_gwei) {
    Head out;
    out.base_fee = to_wei(Gwei{base_fee_gwei});
    out.gas_limit = Gas{30'000'000};
    out.gas_used = Gas{15'000'000};  // at the target the base fee stays
    return out;
}

FeePolicy policy() {
    return FeePolicy{FeeLimits{to_wei(Gwei{1}), to_wei(Gwei{100}), {}}};
}

TEST(FeePolicy, OffersTwiceTheBaseFeeAndTheTip) {
    const auto fee = policy().price(head_with(20));
    ASSERT_TRUE(fee);
    EXPECT_EQ(fee->max_fee_per_gas, to_wei(Gwei{41}));
    EXPECT_EQ(fee->max_priority_fee_per_gas, to_wei(Gwei{1}));
}

TEST(FeePolicy, NeverOffersMoreThanTheCap) {
    EXPECT_EQ(policy().price(head_with(60))->max_fee_per_gas, to_wei(Gwei{100}));
    EXPECT_EQ(policy().price(head_with(100)).error().code, Errc::limit_exceeded);
}

TEST(FeePolicy, AReplacementRaisesBothFieldsByATenthAtLeast) {
    const auto first = policy().price(head_with(20)).value();
    const auto second = policy().replace(first, head_with(20));
    ASSERT_TRUE(second);
    EXPECT_EQ(second->max_fee_per_gas, Wei{std::uint64_t{45'100'000'000}});
    EXPECT_EQ(second->max_priority_fee_per_gas, Wei{std::uint64_t{1'100'000'000}});
}

TEST(FeePolicy, AReplacementFollowsTheMarketUp) {
    const auto first = policy().price(head_with(20)).value();
    const auto second = policy().replace(first, head_with(45));
    ASSERT_TRUE(second);
    EXPECT_EQ(second->max_fee_per_gas, to_wei(Gwei{91}));
    EXPECT_EQ(second->max_priority_fee_per_gas, Wei{std::uint64_t{1'100'000'000}});
}

TEST(FeePolicy, AReplacementStaysPossibleWhenTodaysPriceIsAboveTheCap) {
    const auto first = policy().price(head_with(20)).value();
    EXPECT_EQ(policy().replace(first, head_with(500))->max_fee_per_gas, Wei{std::uint64_t{45'100'000'000}});
}

TEST(FeePolicy, NoReplacementLeadsAboveTheCap) {
    const auto first = policy().price(head_with(48)).value();  // 97 gwei
    EXPECT_EQ(policy().replace(first, head_with(48)).error().code, Errc::limit_exceeded);
}

TEST(FeePolicy, GivesANodeWhatItNeedsWithinTheCapAndTheWorth) {
    const auto first = policy().price(head_with(20)).value();  // 41 gwei, a tip of 1
    const auto next = [&first](const NeededFee& needed, const Bid& bid = {}) {
        return policy().replace(first, head_with(20), bid, needed).value();
    };
    const fees::FeeQuote least = next({});
    const fees::FeeQuote tipped = next({to_wei(Gwei{5}), {}, {}});
    EXPECT_EQ(tipped.max_priority_fee_per_gas, to_wei(Gwei{5}));
    EXPECT_EQ(tipped.max_fee_per_gas, least.max_fee_per_gas) << "45.1 gwei are enough for 20 and 5";
    EXPECT_EQ(next({to_wei(Gwei{60}), {}, {}}).max_fee_per_gas, to_wei(Gwei{80}));
    EXPECT_EQ(next({{}, to_wei(Gwei{77}), {}}).max_fee_per_gas, to_wei(Gwei{77}));
    EXPECT_EQ(next({{}, {}, to_wei(Gwei{70})}).max_fee_per_gas,
              to_wei(Gwei{70}) + fees::bumped(to_wei(Gwei{1})));
    EXPECT_EQ(next({{}, to_wei(Gwei{2}), {}}), least) << "less than what is offered anyway";
    for (const NeededFee& beyond : {NeededFee{to_wei(Gwei{81}), {}, {}}, NeededFee{{}, to_wei(Gwei{101}), {}},
                                    NeededFee{{}, {}, to_wei(Gwei{99})}})
        EXPECT_EQ(next(beyond), least) << "a node may lie: it never leads above the cap, nor stops a bump";
    Bid bid;
    bid.worth = cost(Gas{500'000}, to_wei(Gwei{5}));
    bid.gas = Gas{500'000};
    EXPECT_EQ(next({to_wei(Gwei{5}), {}, {}}, bid).max_priority_fee_per_gas, to_wei(Gwei{5}));
    EXPECT_EQ(next({to_wei(Gwei{6}), {}, {}}, bid), next({}, bid)) << "more than it is worth";
}

// 0.02 ether over 500,000 gas is 40 gwei a gas, 2 of which the bytes take.
TEST(FeePolicy, KeepsWithinWhatOneTransactionMayCost) {
    FeeLimits limits{to_wei(Gwei{1}), to_wei(Gwei{100}), {}};
    limits.max_spend = cost(Gas{500'000}, to_wei(Gwei{40}));
    const FeePolicy within{limits};
    Bid bid;
    bid.gas = Gas{500'000};
    bid.data_fee = cost(Gas{500'000}, to_wei(Gwei{2}));
    const auto first = within.price(head_with(20), bid);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->max_fee_per_gas, to_wei(Gwei{38})) << "41 without the limit";
    EXPECT_EQ(within.replace(*first, head_with(20), bid).error().code, Errc::limit_exceeded);
    EXPECT_TRUE(within.replace(*first, head_with(20))) << "a cancellation takes less gas";
    EXPECT_EQ(within.price(head_with(38), bid).error().code, Errc::limit_exceeded);
    bid.data_fee = Wei{U256::max()};
    EXPECT_EQ(within.price(head_with(20), bid).error().code, Errc::limit_exceeded);
}

Intent worth_of(std::uint64_t gwei, std::uint64_t gas, std::uint64_t id) {
    Intent out;
    out.id = id;
    out.worth = to_wei(Gwei{gwei});
    out.gas_limit = Gas{gas};
    out.last_block = BlockNumber{105};
    return out;
}

FeePolicy auction(std::uint64_t recent_gwei) {
    FeePolicy out{FeeLimits{
        to_wei(Gwei{1}), to_wei(Gwei{100}), {}, fees::Ordering::priority_auction, BasisPoints{1'000}}};
    out.learn(to_wei(Gwei{recent_gwei}));
    return out;
}

TEST(FeePolicy, BidsAShareOfTheWorthInAnAuction) {
    // 50,000,000 gwei over 500,000 gas is 100 gwei a gas, of which a tenth goes beyond the floor.
    const Bid bid = bid_of(worth_of(50'000'000, 500'000, 1), BlockNumber{100});
    EXPECT_EQ(bid.blocks, 5U);
    const auto fee = auction(0).price(head_with(16), bid);
    ASSERT_TRUE(fee);
    EXPECT_EQ(fee->max_priority_fee_per_gas, to_wei(Gwei{11}));
    // Four full blocks after the next: 16 gwei x (9/8)^4, each step rounded down in wei.
    EXPECT_EQ(fee->max_fee_per_gas, to_wei(Gwei{11}) + Wei{std::uint64_t{25'628'906'250}});
    EXPECT_EQ(policy().price(head_with(16), bid)->max_priority_fee_per_gas, to_wei(Gwei{1}))
        << "where the first come is served a tip buys nothing";
}

TEST(FeePolicy, ABidNeverExceedsTheWorthAndTheCapLowersIt) {
    const auto recent = auction(40).price(head_with(20), bid_of(worth_of(5'000'000, 500'000, 1), {}));
    EXPECT_EQ(recent->max_priority_fee_per_gas, to_wei(Gwei{11})) << "10 gwei a gas is all it is worth";
    const auto capped = auction(0).price(head_with(95), bid_of(worth_of(50'000'000, 500'000, 1), {}));
    EXPECT_EQ(capped->max_priority_fee_per_gas, to_wei(Gwei{5}));
    EXPECT_EQ(capped->max_fee_per_gas, to_wei(Gwei{100}));
    EXPECT_FALSE(auction(0).price(head_with(100), bid_of(worth_of(50'000'000, 500'000, 1), {})));
}

TEST(FeePolicy, ACancellationPaysWhatIsUsual) {
    EXPECT_EQ(auction(7).price(head_with(20))->max_priority_fee_per_gas, to_wei(Gwei{7}));
    EXPECT_EQ(auction(7).price(head_with(20), Bid{Wei{}, Gas{500'000}, 3})->max_priority_fee_per_gas,
              to_wei(Gwei{1}))
        << "an intent of unknown worth offers the floor";
}

TEST(FeePolicy, AReplacementBidsWhatItIsWorthNow) {
    const Bid bid = bid_of(worth_of(50'000'000, 500'000, 1), BlockNumber{100});
    const auto first = policy().price(head_with(16)).value();
    const auto second = auction(0).replace(first, head_with(16), bid);
    EXPECT_EQ(second->max_priority_fee_per_gas, to_wei(Gwei{11}));
}

TEST(FeePolicy, LiesAboutHeadAndWorthDoNotOverflow) {
    Head head = head_with(1);
    head.base_fee = Wei{U256::max()};
    head.gas_used = head.gas_limit;
    EXPECT_FALSE(auction(0).price(head, Bid{Wei{U256::max()}, Gas{1}, 5}));
    EXPECT_EQ(auction(0).price(head_with(20), Bid{Wei{U256::max()}, Gas{1}, 5})->max_fee_per_gas,
              to_wei(Gwei{100}));
}

TEST(FeePolicy, LastMomentIsPricedForTheNextBlock) {
    EXPECT_EQ(bid_of(worth_of(1, 1, 1), BlockNumber{104}).blocks, 1U);
    EXPECT_EQ(bid_of(worth_of(1, 1, 1), BlockNumber{200}).blocks, 1U);
}

TEST(IntentOrder, IsByWorthPerGasThenByAge) {
    const Intent large = worth_of(1'000, 700'000, 1);
    const Intent lean = worth_of(900, 400'000, 2);
    EXPECT_TRUE(goes_before(lean, large));
    EXPECT_FALSE(goes_before(large, lean));
    EXPECT_TRUE(goes_before(worth_of(1'000, 700'000, 1), worth_of(1'000, 700'000, 3)));
    Intent unknown = worth_of(0, 500'000, 4);
    unknown.value_at_stake = Usd{std::uint64_t{5}};
    EXPECT_TRUE(goes_before(unknown, worth_of(0, 100'000, 3))) << "without worth the value at stake decides";
    Intent lie = worth_of(0, 1, 5);
    lie.worth = Wei{U256::max()};
    EXPECT_TRUE(goes_before(lie, large));
}

}  // namespace
}  // namespace plimsoll::signer
