// SPDX-License-Identifier: Apache-2.0
#include "bot/tally.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace plimsoll::bot {
namespace {

IntentKey key(std::uint8_t last) {
    IntentKey out;
    out.account.bytes[19] = last;
    return out;
}

strategy::Decision decision(std::uint8_t account, strategy::Reason reason) {
    strategy::Decision out;
    out.key = key(account);
    out.reason = reason;
    return out;
}

Outcome outcome(std::uint8_t account, OutcomeKind kind) {
    Outcome out;
    out.key = key(account);
    out.kind = kind;
    out.gas_used = Gas{100};
    out.effective_gas_price = Wei{7};
    return out;
}

LandedLiquidation landed(std::uint8_t token, std::uint64_t profit) {
    LandedLiquidation out;
    TokenProfit one;
    one.token.bytes[0] = token;
    one.amount = TokenAmount{profit};
    out.profits.push_back(one);
    out.gas_cost = Wei{50};
    return out;
}

TEST(Tally, CountsAnAccountOnceByItsNewestReason) {
    Tally tally;
    tally.decided(decision(1, strategy::Reason::below_min_profit));
    tally.decided(decision(1, strategy::Reason::slippage_cap));
    tally.decided(decision(2, strategy::Reason::slippage_cap));
    EXPECT_EQ(tally.found(), 2U);
    const std::map<strategy::Reason, std::uint64_t> expected{{strategy::Reason::slippage_cap, 2}};
    EXPECT_EQ(tally.skipped(), expected);
}

TEST(Tally, AnAccountThatWasWonIsNotSkipped) {
    Tally tally;
    tally.decided(decision(1, strategy::Reason::none));
    tally.ended(outcome(1, OutcomeKind::confirmed));
    tally.decided(decision(1, strategy::Reason::below_min_profit));
    EXPECT_EQ(tally.sent(), 1U);
    EXPECT_TRUE(tally.skipped().empty());
}

TEST(Tally, AnAccountThatAnotherTookIsMissedAndNotSkipped) {
    Tally tally;
    tally.decided(decision(1, strategy::Reason::base_fee_cap));
    Missed missed;
    missed.reason = MissedReason::never_simulated;
    missed.skipped = strategy::Reason::base_fee_cap;
    missed.event.block_number = BlockNumber{12};
    missed.lag_blocks = 2;
    tally.missed(key(1), missed);
    EXPECT_TRUE(tally.skipped().empty());
    EXPECT_EQ(tally.missed_by_reason().at(MissedReason::never_simulated), 1U);
    const boost::json::value report = boost::json::parse(tally.to_json({}));
    EXPECT_EQ(report.at("missed").as_object().size(), kMissedReasonCount);
    EXPECT_EQ(report.at("missed").at("never_simulated").to_number<int>(), 1);
    EXPECT_EQ(report.at("missed").at("not_indexed").to_number<int>(), 0);
    const boost::json::value& one = report.at("missed_liquidations").at(0);
    EXPECT_EQ(one.at("reason").as_string(), "never_simulated");
    EXPECT_EQ(one.at("skipped").as_string(), "base_fee_cap");
    EXPECT_EQ(one.at("lag_blocks").to_number<int>(), 2);
}

TEST(Tally, ARevertCostsItsGas) {
    Tally tally;
    tally.ended(outcome(1, OutcomeKind::reverted));
    EXPECT_EQ(tally.reverted(), 1U);
    EXPECT_EQ(tally.gas_spent(), Wei{700});
    EXPECT_EQ(tally.won(), 0U);
}

TEST(Tally, AddsProfitsByTokenAndGasOverLiquidations) {
    Tally tally;
    tally.landed(landed(1, 10));
    tally.landed(landed(2, 20));
    tally.landed(landed(1, 5));
    Address first;
    first.bytes[0] = 1;
    EXPECT_EQ(tally.won(), 3U);
    EXPECT_EQ(tally.profit_by_token().at(first), TokenAmount{15});
    EXPECT_EQ(tally.gas_spent(), Wei{150});
}

TEST(Tally, WritesAmountsAsDecimalStringsOfSmallestUnits) {
    Tally tally;
    tally.decided(decision(3, strategy::Reason::no_route));
    LandedLiquidation one = landed(1, 0);
    one.profits.front().amount = TokenAmount{pow10(30)};
    tally.landed(one);
    strategy::Asset asset;
    asset.token.bytes[0] = 1;
    asset.symbol = "BIG";
    const std::vector<strategy::Asset> assets{asset};
    const boost::json::value report = boost::json::parse(tally.to_json(assets));
    EXPECT_EQ(report.at("schema").as_string(), "plimsoll.report.v1");
    EXPECT_EQ(report.at("skipped").at("no_route").to_number<int>(), 1);
    EXPECT_EQ(report.at("profit").at(0).at("symbol").as_string(), "BIG");
    EXPECT_EQ(report.at("profit").at(0).at("amount").as_string(), "1000000000000000000000000000000");
    EXPECT_EQ(report.at("gas_wei").as_string(), "50");
    EXPECT_EQ(report.at("liquidations").as_array().size(), 1U);
}

}  // namespace
}  // namespace plimsoll::bot
