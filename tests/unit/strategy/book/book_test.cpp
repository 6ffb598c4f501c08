// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/book.hpp"

#include "strategy/book/book_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plimsoll::strategy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Address who(std::uint8_t number) {
    Address out;
    out.bytes[19] = number;
    return out;
}

Hash32 block(std::uint8_t number) {
    Hash32 out;
    out.bytes[31] = number;
    return out;
}

std::vector<ReserveId> reserves_of(const Book& book, AccountId account) {
    std::vector<ReserveId> out;
    for (const Book::Holding holding : book.holdings(account))
        out.push_back(holding.reserve);
    return out;
}

class BookTest : public testing::Test {
  protected:
    BookTest() { book_.reset(8); }
    Book book_{16};
};

TEST(ReserveSet, IsGoneThroughByRisingNumberAsFarAsAsked) {
    const ReserveSet set = only(0) | only(5) | only(63) | only(64) | only(127);
    std::vector<ReserveId> seen;
    EXPECT_TRUE(all_of(set, [&](ReserveId one) { return seen.push_back(one), true; }));
    EXPECT_EQ(seen, (std::vector<ReserveId>{0, 5, 63, 64, 127}));
    seen.clear();
    EXPECT_FALSE(all_of(set, [&](ReserveId one) { return seen.push_back(one), one < 64; }));
    EXPECT_EQ(seen, (std::vector<ReserveId>{0, 5, 63, 64}));
    EXPECT_EQ(first_reserves(3), only(0) | only(1) | only(2));
    EXPECT_EQ(first_reserves(kMaxReserves), ~ReserveSet{0});
}

TEST_F(BookTest, AnAddressIsOneAccount) {
    BookWriter writer{book_, block(1)};
    const AccountId first = writer.account(who(1));
    const AccountId second = writer.account(who(2));
    EXPECT_NE(first, second);
    EXPECT_EQ(writer.account(who(1)), first);
    EXPECT_EQ(book_.find(who(2)), second);
    EXPECT_EQ(book_.find(who(3)), std::nullopt);
    EXPECT_EQ(book_.address(second), who(2));
}

TEST_F(BookTest, PositionsAreSparseAndOrderedByReserve) {
    BookWriter writer{book_, block(1)};
    const AccountId account = writer.account(who(1));
    writer.set_position(account, 5, {50, 0});
    writer.set_position(account, 1, {0, 10});
    writer.set_position(account, 3, {30, 31});
    EXPECT_THAT(reserves_of(book_, account), ElementsAre(1, 3, 5));
    EXPECT_EQ(book_.position(account, 3), (Position{30, 31}));
    EXPECT_EQ(book_.position(account, 4), Position{});
    EXPECT_EQ(book_.debts(account), only(1) | only(3));
    writer.set_position(account, 3, {});
    EXPECT_THAT(reserves_of(book_, account), ElementsAre(1, 5));
}

TEST_F(BookTest, SupplyAndDebtOfOneReserveComeAndGoByThemselves) {
    BookWriter writer{book_, block(1)};
    const AccountId account = writer.account(who(1));
    writer.set_position(account, 127, {0, 7});
    writer.set_position(account, 0, {5, 6});
    writer.set_position(account, 126, {1, 0});
    EXPECT_THAT(reserves_of(book_, account), ElementsAre(0, 126, 127));
    EXPECT_EQ(book_.position(account, 0), (Position{5, 6}));
    EXPECT_EQ(book_.position(account, 126), (Position{1, 0})) << "not with the debt of the next reserve";
    writer.set_position(account, 0, {0, 6});
    EXPECT_EQ(book_.position(account, 0), (Position{0, 6}));
    EXPECT_EQ(book_.debts(account), only(0) | only(127));
}

TEST_F(BookTest, BalancesAreThePositionsSideBySide) {
    BookWriter writer{book_, block(1)};
    const AccountId account = writer.account(who(1));
    EXPECT_EQ(book_.balances(account).begin(), book_.balances(account).end());
    writer.set_position(account, 5, {50, 0});
    writer.set_position(account, 1, {0, 10});
    writer.set_position(account, 3, {30, 31});
    std::vector<std::string> told;
    for (const Book::Balance balance : book_.balances(account))
        told.push_back(std::to_string(balance.reserve) + (balance.owed ? " owed " : " held ") +
                       std::to_string(static_cast<std::uint64_t>(balance.amount)));
    EXPECT_THAT(told, ElementsAre("1 owed 10", "3 held 30", "3 owed 31", "5 held 50"));
}

TEST_F(BookTest, TellsWhomItTouchedUntilThereAreTooMany) {
    BookWriter writer{book_, block(1)};
    const AccountId one = writer.account(who(1));
    std::vector<AccountId> touched;
    book_.take_touched(touched);
    EXPECT_THAT(touched, ElementsAre(one));
    book_.take_touched(touched);
    EXPECT_THAT(touched, IsEmpty());
    const std::uint64_t before = book_.terms_version();
    writer.set_category(one, 3);
    book_.take_touched(touched);
    EXPECT_THAT(touched, ElementsAre(one));
    for (std::uint8_t i = 0; i < 250; ++i) {
        for (ReserveId reserve = 0; reserve < 5; ++reserve)
            writer.set_position(writer.account(who(i)), reserve, {i + 1U, 1});
    }
    EXPECT_NE(book_.terms_version(), before);
}

