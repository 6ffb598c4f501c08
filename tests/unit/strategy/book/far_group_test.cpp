// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/far_group.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace plimsoll::strategy {
namespace {

constexpr std::size_t kReserves = 6;

LineWeights some_weights(std::mt19937_64& random) {
    LineWeights out;
    out.reserves = kReserves;
    for (std::size_t i = 0; i < kReserves; ++i) {
        out.unit[i] = i % 2 == 0 ? 1e-2 : 1e-18;
        out.backing[i] = out.owed[i] = std::pow(10.0, std::uniform_real_distribution{4.0, 13.0}(random));
    }
    return out;
}

std::vector<LineTerm> some_terms(std::mt19937_64& random, const LineWeights& weights) {
    std::vector<LineTerm> out;
    double backing = 0;
    const auto reserve = [&] { return static_cast<ReserveId>(random() % kReserves); };
    for (std::size_t left = 1 + random() % 4; left != 0; --left) {
        const double worth = std::pow(10.0, std::uniform_real_distribution{2.0, 14.0}(random));
        const ReserveId backs = reserve();
        out.push_back({worth / weights.backing[backs], random() % 3 == 0 ? 1e-4F : 0.0F, backs, false});
        backing += worth;
    }
    const ReserveId owed = reserve();
    const double health = std::uniform_real_distribution{1.0, 1.4}(random);
    out.push_back({backing / health / weights.owed[owed], 0.0F, owed, true});
    return out;
}

void tell(FarGroup& group, const LineWeights& weights) {
    for (std::size_t i = 0; i < kReserves; ++i) {
        group.moved(false, i, weights.backing[i]);
        group.moved(true, i, weights.owed[i]);
    }
}

TEST(FarGroup, WhileItIsSafeEachMemberIsAboveTheLine) {
    std::mt19937_64 random{5};
    std::size_t safe = 0;
    std::size_t closest =
        0;  // members that are within a few hundredths of the line, so that something was tried
    for (int world = 0; world < 400; ++world) {
        LineWeights weights = some_weights(random);
        FarGroup group;
        group.begin(weights);
        std::vector<std::vector<LineTerm>> members;
        for (int i = 0; i < 60; ++i) {
            const auto terms = some_terms(random, weights);
            if (group.admits(terms)) members.push_back(terms);
        }
        for (int step = 0; step < 20; ++step) {
            for (std::size_t i = 0; i < kReserves; ++i) {
                weights.backing[i] *= std::uniform_real_distribution{0.985, 1.01}(random);
                weights.owed[i] *= std::uniform_real_distribution{0.99, 1.015}(random);
            }
            tell(group, weights);
            if (!group.safe()) break;
            ++safe;
            for (const auto& terms : members) {
                const LineDistance away = distance(terms, weights);
                ASSERT_GT(away.least, 0);
                if (away.least < 0.04 * terms.back().amount * weights.of(terms.back())) ++closest;
            }
        }
    }
    EXPECT_GT(safe, 1'000U);
    EXPECT_GT(closest, 20U);
}

TEST(FarGroup, IsWornBeforeItIsNotSafe) {
    std::mt19937_64 random{6};
    LineWeights weights = some_weights(random);
    FarGroup group;
    group.begin(weights);
    EXPECT_TRUE(group.safe());
    EXPECT_FALSE(group.worn());
    weights.backing[0] *= 0.93;
    tell(group, weights);
    EXPECT_TRUE(group.worn());
    EXPECT_TRUE(group.safe());
    weights.owed[1] *= 1.05;  // 0.93 / 1.05 is less than 1 / 1.125
    tell(group, weights);
    EXPECT_FALSE(group.safe());
    weights.backing[0] *= 2;  // what has been may be forgotten by a new group only
    tell(group, weights);
    EXPECT_FALSE(group.safe());
    group.begin(weights);
    EXPECT_TRUE(group.safe());
}

TEST(FarGroup, APriceThatComesBackEndsIt) {
    std::mt19937_64 random{7};
    LineWeights weights = some_weights(random);
    const LineWeights priced = weights;
    weights.leave_out(2);
    FarGroup group;
    group.begin(weights);
    const std::vector<LineTerm> under{{1.0, 0.0F, 2, false}, {1e9, 0.0F, 3, true}};
    EXPECT_TRUE(group.admits(under)) << "nobody can value it";
    tell(group, weights);
    EXPECT_TRUE(group.safe());
    tell(group, priced);
    EXPECT_FALSE(group.safe());
    group.begin(priced);
    tell(group, weights);
    EXPECT_TRUE(group.safe()) << "whoever cannot be valued cannot be liquidated";
}

}  // namespace
}  // namespace plimsoll::strategy
