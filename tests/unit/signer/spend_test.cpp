// SPDX-License-Identifier: Apache-2.0
#include "signer/spend.hpp"

#include "signer/fee.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <vector>

namespace plimsoll::signer {
namespace {

constexpr std::uint64_t kStart = 1'700'000'000;

Wei amount(std::uint64_t value) {
    return Wei{value};
}

SpendLimits hourly(std::uint64_t most) {
    SpendLimits out;
    out.per_hour = amount(most);
    return out;
}

SpendLedger ledger(const SpendLimits& limits) {
    SpendLedger out{limits};
    out.at(Timestamp{kStart});
    return out;
}

bool fits(const SpendLedger& spends, std::uint64_t nonce, std::uint64_t ceiling,
          Purpose purpose = Purpose::execute) {
    return !spends.refuses(purpose, Nonce{nonce}, amount(ceiling));
}

TEST(SpendLedger, WithoutLimitsEverythingFits) {
    SpendLedger spends = ledger({});
    spends.charge(Nonce{1}, 1, Wei{U256::max()});
    spends.charge(Nonce{2}, 2, Wei{U256::max()});
    EXPECT_FALSE(spends.refuses(Purpose::execute, Nonce{3}, Wei{U256::max()}));
    EXPECT_EQ(spends.room(), Wei{U256::max()});
    EXPECT_EQ(spends.spent(SpendLedger::kHour), Wei{U256::max()}) << "sums do not overflow";
}

TEST(SpendLedger, CountsWhatMayLandOncePerNonce) {
    SpendLedger spends = ledger(hourly(100));
    spends.charge(Nonce{1}, 1, amount(40));
    spends.charge(Nonce{1}, 2, amount(50));  // a replacement: one of the two lands
    EXPECT_EQ(spends.spent(SpendLedger::kHour), amount(50));
    EXPECT_TRUE(fits(spends, 2, 50));
    EXPECT_FALSE(fits(spends, 2, 51));
    EXPECT_TRUE(fits(spends, 1, 100)) << "a further replacement takes only what it adds";
    EXPECT_FALSE(fits(spends, 1, 101));
    const auto refused = spends.refuses(Purpose::execute, Nonce{2}, amount(51));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->window, SpendWindow::hour);
    EXPECT_EQ(refused->text, "51 wei is more than the 50 wei left of the budget of an hour");
}

TEST(SpendLedger, WhatItReallyCostTakesTheCeilingsPlace) {
    SpendLedger spends = ledger(hourly(100));
    spends.charge(Nonce{1}, 1, amount(90));
    spends.settle(Nonce{1}, amount(30));
    EXPECT_EQ(spends.room(), amount(70));
    spends.charge(Nonce{2}, 2, amount(60));
    spends.settle(Nonce{2}, amount(0));  // none of ours landed
    EXPECT_EQ(spends.room(), amount(70));
}

TEST(SpendLedger, WhatNeverLeftCostsNothing) {
    SpendLedger spends = ledger(hourly(100));
    spends.charge(Nonce{1}, 1, amount(90));
    spends.charge(Nonce{1}, 2, amount(95));
    spends.release(2);
    EXPECT_EQ(spends.room(), amount(10));
    spends.release(1);
    EXPECT_EQ(spends.room(), amount(100));
    spends.release(9);
    spends.settle(Nonce{7}, amount(5));
    EXPECT_EQ(spends.room(), amount(100)) << "nothing is known of nonce 7";
}

TEST(SpendLedger, SpentMoneyComesBackWithTimeAndOpenMoneyDoesNot) {
    SpendLimits limits = hourly(100);
    limits.per_day = amount(150);
    SpendLedger spends = ledger(limits);
    spends.charge(Nonce{1}, 1, amount(80));
    spends.settle(Nonce{1}, amount(80));
    EXPECT_FALSE(fits(spends, 2, 21));
    spends.at(Timestamp{kStart + 3'599});
    EXPECT_FALSE(fits(spends, 2, 21));
    spends.at(Timestamp{kStart + 3'600});
    EXPECT_TRUE(fits(spends, 2, 70));
    EXPECT_FALSE(fits(spends, 2, 71)) << "the day remembers";
    spends.charge(Nonce{2}, 2, amount(70));
    spends.at(Timestamp{kStart + 86'400});
    EXPECT_TRUE(fits(spends, 3, 30));
    EXPECT_FALSE(fits(spends, 3, 31)) << "what is under way since long may still land";
    spends.at(Timestamp{kStart});
    EXPECT_TRUE(fits(spends, 3, 30)) << "time does not go back";
}

TEST(SpendLedger, CancellationsHaveSomethingLeft) {
    SpendLimits limits = hourly(100);
    limits.cancel_reserve = amount(10);
    SpendLedger spends = ledger(limits);
    EXPECT_FALSE(fits(spends, 1, 91));
    EXPECT_TRUE(fits(spends, 1, 90));
    spends.charge(Nonce{1}, 1, amount(90));
    EXPECT_FALSE(fits(spends, 2, 1));
    EXPECT_TRUE(fits(spends, 2, 10, Purpose::cancel));
    EXPECT_FALSE(fits(spends, 2, 11, Purpose::cancel)) << "the budget holds for them too";
    EXPECT_TRUE(fits(spends, 1, 90, Purpose::cancel)) << "in place of what may land anyway";
}

TEST(SpendLedger, TheBalanceCoversAllThatIsUnderWayAndTheFloor) {
    SpendLimits limits;
    limits.min_balance = amount(50);
    SpendLedger spends = ledger(limits);
    EXPECT_TRUE(fits(spends, 1, 1'000)) << "no balance was read yet";
    EXPECT_EQ(spends.narrowest(), std::nullopt);
    spends.balance(amount(150));
    EXPECT_EQ(spends.room(), amount(100));
    EXPECT_EQ(spends.narrowest(), SpendWindow::balance);
    spends.charge(Nonce{1}, 1, amount(60));
    EXPECT_TRUE(fits(spends, 2, 40));
    EXPECT_FALSE(fits(spends, 2, 41));
    EXPECT_TRUE(fits(spends, 2, 41, Purpose::cancel)) << "that is what the floor is for";
    spends.balance(amount(20));
    EXPECT_EQ(spends.room(), amount(0));
}

TEST(SpendLedger, RestoredSpendingCounts) {
    SpendLimits limits = hourly(100);
    limits.per_day = amount(200);
    JournalState state;
    state.spends = {{Nonce{1}, amount(90), amount(30), Timestamp{kStart - 60}},
                    {Nonce{2}, amount(20), std::nullopt, Timestamp{kStart - 90'000}},
                    {Nonce{3}, amount(90), amount(25), Timestamp{kStart - 7'200}},
                    {Nonce{4}, amount(9), std::nullopt, Timestamp{kStart - 60}}};
    for (const AttemptId id : {5U, 6U}) {
        AttemptRow row;
        row.id = id;
        row.nonce = Nonce{2};
        row.ceiling = amount(12 + id);
        state.open.push_back(row);
    }
    SpendLedger spends{limits};
    spends.restore(state);
    spends.at(Timestamp{kStart});
    EXPECT_EQ(spends.spent(SpendLedger::kHour), amount(30 + 18 + 9))
        << "what told no cost may have taken all";
    EXPECT_EQ(spends.spent(SpendLedger::kDay), amount(30 + 18 + 9 + 25));
    spends.charge(Nonce{2}, 7, amount(22));  // bumped by this run
    EXPECT_EQ(spends.spent(SpendLedger::kHour), amount(30 + 22 + 9));
    EXPECT_EQ(spends.open(), amount(22)) << "nonce 4 is final";
}

UpdateAttempt update(AttemptId id, AttemptStatus status, std::optional<Wei> cost = {}) {
    UpdateAttempt out;
    out.id = id;
    out.status = status;
    out.cost = cost;
    return out;
}

TEST(SpendLedger, FollowsWhatTheJournalIsTold) {
    for (const bool landed_first : {true, false}) {
        SpendLedger spends = ledger(hourly(1'000));
        EXPECT_FALSE(spends.admit(Purpose::execute, Nonce{1}, 1, amount(100)));
        EXPECT_FALSE(spends.admit(Purpose::execute, Nonce{1}, 2, amount(120)));
        EXPECT_TRUE(spends.admit(Purpose::execute, Nonce{2}, 3, amount(900)));
        EXPECT_EQ(spends.open(), amount(120)) << "what is refused is not charged";
        spends.note(update(1, AttemptStatus::mined));
        EXPECT_EQ(spends.open(), amount(120));
        if (landed_first) spends.note(update(1, AttemptStatus::confirmed, amount(70)));
        spends.note(update(2, AttemptStatus::replaced));
        if (!landed_first) spends.note(update(1, AttemptStatus::confirmed, amount(70)));
        EXPECT_EQ(spends.open(), amount(0));
        EXPECT_EQ(spends.spent(SpendLedger::kHour), amount(70));
    }
}

TEST(SpendLedger, ALandingThatTellsNoCostKeepsItsCeilingAndForeignOnesCostNothing) {
    SpendLedger spends = ledger(hourly(1'000));
    spends.charge(Nonce{1}, 1, amount(100));
    spends.note(update(1, AttemptStatus::reverted));
    EXPECT_EQ(spends.spent(SpendLedger::kHour), amount(100));
    EXPECT_EQ(spends.open(), amount(0));
    spends.charge(Nonce{2}, 2, amount(100));
    spends.charge(Nonce{2}, 3, amount(110));
    spends.note(update(2, AttemptStatus::replaced));
    spends.note(update(3, AttemptStatus::replaced));
    spends.charge(Nonce{3}, 4, amount(50));
    spends.note(update(4, AttemptStatus::dropped));
    spends.note(update(99, AttemptStatus::confirmed, amount(500)));
    EXPECT_EQ(spends.spent(SpendLedger::kHour), amount(100));
}

TEST(SpendLedger, WhatAnEarlierRunMadeIsNotGivenBackByARefusal) {
    JournalState state;
    state.next_attempt = 8;
    AttemptRow row;
    row.id = 7;
    row.nonce = Nonce{2};
    row.ceiling = amount(40);
    state.open.push_back(row);
    SpendLedger spends = ledger(hourly(100));
    spends.restore(state);
    EXPECT_FALSE(spends.admit(Purpose::execute, Nonce{2}, 7, amount(40))) << "its bytes are made once more";
    spends.release(7);  // the key is gone: perhaps the earlier run sent it all the same
    EXPECT_EQ(spends.open(), amount(40));
    EXPECT_FALSE(spends.admit(Purpose::execute, Nonce{3}, 8, amount(50)));
    spends.release(8);
    EXPECT_EQ(spends.open(), amount(40));
    spends.note(update(7, AttemptStatus::replaced));
    EXPECT_EQ(spends.open(), amount(0));
}

TEST(Catalogue, s78_a_bidding_war_ends_at_the_budget) {
    const FeePolicy policy{FeeLimits{to_wei(Gwei{1}), to_wei(Gwei{100'000}), {}}};
    Head head;
    head.base_fee = to_wei(Gwei{10});
    head.gas_limit = Gas{30'000'000};
    head.gas_used = Gas{15'000'000};
    SpendLimits limits;
    limits.per_hour = Wei{pow10(17)};  // 0.1 ether
    SpendLedger spends = ledger(limits);
    std::map<std::uint64_t, fees::FeeQuote> offers;
    Wei highest;
    for (std::uint64_t attempt = 1; attempt <= 400; ++attempt) {
        const std::uint64_t nonce = attempt % 4;  // four nonces, each outbid again and again
        const auto known = offers.find(nonce);
        const auto offer = known == offers.end() ? policy.price(head) : policy.replace(known->second, head);
        ASSERT_TRUE(offer);
        const Wei ceiling = cost(Gas{700'000}, offer->max_fee_per_gas);
        if (spends.admit(Purpose::execute, Nonce{nonce}, attempt, ceiling)) continue;
        offers.insert_or_assign(nonce, *offer);
        highest = std::max(highest, offer->max_fee_per_gas);
    }
    Wei all;
    for (const auto& [nonce, offer] : offers)
        all += cost(Gas{700'000}, offer.max_fee_per_gas);
    EXPECT_LE(all, *limits.per_hour);
    EXPECT_EQ(all, spends.open());
    EXPECT_GT(highest, to_wei(Gwei{30})) << "there was a war";
}

/// However charges, replacements, landings and time follow each other: what was approved never costs more
/// than the budget within any hour, whatever of it lands.
RC_GTEST_PROP(SpendLedger, NoHourCostsMoreThanItsBudget, ()) {
    constexpr std::uint64_t kBudget = 1'000;
    SpendLedger spends = ledger(hourly(kBudget));
    std::uint64_t now = kStart;
    std::map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> open;  // nonce: ceiling, since
    std::vector<std::pair<std::uint64_t, std::uint64_t>> landed;            // cost, since
    std::uint64_t next = 0;
    for (int step = 0; step < 200; ++step) {
        const auto what = *rc::gen::inRange(0, 4);
        if (what == 0) {
            now += *rc::gen::inRange<std::uint64_t>(0, 900);
            spends.at(Timestamp{now});
        } else if (what == 3 && !open.empty()) {
            const auto one = open.begin();
            const auto cost = *rc::gen::inRange<std::uint64_t>(0, one->second.first + 1);
            spends.settle(Nonce{one->first}, amount(cost));
            landed.emplace_back(cost, one->second.second);
            open.erase(one);
        } else {
            const bool bump = what == 2 && !open.empty();
            const std::uint64_t nonce = bump ? open.rbegin()->first : next;
            const auto ceiling = *rc::gen::inRange<std::uint64_t>(1, 400);
            if (!fits(spends, nonce, ceiling)) continue;
            spends.charge(Nonce{nonce}, static_cast<AttemptId>(step + 1), amount(ceiling));
            auto& entry = open.try_emplace(nonce, 0, now).first->second;
            entry.first = std::max(entry.first, ceiling);
            if (!bump) ++next;
        }
        std::uint64_t worst = 0;
        for (const auto& [nonce, entry] : open)
            worst += entry.first;
        for (const auto& [cost, since] : landed)
            worst += since + 3'600 > now ? cost : 0;
        RC_ASSERT(worst <= kBudget);
    }
}

}  // namespace
}  // namespace plimsoll::signer
