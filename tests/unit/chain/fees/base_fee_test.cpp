// SPDX-License-Identifier: Apache-2.0
#include "chain/fees/base_fee.hpp"

#include "chain/fees/fee_quote.hpp"
#include "tests/unit/chain/vector_file.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>

namespace plimsoll::testing {
namespace {

using fees::base_fee_bound;
using fees::Elasticity;
using fees::next_base_fee;
using Big = boost::multiprecision::cpp_int;

Head head(std::uint64_t fee, std::uint64_t used, std::uint64_t limit) {
    Head out;
    out.base_fee = Wei{fee};
    out.gas_used = Gas{used};
    out.gas_limit = Gas{limit};
    return out;
}

std::vector<Head> mainnet_heads() {
    std::vector<Head> out;
    for (const std::string& line : read_vector_lines("base_fee/mainnet_15000001.csv")) {
        std::istringstream fields{line};
        std::uint64_t number = 0;
        std::uint64_t fee = 0;
        std::uint64_t used = 0;
        std::uint64_t limit = 0;
        char comma = 0;
        if (!(fields >> number >> comma >> fee >> comma >> used >> comma >> limit))
            continue;  // the line of names
        out.push_back(head(fee, used, limit));
        out.back().number = BlockNumber{number};
    }
    return out;
}

TEST(BaseFee, FollowsMainnet) {
    const std::vector<Head> heads = mainnet_heads();
    ASSERT_EQ(heads.size(), 31U);
    for (std::size_t i = 1; i < heads.size(); ++i) {
        EXPECT_EQ(next_base_fee(heads[i - 1]), heads[i].base_fee) << heads[i].number.value;
    }
}

// The cases of op-geth's own test of Holocene: a limit of 30 million, a fee of 10 million.
TEST(BaseFee, FollowsAsChainsOfTheOpStackHaveIt) {
    struct Case {
        std::uint64_t used, next, denominator, elasticity;
    };
    for (const Case& one : {Case{15'000'000, 10'000'000, 10, 2}, Case{10'000'000, 9'666'667, 10, 2},
                            Case{20'000'000, 10'333'333, 10, 2}, Case{3'000'000, 10'000'000, 2, 10},
                            Case{1'000'000, 6'666'667, 2, 10}, Case{30'000'000, 55'000'000, 2, 10}}) {
        const Head parent = head(10'000'000, one.used, 30'000'000);
        Elasticity rule{one.elasticity, one.denominator};
        EXPECT_EQ(next_base_fee(parent, rule), Wei{one.next});
        rule.least = Wei{std::uint64_t{10'000'000}};
        EXPECT_EQ(next_base_fee(parent, rule), Wei{std::max<std::uint64_t>(one.next, 10'000'000)})
            << "Jovian";
    }
}

TEST(Catalogue, s35_an_offer_stays_payable_until_its_deadline) {
    const std::vector<Head> heads = mainnet_heads();
    const Wei tip{std::uint64_t{1'000'000'000}};
    for (std::size_t from = 0; from < heads.size(); ++from) {
        for (std::uint32_t blocks = 1; from + blocks < heads.size() && blocks <= 12; ++blocks) {
            const auto offer = fees::quote_fee(heads[from], tip, Wei{U256::max()}, {}, blocks);
            ASSERT_TRUE(offer);
            EXPECT_GE(offer->max_fee_per_gas, heads[from + blocks].base_fee + tip);
        }
    }
    // The worst there is: every block full, from 0.7 gwei; six times as much comes within sixteen blocks.
    Head now = head(700'000'000, 15'000'000, 30'000'000);
    const auto offer = fees::quote_fee(now, tip, Wei{U256::max()}, {}, 12);
    for (std::uint32_t block = 1; block <= 12; ++block) {
        now.base_fee = next_base_fee(now);
        now.gas_used = now.gas_limit;
        EXPECT_GE(offer->max_fee_per_gas, now.base_fee + tip) << block;
    }
    EXPECT_EQ(offer->max_fee_per_gas, now.base_fee + tip) << "and no more than that";
}

TEST(BaseFee, MovesByAnEighthAtMost) {
    EXPECT_EQ(next_base_fee(head(1'000'000, 15'000'000, 30'000'000)), Wei{std::uint64_t{1'000'000}});
    EXPECT_EQ(next_base_fee(head(1'000'000, 30'000'000, 30'000'000)), Wei{std::uint64_t{1'125'000}});
    EXPECT_EQ(next_base_fee(head(1'000'000, 0, 30'000'000)), Wei{std::uint64_t{875'000}});
}

TEST(BaseFee, RisesByAtLeastOneWeiAndFallsByNoneWhenTiny) {
    EXPECT_EQ(next_base_fee(head(7, 15'000'001, 30'000'000)), Wei{std::uint64_t{8}});
    EXPECT_EQ(next_base_fee(head(0, 30'000'000, 30'000'000)), Wei{std::uint64_t{1}});
    EXPECT_EQ(next_base_fee(head(7, 0, 30'000'000)), Wei{std::uint64_t{7}});
}

TEST(BaseFee, StaysWithoutAGasTarget) {
    EXPECT_EQ(next_base_fee(head(9, 5, 0)), Wei{std::uint64_t{9}});
    EXPECT_EQ(next_base_fee(head(9, 5, 1)), Wei{std::uint64_t{9}});
    EXPECT_EQ(next_base_fee(head(9, 5, 10), Elasticity{0, 8}), Wei{std::uint64_t{9}});
    EXPECT_EQ(next_base_fee(head(9, 5, 10), Elasticity{2, 0}), Wei{std::uint64_t{9}});
}

/// The text of EIP-1559 in unbounded integers, for any elasticity.
Big by_the_text(const Head& parent, const Elasticity& elasticity) {
    const Big fee{to_decimal(parent.base_fee.raw())};
    const Big target = parent.gas_limit.value / elasticity.multiplier;
    const Big used = parent.gas_used.value;
    if (target == 0 || used == target) return fee;
    if (used < target) return fee - fee * (target - used) / target / elasticity.denominator;
    const Big rise = fee * (used - target) / target / elasticity.denominator;
    return fee + (rise > 1 ? rise : Big{1});
}

TEST(BaseFee, EqualsTheTextOfTheEipForAnyHead) {
    std::mt19937_64 random{51};
    for (int i = 0; i < 100'000; ++i) {
        const std::uint64_t limit = random() % 2'000'000'000;
        const std::uint64_t fee = random() >> (random() % 64);
        const Head parent = head(fee, limit == 0 ? 0 : random() % (limit + 1), limit);
        const Elasticity elasticity{1 + random() % 10, 1 + random() % 300};
        ASSERT_EQ(to_decimal(next_base_fee(parent, elasticity).raw()), by_the_text(parent, elasticity).str());
    }
}

TEST(BaseFee, BoundHoldsForEveryLoad) {
    std::mt19937_64 random{52};
    for (int round = 0; round < 5'000; ++round) {
        Head parent = head(random() % 500'000'000'000, random() % 30'000'001, 30'000'000);
        const Head first = parent;
        for (std::uint32_t blocks = 1; blocks <= 8; ++blocks) {
            parent.base_fee = next_base_fee(parent);
            ASSERT_LE(parent.base_fee, base_fee_bound(first, {}, blocks));
            parent.gas_used = Gas{random() % 2 == 0 ? 30'000'000 : random() % 30'000'001};
        }
    }
    EXPECT_EQ(base_fee_bound(head(1'000'000, 0, 30'000'000), {}, 1), Wei{std::uint64_t{875'000}})
        << "the next is known";
    EXPECT_EQ(base_fee_bound(head(800'000, 15'000'000, 30'000'000), {}, 3), Wei{std::uint64_t{1'012'500}});
}

}  // namespace
}  // namespace plimsoll::testing