TEST_F(BookTest, ANewThresholdIsNewTermsAndANewIndexIsNot) {
    BookWriter writer{book_, block(1)};
    const std::uint64_t before = book_.terms_version();
    ReserveState state = book_.reserve(1);
    state.supply_index = 77;
    writer.set_reserve(1, state);
    EXPECT_EQ(book_.terms_version(), before);
    state.threshold = BasisPoints{7'000};
    writer.set_reserve(1, state);
    const std::uint64_t changed = book_.terms_version();
    EXPECT_NE(changed, before);
    EXPECT_EQ(book_.undo(block(1)), Undo::done);
    EXPECT_NE(book_.terms_version(), changed);
}

TEST_F(BookTest, ItsVersionNeverRepeatsAcrossAnUndo) {
    {
        BookWriter writer{book_, block(1)};
        writer.set_position(writer.account(who(1)), 0, {7, 0});
    }
    const std::uint32_t before = book_.version(0);
    {
        BookWriter writer{book_, block(2)};
        writer.set_position(0, 0, {8, 0});
    }
    const std::uint32_t changed = book_.version(0);
    EXPECT_EQ(book_.undo(block(2)), Undo::done);
    EXPECT_NE(book_.version(0), changed);
    EXPECT_NE(changed, before);
    EXPECT_EQ(book_.position(0, 0), (Position{7, 0}));
}

TEST_F(BookTest, AWriteThatChangesNothingIsNone) {
    BookWriter writer{book_, block(1)};
    const AccountId account = writer.account(who(1));
    writer.set_collateral(account, 4, true);
    const std::uint32_t version = book_.version(account);
    writer.set_collateral(account, 4, true);
    writer.set_category(account, 0);
    writer.set_position(account, 1, {});
    EXPECT_EQ(book_.version(account), version);
}

TEST_F(BookTest, AnUndoneQuarantineIsNotCounted) {
    { BookWriter{book_, block(1)}.account(who(1)); }
    {
        BookWriter writer{book_, block(2)};
        writer.quarantine(0);
        writer.quarantine(0);
    }
    EXPECT_TRUE(book_.quarantined(0));
    EXPECT_EQ(book_.quarantined_count(), 1U);
    EXPECT_EQ(book_.undo(block(2)), Undo::done);
    EXPECT_FALSE(book_.quarantined(0));
    EXPECT_EQ(book_.quarantined_count(), 0U);
}

TEST_F(BookTest, ABaselineCannotBeUndone) {
    BookWriter writer = BookWriter::baseline(book_);
    writer.set_position(writer.account(who(1)), 0, {1, 2});
    EXPECT_EQ(book_.undo(block(1)), Undo::unknown);
    EXPECT_EQ(book_.position(0, 0), (Position{1, 2}));
}

TEST_F(BookTest, MarketWritesAndTheirUndoAreSeen) {
    const std::uint64_t before = book_.market_version();
    {
        BookWriter writer{book_, block(1)};
        ReserveState state;
        state.supply_index = 5;
        writer.set_reserve(3, state);
        writer.set_category_state(2, {BasisPoints{9500}, BasisPoints{10100}});
        writer.set_flash_premium(BasisPoints{9});
    }
    const std::uint64_t written = book_.market_version();
    EXPECT_NE(before, written);
    EXPECT_EQ(book_.reserve(3).supply_index, u128{5});
    EXPECT_EQ(book_.undo(block(1)), Undo::done);
    EXPECT_NE(book_.market_version(), written);
    EXPECT_EQ(book_.reserve(3), ReserveState{});
    EXPECT_EQ(book_.category_state(2), CategoryState{});
    EXPECT_EQ(book_.flash_premium(), BasisPoints{});
}

TEST_F(BookTest, AHundredThousandAccountsFitInTensOfMegabytes) {
    BookWriter writer = BookWriter::baseline(book_);
    Address address;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        for (std::size_t byte = 0; byte < 4; ++byte)
            address.bytes[byte] = static_cast<std::uint8_t>(i >> (8 * byte));
        const AccountId account = writer.account(address);
        for (ReserveId reserve = 0; reserve < 3; ++reserve)
            writer.set_position(account, reserve, {i + 1U, i});
    }
    EXPECT_EQ(book_.size(), 100'000U);
    EXPECT_EQ(book_.position(99'999, 2), (Position{100'000, 99'999}));
    EXPECT_LT(book_.bytes(), std::size_t{100'000 * (64 + 6 * 17)}) << "six balances an account";
}

}  // namespace
}  // namespace plimsoll::strategy
