// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/bootstrap.hpp"

#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace plimsoll::strategy::aave_v3 {
namespace {

using testing::HasSubstr;

class BootstrapTest : public testing::Test {
  protected:
    ScriptedMarket market_;
    AaveV3Venue venue_{ScriptedMarket::params()};
    void expect_refused(Errc code, std::string_view text) {
        const auto result = market_.bootstrap(venue_);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, code) << result.error().context;
        EXPECT_THAT(result.error().context, HasSubstr(std::string{text}));
        EXPECT_FALSE(venue_.in_step());
        EXPECT_TRUE(venue_.next_reads([] { return ReadId{1}; }).empty());
    }
};

TEST_F(BootstrapTest, ReadsTheMarketItsPricesAndItsAccounts) {
    ASSERT_TRUE(market_.bootstrap(venue_));
    EXPECT_EQ(venue_.revision(), 1U);
    ASSERT_EQ(venue_.assets().size(), 3U);
    EXPECT_EQ(venue_.assets()[kDollar].symbol, "USDC");
    EXPECT_EQ(venue_.assets()[kDollar].decimals, 6);
    EXPECT_FALSE(venue_.assets()[kEther].polled);
    EXPECT_TRUE(venue_.assets()[kStaked].polled);
    EXPECT_EQ(venue_.prices()[kStaked], Usd{230'000'000'000});
    ASSERT_EQ(venue_.account_count(), 2U);
    const auto one = venue_.book().find(at(1));
    const auto two = venue_.book().find(at(2));
    ASSERT_TRUE(one && two);
    EXPECT_EQ(venue_.book().collateral(*one), only(kEther));
    EXPECT_EQ(venue_.book().debts(*one), only(kDollar));
    EXPECT_EQ(venue_.book().category(*two), 1);
    EXPECT_EQ(venue_.book().position(*two, kDollar).supply, u128{20'000'000'000})
        << "supplies without a flag count later";
    EXPECT_EQ(venue_.book().collateral(*two), only(kStaked));
    EXPECT_EQ(venue_.flash_fee(kEther, TokenAmount{pow10(18)}).value(), TokenAmount{900'000'000'000'000});
    EXPECT_FALSE(venue_.prices_pending());
}

TEST_F(BootstrapTest, AsksInBoundedBatchesAtOneBlock) {
    ASSERT_TRUE(market_.bootstrap(venue_));
    std::size_t queries = 0;
    for (const ReadRequest& request : market_.asked) {
        EXPECT_EQ(request.block_hash, head(kBootBlock).hash);
        if (const auto* query = std::get_if<LogQuery>(&request.what)) {
            EXPECT_LT(query->to.value - query->from.value, 25U);
            ++queries;
        } else {
            // A batch ends with the account that fills it.
            EXPECT_LE(std::get<std::vector<Call>>(request.what).size(), 7U + 5U);
        }
    }
    EXPECT_EQ(queries, 3U) << "blocks 40 to 100, 25 at a time";
}

/// Reads until `answers` log queries are answered; what is asked afterwards gets lost, as with a kill.
Bytes broken_off_after(ScriptedMarket& market, AaveV3Venue& venue, std::size_t answers) {
    venue.start(head(kBootBlock));
    ReadId id = 0;
    std::size_t answered = 0;
    while (answered < answers) {
        for (const ReadRequest& request : venue.next_reads([&id] { return ++id; })) {
            const bool logs = std::holds_alternative<LogQuery>(request.what);
            if (logs && answered == answers) continue;
            answered += logs ? 1 : 0;
            EXPECT_TRUE(venue.accept(market.serve(request)));
        }
    }
    return venue.search();
}

std::size_t log_queries(const ScriptedMarket& market) {
    return static_cast<std::size_t>(std::ranges::count_if(market.asked, [](const ReadRequest& request) {
        return std::holds_alternative<LogQuery>(request.what);
    }));
}

TEST_F(BootstrapTest, ASearchThatWasBrokenOffGoesOn) {
    AaveV3Params params = ScriptedMarket::params();
    params.log_range = 5;
    params.undo_blocks = 10;
    AaveV3Venue whole{params};
    ASSERT_TRUE(market_.bootstrap(whole));
    const std::size_t all = log_queries(market_);
    for (std::size_t answers = 1; answers < 9; ++answers) {
        AaveV3Venue killed{params};
        const Bytes search = broken_off_after(market_, killed, answers);
        ASSERT_FALSE(search.empty());
        AaveV3Venue next{params};
        next.resume_search(search);
        market_.asked.clear();
        ASSERT_TRUE(market_.bootstrap(next));
        EXPECT_EQ(log_queries(market_), all - answers);
        ASSERT_EQ(next.account_count(), whole.account_count());
        for (AccountId id = 0; id < whole.account_count(); ++id) {
            const auto there = next.book().find(whole.account_address(id));
            ASSERT_TRUE(there);
            for (ReserveId reserve = 0; reserve < whole.assets().size(); ++reserve)
                EXPECT_EQ(next.book().position(*there, reserve), whole.book().position(id, reserve));
        }
    }
}

TEST_F(BootstrapTest, AnEarlierSearchThatLacksSomebodyIsDoneAgain) {
    AaveV3Params params = ScriptedMarket::params();
    params.log_range = 5;
    params.undo_blocks = 10;
    AaveV3Venue killed{params};
    ScriptedMarket silent;
    silent.logs.clear();
    const Bytes search = broken_off_after(silent, killed, 8);
    AaveV3Venue next{params};
    next.resume_search(search);
    ASSERT_TRUE(market_.bootstrap(next));
    EXPECT_EQ(next.account_count(), 2U);
}

TEST_F(BootstrapTest, BytesThatAreNoSearchAreIgnored) {
    AaveV3Params params = ScriptedMarket::params();
    params.log_range = 5;
    params.undo_blocks = 10;
    AaveV3Venue killed{params};
    const Bytes search = broken_off_after(market_, killed, 8);
    for (std::size_t cut = 0; cut < search.size(); cut += 7) {
        AaveV3Venue next{params};
        next.resume_search(BytesView{search}.first(cut));
        ASSERT_TRUE(market_.bootstrap(next)) << cut;
        EXPECT_EQ(next.account_count(), 2U);
    }
}

TEST_F(BootstrapTest, ALogQueryThatIsTooLargeIsSplit) {
    market_.largest_log_range = 3;
    ASSERT_TRUE(market_.bootstrap(venue_));
    EXPECT_EQ(venue_.account_count(), 2U);
}

TEST_F(BootstrapTest, RefusesARevisionItCannotProve) {
    market_.answer(kPool, "POOL_REVISION()", {}, U256{6});
    expect_refused(Errc::unproven, "pool revision 6 is unknown");
}

TEST_F(BootstrapTest, AcceptsTheNewestProvenRevision) {
    market_.answer(kPool, "POOL_REVISION()", {}, U256{3});
    EXPECT_TRUE(market_.bootstrap(venue_));
}

TEST_F(BootstrapTest, APoolWithoutCodeIsSaidSo) {
    market_.answer(kPool, "POOL_REVISION()", {}, Bytes{});
    expect_refused(Errc::no_code, "no contract at 0x");
}

TEST_F(BootstrapTest, AContractThatIsNoPoolIsRefused) {
    market_.reverts(kPool, "POOL_REVISION()", {});
    expect_refused(Errc::unproven, "POOL_REVISION() reverts");
}

TEST_F(BootstrapTest, RefusesStableDebt) {
    market_.answer(at(0x501), "totalSupply()", {}, U256{1});
    expect_refused(Errc::unproven, "stable debt in USDC");
}

TEST_F(BootstrapTest, RefusesDiscountedDebt) {
    market_.answer(debt_token(kDollar), "getDiscountToken()", {}, U256{0});
    ASSERT_TRUE(market_.bootstrap(venue_)) << "a discount of nobody";
    market_.answer(debt_token(kDollar), "getDiscountToken()", {}, U256{0x99});
    expect_refused(Errc::unproven, "discounted debt in USDC");
}

TEST_F(BootstrapTest, RefusesAnotherBaseUnit) {
    market_.answer(kOracle, "BASE_CURRENCY_UNIT()", {}, pow10(18));
    expect_refused(Errc::unproven, "base unit 1000000000000000000");
}

TEST_F(BootstrapTest, RefusesAnEModeCategoryWithItsOwnPrice) {
    const Bytes with_source = [] {
        Bytes out(32 * 7);
        out[31] = 32;
        out[32 * 4 + 31] = 9;
        out[32 * 5 + 31] = 160;
        return out;
    }();
    market_.answer(kPool, "getEModeCategoryData(uint8)", {Hash32::from_u256(U256{9})}, with_source);
    expect_refused(Errc::unproven, "eMode category 9");
}

TEST_F(BootstrapTest, MissingHoldersAreNoticed) {
    market_.logs.erase(market_.logs.begin() + 1);  // account 1's debt in dollars
    expect_refused(Errc::not_found, "holders of USDC are missing");
}

TEST_F(BootstrapTest, TransfersMustProveToBeScaled) {
    const U256 index = kRay * U256{11} / U256{10};
    const std::vector<Hash32> ends{at(2).to_word(), at(1).to_word()};
    Log transfer = event(supply_token(kEther), topics::kTransfer, ends, {U256{1'100'000'000}});
    Log scaled = event(supply_token(kEther), topics::kBalanceTransfer, ends, {U256{1'000'000'000}, index});
    transfer.block_number = scaled.block_number = BlockNumber{70};
    scaled.index = 1;
    market_.logs.push_back(transfer);
    market_.logs.push_back(scaled);
    EXPECT_TRUE(market_.bootstrap(venue_));
    market_.logs.back().data = event({}, {}, {}, {U256{1'100'000'000}, index}).data;
    expect_refused(Errc::unproven, "scaled amounts");
}

TEST_F(BootstrapTest, AMalformedAnswerEndsTheAttempt) {
    market_.answer(kPool, "getReserveData(address)", {underlying(kDollar).to_word()}, Bytes(64));
    expect_refused(Errc::malformed_reply, "getReserveData");
}

TEST_F(BootstrapTest, AFailedReadEndsTheAttemptAndAnotherMayFollow) {
    venue_.start(head(kBootBlock));
    const auto reads = venue_.next_reads([] { return ReadId{7}; });
    ASSERT_EQ(reads.size(), 1U);
    const auto result = venue_.accept({7, head(kBootBlock).hash, fail(Errc::disconnected, "gone")});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::disconnected);
    EXPECT_TRUE(market_.bootstrap(venue_));
}

TEST_F(BootstrapTest, AnAssetWithoutAPriceHasNone) {
    market_.reverts(kOracle, "getAssetPrice(address)", {underlying(kEther).to_word()});
    ASSERT_TRUE(market_.bootstrap(venue_));
    EXPECT_TRUE(venue_.prices()[kEther].is_zero());
    EXPECT_TRUE(venue_.assets()[kEther].polled);
    std::vector<Wad> factor(1);
    const AccountId account = *venue_.book().find(at(1));
    venue_.health({&account, 1}, venue_.prices(), head(kBootBlock).timestamp, factor);
    EXPECT_EQ(factor[0], Wad{U256::max()}) << "the pool itself would revert";
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
