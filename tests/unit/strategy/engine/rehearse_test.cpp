// SPDX-License-Identifier: Apache-2.0
// What keeps the way from a price to a decision warm, and that nothing comes of it.
#include "tests/unit/strategy/scripted/near_the_line.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plimsoll::strategy::scripted {
namespace {

/// Nothing is held ready; whoever is near is known.
Stage staged(const Market& market) {
    return told_of(market, [](EngineParams& params) {
        params.armed = 0;
        params.triggers = false;
    });
}

TEST(Rehearsal, IsWhatAPriceLeadsTo) {
    Stage stage = staged(in_debt({15'000, 15'900, 15'700}));
    const auto rehearsed = stage.engine().rehearse();
    ASSERT_TRUE(rehearsed);
    EXPECT_EQ(rehearsed->key, stage.key_of(1)) << "the nearest";
    // On the line where ether is at 1987.50; rehearsed is a hundredth below.
    const U256 first_below = U256{198'750} * pow10(6) - U256{1};
    stage.begin_block();
    stage.log(answer_of_ether(stage, first_below - first_below / U256{100}));
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_EQ(sends.front().key, rehearsed->key);
    EXPECT_EQ(sends.front().opportunity.quote.repaid, rehearsed->opportunity.quote.repaid);
    EXPECT_EQ(sends.front().opportunity.profit, rehearsed->opportunity.profit);
    EXPECT_EQ(sends.front().gas_limit, rehearsed->gas_limit);
    EXPECT_EQ(sends.front().calldata.size(), rehearsed->calldata.size());
}

TEST(Rehearsal, IsNotThereWhereNobodyIsNearOrNothingMayLeave) {
    Stage stage = staged(in_debt({15'900}));
    EXPECT_TRUE(stage.engine().rehearse());
    stage.begin_block();
    EXPECT_TRUE(stage.engine().rehearse()) << "within a block, too";
    stage.seal();
    EXPECT_TRUE(stage.engine().rehearse());
    stage.engine().hold(Reason::paused, true);
    EXPECT_FALSE(stage.engine().rehearse()) << "paused";
    EXPECT_FALSE(staged(in_debt({9'000})).engine().rehearse()) << "nobody is near";
}

TEST(Rehearsal, PassesOverTheNearestWhereItOwesTooLittle) {
    Market market = in_debt({15'900, 15'700});
    market.holders[0].collateral[kEther] = TokenAmount{ether(10).raw() / U256{1'000'000}};
    market.holders[0].debt[kDollar] = TokenAmount{dollars(15'900).raw() / U256{1'000'000}};
    const auto rehearsed = staged(market).engine().rehearse();
    ASSERT_TRUE(rehearsed);
    EXPECT_EQ(rehearsed->opportunity.quote.account, 1U);
}

TEST(Rehearsal, IsOverForWhoeverIsUnderWay) {
    Stage stage = staged(in_debt({15'900}));
    stage.block({answer_of_ether(stage, U256{1'980} * pow10(8))});
    ASSERT_EQ(stage.sends().size(), 1U);
    EXPECT_FALSE(stage.engine().rehearse());
}

/// All that an engine decided, and all that it would save, after so many prices.
struct Lived {
    std::vector<Decision> decisions;
    Bytes saved;
    std::size_t audits{};
    std::size_t rehearsals{};
};

Lived lived(const std::vector<std::uint64_t>& prices, bool rehearses) {
    Stage stage = staged(in_debt({15'000, 15'900, 15'500, 15'700}));
    Lived out;
    const auto rehearse = [&] {
        for (unsigned i = 0; rehearses && i < 2; ++i)
            out.rehearsals += stage.engine().rehearse() ? 1U : 0U;
    };
    for (const std::uint64_t price : prices) {
        rehearse();
        stage.begin_block();
        stage.log(answer_of_ether(stage, U256{price} * pow10(8)));
        rehearse();
        stage.seal();
        rehearse();
        stage.tick();
        for (Decision& decision : stage.take())
            out.decisions.push_back(std::move(decision));
    }
    out.saved = stage.engine().save().value();
    out.audits = stage.audits;
    return out;
}

RC_GTEST_PROP(Rehearsal, NothingComesOfIt, ()) {
    const auto prices = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(1'880, 2'020)));
    const Lived with = lived(prices, true);
    const Lived without = lived(prices, false);
    RC_ASSERT(with.rehearsals != 0U);
    RC_ASSERT(with.saved == without.saved);
    RC_ASSERT(with.audits == without.audits);
    RC_ASSERT(with.decisions.size() == without.decisions.size());
    for (std::size_t i = 0; i < with.decisions.size(); ++i) {
        RC_ASSERT(with.decisions[i].key == without.decisions[i].key);
        RC_ASSERT(with.decisions[i].reason == without.decisions[i].reason);
        RC_ASSERT(with.decisions[i].calldata == without.decisions[i].calldata);
        RC_ASSERT(with.decisions[i].data_fee == without.decisions[i].data_fee);
    }
}

}  // namespace
}  // namespace plimsoll::strategy::scripted
