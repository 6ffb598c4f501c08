// SPDX-License-Identifier: Apache-2.0
#include "signer/nonce.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace plimsoll::signer {
namespace {

TEST(NonceLedger, GivesConsecutiveNonces) {
    NonceLedger ledger;
    ledger.start(Nonce{5});
    EXPECT_EQ(ledger.take(), Nonce{5});
    EXPECT_EQ(ledger.take(), Nonce{6});
    EXPECT_EQ(ledger.next(), Nonce{7});
    EXPECT_TRUE(ledger.gaps().empty());
}

TEST(NonceLedger, AReturnedNonceAtTheTopIsTheNextOneAgain) {
    NonceLedger ledger;
    ledger.start(Nonce{5});
    const Nonce first = ledger.take();
    const Nonce second = ledger.take();
    ledger.give_back(first);
    EXPECT_EQ(ledger.gaps(), std::vector<Nonce>{first});
    ledger.give_back(second);
    EXPECT_TRUE(ledger.gaps().empty());
    EXPECT_EQ(ledger.next(), Nonce{5});
}

TEST(NonceLedger, AReturnedNonceBelowOthersIsAGapAndGoesFirst) {
    NonceLedger ledger;
    ledger.start(Nonce{0});
    static_cast<void>(ledger.take());
    static_cast<void>(ledger.take());
    ledger.give_back(Nonce{0});
    EXPECT_EQ(ledger.gaps(), std::vector<Nonce>{Nonce{0}});
    EXPECT_EQ(ledger.take(), Nonce{0});
    EXPECT_TRUE(ledger.gaps().empty());
}

TEST(NonceLedger, WhatAnEarlierRunLeftOutIsAGap) {
    NonceLedger ledger;
    ledger.start(Nonce{10});
    ledger.occupy(Nonce{12});
    ledger.occupy(Nonce{13});
    EXPECT_EQ(ledger.gaps(), (std::vector<Nonce>{Nonce{10}, Nonce{11}}));
    EXPECT_EQ(ledger.next(), Nonce{14});
    ledger.occupy(Nonce{8});  // the chain is past it already
    EXPECT_EQ(ledger.lowest_in_use(), Nonce{8});
    EXPECT_EQ(ledger.gaps().size(), 2U);
}

RC_GTEST_PROP(NonceLedger, NeverGivesANonceTwiceWhileItIsInUse, (const std::vector<std::uint8_t>& steps)) {
    NonceLedger ledger;
    ledger.start(Nonce{100});
    std::set<Nonce> used;
    for (const std::uint8_t step : steps) {
        if (step % 3 != 0 || used.empty()) {
            RC_ASSERT(used.insert(ledger.take()).second);
        } else {
            const auto place = std::next(used.begin(), step % static_cast<std::ptrdiff_t>(used.size()));
            ledger.give_back(*place);
            used.erase(place);
        }
        RC_ASSERT(ledger.in_use() == used.size());
        for (const Nonce gap : ledger.gaps()) {
            RC_ASSERT(!used.contains(gap));
            RC_ASSERT(gap < *used.rbegin());  // something above waits for it
        }
        for (const Nonce nonce : used)
            RC_ASSERT(nonce < ledger.next());
    }
}

}  // namespace
}  // namespace plimsoll::signer
