// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/rules.hpp"

#include "strategy/venues/aave_v3/balances.hpp"
#include "strategy/venues/aave_v3/seizure.hpp"
#include "tests/unit/strategy/venues/aave_v3/vector_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace plimsoll::strategy::aave_v3 {
namespace {

using testing::HasSubstr;

/// Which column of the executed vectors is whose, independent of the table.
struct Columns {
    std::string compound;
    std::string supply;
    std::string debt;
    std::string seize;  // empty: none of this revision
};
const std::map<std::uint64_t, Columns> kColumns{
    {1, {"v302", "pre35_halfUp", "pre35_halfUp", ""}},
    {9, {"v34plus", "aToken_floor", "vToken_ceil", "v35_36"}},
    {10, {"v34plus", "aToken_floor", "vToken_ceil", "v35_36"}},
    {11, {"v34plus", "aToken_floor", "vToken_ceil", "v37"}},
};

int check_interest(const Rules& rules, const std::string& column) {
    int rows = 0;
    for (const auto row : vector_file("by_revision.json")["compound"].get_array()) {
        const U256 seconds = decimal(row, "dt");
        EXPECT_EQ(compounded_interest(rules, decimal(row, "rateRay"), seconds.low64()),
                  decimal(row, column.c_str()))
            << rules.version << " over " << to_decimal(seconds);
        ++rows;
    }
    return rows;
}

int check_balances(const Rules& rules, const Columns& columns) {
    int rows = 0;
    for (const auto row : vector_file("by_revision.json")["scaled"].get_array()) {
        const U256 scaled = decimal(row, "scaled");
        const U256 index = decimal(row, "index");
        EXPECT_EQ(supply_balance(rules, scaled, index), decimal(row, columns.supply.c_str()));
        EXPECT_EQ(debt_balance(rules, scaled, index), decimal(row, columns.debt.c_str()));
        ++rows;
    }
    return rows;
}

int check_seizures(const Rules& rules, const std::string& column) {
    int rows = 0;
    if (column.empty()) return rows;
    for (const auto row : vector_file("by_revision.json")["calcCollateral"].get_array()) {
        const PairMarket market{decimal(row, "collPrice"),
                                decimal(row, "debtPrice"),
                                decimal(row, "collUnit"),
                                decimal(row, "debtUnit"),
                                BasisPoints{decimal(row, "bonusBps").low64()},
                                BasisPoints{decimal(row, "protocolFeeBps").low64()}};
        const Seizure taken = seize(rules, market, decimal(row, "debtToCover"), decimal(row, "collBalance"));
        EXPECT_EQ(taken.collateral, decimal(row, (column + "_collToLiquidator").c_str())) << rows;
        EXPECT_EQ(taken.debt, decimal(row, (column + "_debtNeeded").c_str())) << rows;
        EXPECT_EQ(taken.fee, decimal(row, (column + "_protocolFee").c_str())) << rows;
        if (column == "v35_36") {
            EXPECT_EQ(seized_value(market, taken), decimal(row, "v35_36_collBaseValue")) << rows;
        }
        ++rows;
    }
    return rows;
}

TEST(Rules, EveryAcceptedRowIsProvenAndSaysBy) {
    std::map<std::uint64_t, Proof> stated;
    for (const Rules& rules : all_rules()) {
        stated[rules.first] = rules.proof;
        if (rules.proof == Proof::none) continue;
        EXPECT_FALSE(rules.evidence.empty()) << rules.version;
        ASSERT_TRUE(kColumns.contains(rules.first)) << "no executed vector is known of " << rules.version;
        const Columns& columns = kColumns.at(rules.first);
        EXPECT_EQ(check_interest(rules, columns.compound), 45);
        EXPECT_EQ(check_balances(rules, columns), 20);
        const int seizures = check_seizures(rules, columns.seize);
        // What the contracts themselves prove (tests/e2e/differential, tests/e2e/parity) needs no vector of
        // its own.
        if (rules.proof == Proof::vectors) {
            EXPECT_EQ(seizures, 40) << rules.version;
        }
    }
    const std::map<std::uint64_t, Proof> expected{
        {1, Proof::contracts}, {4, Proof::none},    {5, Proof::none},       {7, Proof::none},
        {8, Proof::none},      {9, Proof::vectors}, {10, Proof::contracts}, {11, Proof::vectors}};
    EXPECT_EQ(stated, expected);
}

TEST(Rules, ARowWithoutProofIsRefusedByName) {
    for (const Rules& rules : all_rules()) {
        for (std::uint64_t revision = rules.first; revision <= rules.last; ++revision) {
            const auto found = rules_for(U256{revision});
            EXPECT_EQ(found.has_value(), rules.proof != Proof::none) << revision;
            if (found) {
                EXPECT_EQ((*found)->first, rules.first);
                continue;
            }
            EXPECT_EQ(found.error().code, Errc::unproven);
            EXPECT_THAT(found.error().context, HasSubstr("pool revision " + std::to_string(revision)));
            EXPECT_THAT(found.error().context, HasSubstr(std::string{rules.version}));
            EXPECT_THAT(found.error().context, HasSubstr("1 to 3 (3.0), 9 (3.5), 10 (3.6), 11 (3.7)"));
        }
    }
}

TEST(Rules, AnUnknownRevisionIsRefusedByName) {
    for (const U256& revision : {U256{0}, U256{6}, U256{12}, U256::max()}) {
        const auto found = rules_for(revision);
        ASSERT_FALSE(found);
        EXPECT_EQ(found.error().code, Errc::unproven);
        EXPECT_THAT(found.error().context, HasSubstr("revision " + to_decimal(revision) + " is unknown"));
    }
}

// Consecutive ReserveDataUpdated events of the real markets on Ethereum, Base and Optimism in June 2026.
TEST(Rules, RealMarketsMoveTheirIndicesAsTheNewestRulesSay) {
    const Rules& newest = all_rules().back();
    int rows = 0;
    int binomial = 0;
    for (const auto row : vector_file("index_updates.json")["updates"].get_array()) {
        const auto seconds = static_cast<std::uint64_t>(row["seconds"].get_uint64());
        const U256 rate = decimal(row, "debtRate");
        const U256 index = decimal(row, "debtIndex");
        const U256 next = decimal(row, "nextDebtIndex");
        EXPECT_EQ(ray_mul_half_up(compounded_interest(newest, rate, seconds), index), next) << rows;
        EXPECT_EQ(ray_mul_half_up(linear_interest(decimal(row, "supplyRate"), seconds),
                                  decimal(row, "supplyIndex")),
                  decimal(row, "nextSupplyIndex"))
            << rows;
        binomial += ray_mul_half_up(compounded_binomial(rate, seconds), index) == next ? 1 : 0;
        ++rows;
    }
    EXPECT_EQ(rows, 39);
    EXPECT_EQ(binomial, 1) << "the old formula would not do";
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
