// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/widest_pairs.hpp"

#include "strategy/book/book_writer.hpp"
#include "strategy/venues/aave_v3/liquidation.hpp"
#include "strategy/venues/aave_v3/math.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <utility>
#include <vector>

namespace plimsoll::strategy::aave_v3 {
namespace {

constexpr std::size_t kAssets = 5;
constexpr AccountId kBorrowers = 600;
constexpr Timestamp kMoment{2'000'000'000};

/// Borrowers of all sizes with random holdings, some of them in a category, one asset without a price.
class BorrowersTest : public testing::TestWithParam<std::size_t> {
  protected:
    void SetUp() override {
        book_.reset(kAssets);
        BookWriter writer = BookWriter::baseline(book_);
        for (ReserveId id = 0; id < kAssets; ++id) {
            ReserveState state;
            state.supply_index = kRay.low128() + random_() % 1'000'000'000'000'000;
            state.debt_index = kRay.low128() + random_() % 9'000'000'000'000'000;
            state.updated = kMoment;
            state.decimals = id % 2 == 0 ? 18 : 6;
            state.threshold = BasisPoints{7'500 + 200U * id};
            state.bonus = BasisPoints{10'500};
            state.protocol_fee = BasisPoints{1'000U * (id % 3U)};
            state.active = true;
            writer.set_reserve(id, state);
            prices_.push_back(Usd{id == 4 ? U256{} : U256{(1 + 700U * id) * 100'000'000ULL}});
        }
        writer.set_category_state(1, {BasisPoints{9'300}, BasisPoints{10'100}, u128{0b00011}});
        for (AccountId i = 0; i < kBorrowers; ++i)
            add(writer, i);
    }

    [[nodiscard]] Valuation valuation() {
        return {rules_, book_, view_.at(rules_, book_, kMoment), prices_, kMoment};
    }
    using Widest = std::map<std::pair<ReserveId, ReserveId>, U256>;
    /// Everybody's every liquidation in exact integers.
    [[nodiscard]] Widest by_trying(const Valuation& at, const Wad& below) {
        Widest out;
        for (AccountId account = 0; account < book_.size(); ++account) {
            AccountData data = account_data(at, account);
            if (!data.valued || data.health_factor >= below) continue;
            data.health_factor = Wad{};
            for (ReserveId c = 0; c < kAssets; ++c) {
                for (ReserveId d = 0; d < kAssets; ++d) {
                    const auto what = liquidate(at, {account, c, d, U256::max()}, data);
                    if (what) out[{c, d}] = std::max(out[{c, d}], what->seized.raw());
                }
            }
        }
        return out;
    }

  private:
    void add(BookWriter& writer, AccountId number) {
        Address address;
        address.bytes[0] = static_cast<std::uint8_t>(number);
        address.bytes[1] = static_cast<std::uint8_t>(number >> 8U);
        const AccountId account = writer.account(address);
        const u128 worth = u128{1} << (5U + random_() % 40U);  // whole dollars and less
        for (ReserveId id = 0; id < kAssets; ++id) {
            const u128 some = worth * (id % 2 == 0 ? 1'000'000'000ULL : 1U) * (1 + random_() % 1'000'000);
            const bool supplies = random_() % 2 == 0;
            const bool owes = random_() % 3 == 0;
            writer.set_position(account, id, {supplies ? some : u128{0}, owes ? some / 2 : u128{0}});
            writer.set_collateral(account, id, random_() % 5 != 0);
        }
        writer.set_category(account, static_cast<std::uint8_t>(random_() % 2));
    }

    std::mt19937_64 random_{GetParam()};
    const Rules& rules_ = all_rules()[GetParam()];
    Book book_{1};
    PriceVector prices_;
    MarketView view_;
};

TEST_P(BorrowersTest, ThePairsAreThoseThatTryingEverythingFinds) {
    const Valuation at = valuation();
    const Wad below{U256{1'500'000'000'000'000'000}};
    const Wad hardly_above{U256{1'503'000'000'000'000'000}};
    std::vector<Exposure> found;
    for (AccountId first = 0; first < kBorrowers; first += 150) {  // in parts, as the engine asks
        WidestPairs pairs{at, below, found};
        for (AccountId account = first; account < first + 150; ++account)
            pairs.take(account);
        pairs.tell(found);
    }
    const Widest least = by_trying(at, below);
    const Widest most = by_trying(at, hardly_above);
    ASSERT_GT(least.size(), 8U);
    Widest told;
    for (const Exposure& pair : found)
        told[{pair.collateral, pair.debt}] = pair.largest.raw();
    EXPECT_EQ(told.size(), found.size()) << "a pair is told once";
    constexpr double kAlike = 1e-9;  // who of two alike is the larger floating point may not tell
    for (const auto& [pair, amount] : least)
        EXPECT_GE(told[pair].to_double(), amount.to_double() * (1 - kAlike)) << pair.first << pair.second;
    for (const auto& [pair, amount] : told) {
        ASSERT_TRUE(most.contains(pair));
        EXPECT_LE(amount.to_double(), most.at(pair).to_double() * (1 + kAlike));
    }
}

INSTANTIATE_TEST_SUITE_P(EveryRevision, BorrowersTest, testing::Range(std::size_t{0}, all_rules().size()));

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
