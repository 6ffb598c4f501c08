// SPDX-License-Identifier: Apache-2.0
// What the book keeps its accounts and balances in, against the standard library's maps.
#include "strategy/book/account_table.hpp"
#include "strategy/book/holding_store.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>
#include <vector>

namespace plimsoll::strategy {
namespace {

Address random_address(std::mt19937_64& random) {
    Address out;
    for (auto& byte : out.bytes)
        byte = static_cast<std::uint8_t>(random());
    return out;
}

TEST(AccountTable, FindsWhatWasAddedAndNothingThatWasTakenOut) {
    std::mt19937_64 random{1};
    AccountTable table;
    std::vector<Address> there;
    std::vector<Address> gone;
    for (int step = 0; step < 40'000; ++step) {
        // More come than go, in waves: the tables grow, and holes are closed in full ones.
        const bool add = there.empty() || random() % 16 < (step / 4'000 % 2 == 0 ? 12U : 6U);
        if (add) {
            there.push_back(random_address(random));
            ASSERT_EQ(table.add(there.back()), there.size() - 1);
        } else {
            gone.push_back(there.back());
            there.pop_back();
            table.remove_last();
        }
        ASSERT_EQ(table.size(), there.size());
    }
    for (std::size_t i = 0; i < there.size(); ++i) {
        ASSERT_EQ(table.find(there[i]), std::optional{static_cast<AccountId>(i)});
        ASSERT_EQ(table.address(static_cast<AccountId>(i)), there[i]);
    }
    for (const Address& address : gone)
        ASSERT_EQ(table.find(address), std::nullopt);
    table.clear();
    EXPECT_EQ(table.size(), 0U);
    EXPECT_EQ(table.find(there.front()), std::nullopt);
}

TEST(AccountTable, AddressesThatFallIntoOnePlaceAreAllFound) {
    AccountTable table;
    std::mt19937_64 random{2};
    std::vector<Address> alike;
    const std::size_t code = std::hash<Address>{}(random_address(random)) % 256;
    while (alike.size() < 500) {
        const Address next = random_address(random);
        if (std::hash<Address>{}(next) % 256 == code) alike.push_back(next);
    }
    for (const Address& address : alike)
        table.add(address);
    for (std::size_t left = alike.size(); left > 0; --left) {
        for (std::size_t i = 0; i < alike.size(); i += 7)
            ASSERT_EQ(table.find(alike[i]).has_value(), i < left) << i << " of " << left;
        table.remove_last();
    }
}

TEST(HoldingStore, IsAMapOfBalancesForEachRun) {
    constexpr std::size_t kRuns = 60;
    std::mt19937_64 random{3};
    HoldingStore store;
    std::vector<HoldingStore::Run> runs(kRuns);
    std::vector<std::map<std::uint8_t, u128>> truth(kRuns);
    for (int step = 0; step < 60'000; ++step) {
        const std::size_t at = random() % kRuns;
        // Some accounts hold a few reserves, some nearly all there are.
        const auto key = static_cast<std::uint8_t>(random() % (at % 5 == 0 ? 256 : 2 + at % 20));
        const u128 amount = random() % 3 == 0 ? u128{0} : (u128{random()} << 64U | random());
        store.set(runs[at], key, amount);
        if (amount == 0) {
            truth[at].erase(key);
        } else {
            truth[at][key] = amount;
        }
        ASSERT_EQ(runs[at].size, truth[at].size());
        std::size_t i = 0;
        for (const auto& [wanted, value] : truth[at]) {
            ASSERT_EQ(store.key(runs[at], i), wanted);
            ASSERT_TRUE(store.amount(runs[at], i) == value);
            ++i;
        }
    }
    std::size_t balances = 0;
    for (std::size_t at = 0; at < kRuns; ++at) {
        std::size_t i = 0;
        for (const auto& [wanted, value] : truth[at]) {
            ASSERT_TRUE(store.key(runs[at], i) == wanted && store.amount(runs[at], i) == value)
                << "another run's write moved it";
            ++i;
        }
        balances += i;
    }
    ASSERT_GT(balances, 1'000U);
}

TEST(HoldingStore, PlacesThatWereLeftAreUsedAgain) {
    HoldingStore store;
    std::vector<HoldingStore::Run> runs(1'000);
    const auto fill = [&] {
        for (std::uint8_t key = 0; key < 12; ++key) {
            for (HoldingStore::Run& run : runs)
                store.set(run, key, 1);
        }
    };
    const auto empty = [&] {
        for (std::uint8_t key = 0; key < 12; ++key) {
            for (HoldingStore::Run& run : runs)
                store.set(run, key, 0);
        }
    };
    fill();
    empty();
    const std::size_t before = store.bytes();
    for (int round = 0; round < 20; ++round) {
        fill();
        empty();
    }
    EXPECT_LT(store.bytes(), before * 3 / 2);
}

}  // namespace
}  // namespace plimsoll::strategy
