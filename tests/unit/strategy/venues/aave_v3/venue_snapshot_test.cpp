// SPDX-License-Identifier: Apache-2.0
// A market as bytes: what was saved is loaded to the last unit, and what was undone is as if it had never
// been.
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <stdexcept>

namespace plimsoll::strategy::aave_v3 {
namespace {

Bytes bytes_of(const AaveV3Venue& venue) {
    SnapshotWriter out;
    venue.save(out);
    return out.take();
}

std::uint64_t pick(std::uint64_t low, std::uint64_t high) {
    return *rc::gen::inRange<std::uint64_t>(low, high);
}

/// Accounts 1 and 2 are known, the others turn up.
Hash32 somebody() {
    return at(pick(1, 9)).to_word();
}

Log random_balance(ReserveId reserve) {
    const Address token = pick(0, 2) == 0 ? supply_token(reserve) : debt_token(reserve);
    const U256 amount{pick(0, 2'000'000'000)};
    const U256 index = kRay + U256{pick(0, 1'000'000'000'000)};
    if (pick(0, 3) == 0) {
        return event(token, topics::kBalanceTransfer, {somebody(), somebody()}, {amount, index});
    }
    const U256 interest{pick(0, 1'000)};
    if (pick(0, 2) == 0)
        return event(token, topics::kMint, {somebody(), somebody()}, {amount, interest, index});
    return event(token, topics::kBurn, {somebody(), Hash32{}}, {amount, interest, index});
}

Log random_setting(ReserveId reserve) {
    const std::vector<Hash32> about{underlying(reserve).to_word()};
    switch (pick(0, 9)) {
        case 0:
            return event(kConfigurator, topics::kReservePaused, about, {U256{pick(0, 2)}});
        case 1:
            return event(kConfigurator, topics::kCollateralConfiguration, about,
                         {U256{7'000}, U256{pick(0, 9'000)}, U256{10'500}});
        case 2:
            return event(kConfigurator, topics::kEModeAssetCategory, about,
                         {U256{pick(0, 3)}, U256{pick(0, 3)}});
        case 3:
            return event(kConfigurator, topics::kFlashPremiumTotal, {}, {U256{9}, U256{pick(0, 50)}});
        case 4:
            return event(kPool, topics::kUserEModeSet, {somebody()}, {U256{pick(0, 3)}});
        case 5:
            return event(kPool, pick(0, 2) == 0 ? topics::kCollateralEnabled : topics::kCollateralDisabled,
                         {about[0], somebody()}, {});
        case 6:
            return event(kPool, topics::kBorrow, {about[0], somebody(), Hash32{}},
                         {U256{7}, U256{pick(0, 9'000)}, U256{pick(1, 3)}, U256{1}});
        case 7:
            return event(kOracle, topics::kAssetSourceUpdated, {about[0], somebody()}, {});
        default:
            return event(kPool, topics::kReserveDataUpdated, about,
                         {U256{pick(0, 1'000)}, U256{}, U256{pick(0, 1'000)}, kRay + U256{pick(0, 99)},
                          kRay + U256{pick(0, 99)}});
    }
}

Log random_log() {
    const auto reserve = static_cast<ReserveId>(pick(0, 3));
    const std::uint64_t kind = pick(0, 10);
    if (kind < 4) return random_balance(reserve);
    if (kind < 7) return random_setting(reserve);
    const std::uint64_t aggregator = pick(0, 2) == 0 ? kEtherAggregator : kDollarAggregator;
    return event(at(aggregator), kAnswerUpdated, {Hash32::from_u256(U256{pick(0, 3)}), Hash32{}}, {U256{1}});
}

std::vector<Log> random_logs() {
    std::vector<Log> out;
    for (std::uint64_t left = pick(0, 8); left > 0; --left)
        out.push_back(random_log());
    return out;
}

AaveV3Params deep_undo() {
    AaveV3Params out = ScriptedMarket::params();
    out.undo_blocks = 64;
    return out;
}

Head forked(std::uint64_t number, std::uint64_t fork, const Head& parent) {
    Head out = head(number);
    out.hash = Hash32::from_u256(U256{0xF0'0000'0000 + fork * 0x1'0000 + number});
    out.parent_hash = parent.hash;
    return out;
}

RC_GTEST_PROP(VenueSnapshot, BlocksThatWereUndoneNeverWere, ()) {
    static const ScriptedMarket kScript;
    ScriptedMarket market = kScript;
    AaveV3Venue venue{deep_undo()};
    AaveV3Venue straight{deep_undo()};
    RC_ASSERT(market.bootstrap(venue).has_value());
    RC_ASSERT(market.bootstrap(straight).has_value());
    Head tip = head(kBootBlock);
    const auto rounds = pick(1, 4);
    for (std::uint64_t round = 0; round < rounds; ++round) {
        std::vector<Head> wrong;
        const auto depth = pick(0, 5);
        for (std::uint64_t i = 0; i < depth; ++i) {
            const Head parent = wrong.empty() ? tip : wrong.back();
            wrong.push_back(forked(parent.number.value + 1, round + 1, parent));
            RC_ASSERT(venue.apply(wrong.back(), random_logs()).has_value());
        }
        for (; !wrong.empty(); wrong.pop_back())
            venue.undo(wrong.back().hash);
        RC_ASSERT(venue.in_step());
        RC_ASSERT(bytes_of(venue) == bytes_of(straight));
        const Head next = forked(tip.number.value + 1, 0, tip);
        const std::vector<Log> logs = random_logs();
        RC_ASSERT(venue.apply(next, logs).has_value());
        RC_ASSERT(straight.apply(next, logs).has_value());
        RC_ASSERT(bytes_of(venue) == bytes_of(straight));
        tip = next;
    }
}

RC_GTEST_PROP(VenueSnapshot, WhatIsLoadedIsTheSameAndGoesOnTheSame, ()) {
    static const ScriptedMarket kScript;
    ScriptedMarket market = kScript;
    AaveV3Venue venue{deep_undo()};
    RC_ASSERT(market.bootstrap(venue).has_value());
    Head tip = head(kBootBlock);
    for (std::uint64_t left = pick(0, 4); left > 0; --left) {
        tip = forked(tip.number.value + 1, 0, tip);
        RC_ASSERT(venue.apply(tip, random_logs()).has_value());
    }
    const Bytes saved = bytes_of(venue);
    AaveV3Venue loaded{deep_undo()};
    SnapshotReader in{saved};
    RC_ASSERT(loaded.load(in, tip).has_value());
    RC_ASSERT(in.finish("test").has_value());
    RC_ASSERT(bytes_of(loaded) == saved);
    RC_ASSERT(loaded.watch().addresses == venue.watch().addresses);
    for (std::uint64_t left = pick(0, 3); left > 0; --left) {
        tip = forked(tip.number.value + 1, 0, tip);
        const std::vector<Log> logs = random_logs();
        PriceVector mine = venue.prices();
        PriceVector others = loaded.prices();
        RC_ASSERT(venue.what_if(logs, mine) == loaded.what_if(logs, others));
        RC_ASSERT(mine == others);
        RC_ASSERT(venue.apply(tip, logs).has_value());
        RC_ASSERT(loaded.apply(tip, logs).has_value());
    }
    RC_ASSERT(bytes_of(loaded) == bytes_of(venue));
    std::vector<AccountId> all(venue.account_count());
    for (AccountId id = 0; id < all.size(); ++id)
        all[id] = id;
    std::vector<Wad> ours(all.size());
    std::vector<Wad> theirs(all.size());
    venue.health(all, venue.prices(), tip.timestamp.next(12), ours);
    loaded.health(all, loaded.prices(), tip.timestamp.next(12), theirs);
    RC_ASSERT(ours == theirs);
}

/// Bytes that no venue wrote: they are refused or make a market, and take no more than they are.
RC_GTEST_PROP(VenueSnapshot, HostileBytesAreRefusedWithinBounds, ()) {
    static const Bytes kGood = [] {
        ScriptedMarket market;
        AaveV3Venue venue{deep_undo()};
        if (!market.bootstrap(venue)) throw std::logic_error{"no bootstrap"};
        return bytes_of(venue);
    }();
    Bytes changed = kGood;
    for (std::uint64_t times = pick(1, 4); times > 0; --times)
        changed[pick(0, changed.size())] = *rc::gen::arbitrary<std::uint8_t>();
    if (pick(0, 4) == 0) changed.resize(pick(0, changed.size()));
    AaveV3Venue venue{deep_undo()};
    SnapshotReader in{changed};
    const auto loaded = venue.load(in, head(kBootBlock));
    RC_ASSERT(venue.in_step() == loaded.has_value());
    if (loaded) RC_ASSERT(bytes_of(venue).size() <= changed.size());
}

TEST(VenueSnapshotOf, AnotherPoolIsRefused) {
    ScriptedMarket market;
    AaveV3Venue venue{ScriptedMarket::params()};
    ASSERT_TRUE(market.bootstrap(venue));
    const Bytes saved = bytes_of(venue);
    AaveV3Params other = ScriptedMarket::params();
    other.pool = at(0xBAD);
    AaveV3Venue another{other};
    SnapshotReader in{saved};
    const auto loaded = another.load(in, head(kBootBlock));
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, Errc::config_invalid);
    EXPECT_FALSE(another.in_step());
}

TEST(VenueAudit, ExpectsThePoolsTermsOfEachAccountAndTheOraclesPrices) {
    ScriptedMarket market;
    AaveV3Venue venue{ScriptedMarket::params()};
    ASSERT_TRUE(market.bootstrap(venue));
    const AccountId one = *venue.book().find(at(1));
    std::vector<Expectation> told;
    venue.expectations({&one, 1}, told);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front().call.to, kPool);
    EXPECT_EQ(told.front().version, venue.account_version(one));
    // 10 ether at 2000 USD with 83 % against 15,000 dollars; places as getUserAccountData has them.
    ASSERT_EQ(told.front().words.size(), 4U);
    const std::array<U256, 4> expected{U256{20'000} * pow10(8), U256{15'000} * pow10(8), U256{8'300},
                                       U256{16'600} * pow10(18) / U256{15'000} + U256{1}};
    const std::array<std::size_t, 4> places{0, 1, 3, 5};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(told.front().words[i].place, places.at(i));
        EXPECT_EQ(told.front().words[i].value, expected.at(i)) << told.front().words[i].term;
    }
    std::vector<Premise> premises;
    venue.premises(premises);
    ASSERT_EQ(premises.size(), 3U);
    EXPECT_EQ(premises[kEther].call.to, kOracle);
    EXPECT_EQ(premises[kEther].value, U256{200'000'000'000});
    // Unknown, quarantined, or of an asset whose price is still being read: nothing can be expected.
    const auto none = [&](AccountId account) {
        told.clear();
        venue.expectations({&account, 1}, told);
        return told.empty();
    };
    const AccountId two = *venue.book().find(at(2));
    EXPECT_TRUE(none(77));
    EXPECT_FALSE(none(two));
    ASSERT_TRUE(venue.apply(head(kBootBlock + 1),
                            std::vector<Log>{event(supply_token(kDollar), topics::kBurn,
                                                   {at(1).to_word(), Hash32{}}, {U256{9}, U256{}, kRay})}));
    EXPECT_TRUE(none(one));  // it gave away what it did not have
    EXPECT_TRUE(none(two));  // holds staked ether, which is polled
}

TEST(VenueUndo, ForgetsTheOldestBlocksWhenAskedTo) {
    ScriptedMarket market;
    AaveV3Venue venue{deep_undo()};
    ASSERT_TRUE(market.bootstrap(venue));
    const auto mint = event(supply_token(kEther), topics::kMint, {at(5).to_word(), at(5).to_word()},
                            {U256{1'000}, U256{0}, kRay});
    ASSERT_TRUE(venue.apply(head(kBootBlock + 1), std::vector<Log>{mint}));
    const std::size_t one = venue.undo_bytes();
    ASSERT_TRUE(venue.apply(head(kBootBlock + 2), std::vector<Log>{mint}));
    EXPECT_GT(venue.undo_bytes(), one);
    venue.drop_oldest_undo();
    venue.undo(head(kBootBlock + 2).hash);
    EXPECT_TRUE(venue.in_step());
    venue.undo(head(kBootBlock + 1).hash);
    EXPECT_FALSE(venue.in_step());
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
