// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/health.hpp"

#include "strategy/book/book_writer.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "tests/unit/chain/primitives/u256_oracle.hpp"

#include <gtest/gtest.h>

#include <random>

namespace plimsoll::strategy::aave_v3 {
namespace {

using plimsoll::testing::Big;
using plimsoll::testing::to_big;

constexpr std::size_t kReserves = 5;
constexpr std::uint64_t kNow = 2'000'000'000;
constexpr int kAccounts = PLIMSOLL_SANITIZED ? 2'000 : 20'000;

/// One account over a few reserves, of usual size or of any.
class RandomWorld {
  public:
    RandomWorld(std::mt19937_64& random, bool usual)
        : random_{random}, usual_{usual}, rules_{&all_rules()[below(all_rules().size())]} {
        book_.reset(kReserves);
        BookWriter writer = BookWriter::baseline(book_);
        writer.account({});
        for (ReserveId id = 0; id < kReserves; ++id) {
            writer.set_reserve(id, reserve());
            prices_.push_back(Usd{below(20) == 0 ? U256{} : price()});
            writer.set_position(0, id, {below(2) == 0 ? amount(id) : 0, below(3) == 0 ? amount(id) : 0});
            writer.set_collateral(0, id, below(4) != 0);
        }
        writer.set_category_state(1, {BasisPoints{9'500}, BasisPoints{10'100}, u128{below(32)}});
        writer.set_category(0, static_cast<std::uint8_t>(below(2)));
    }

    [[nodiscard]] const Book& book() const { return book_; }
    [[nodiscard]] const Rules& rules() const { return *rules_; }
    [[nodiscard]] const PriceVector& prices() const { return prices_; }
    [[nodiscard]] Valuation valuation(std::uint64_t* wide) {
        const Timestamp now{kNow};
        return {*rules_, book_, view_.at(*rules_, book_, now), prices_, now, true, wide};
    }

  private:
    std::uint64_t below(std::uint64_t end) { return random_() % end; }
    u128 bits(unsigned count) { return ((u128{random_()} << 64U) | random_()) >> (128 - count); }
    /// Usual: worth up to five million dollars.
    u128 amount(ReserveId id) {
        if (!usual_) return bits(1 + static_cast<unsigned>(below(128)));
        const U256 worth = U256::from_u128(bits(1 + static_cast<unsigned>(below(49))));
        const U256 price = prices_[id].is_zero() ? U256{1} : prices_[id].raw();
        return (worth * pow10(book_.reserve(id).decimals) / price).low128();
    }
    u128 index() {
        if (!usual_ && below(4) == 0) return bits(128);
        return kRay.low128() + bits(90);
    }
    u128 rate() { return usual_ ? bits(88) : bits(1 + static_cast<unsigned>(below(128))); }
    U256 price() {
        if (!usual_ && below(8) == 0) return U256::from_u128(bits(128)) << static_cast<unsigned>(below(128));
        return U256::from_u128(1 + bits(1 + static_cast<unsigned>(below(50))));
    }
    ReserveState reserve() {
        ReserveState out;
        out.decimals = std::array<std::uint8_t, 6>{0, 2, 6, 8, 18, 27}[below(usual_ ? 5 : 6)];
        out.supply_index = index();
        out.debt_index = index();
        out.supply_rate = rate();
        out.debt_rate = rate();
        out.updated = Timestamp{kNow - (below(3) == 0 ? 0 : below(100'000'000))};
        out.threshold = BasisPoints{std::array<std::uint64_t, 4>{0, 1, 7'800, 8'300}[below(4)]};
        return out;
    }

    std::mt19937_64& random_;
    bool usual_;
    const Rules* rules_;
    Book book_{1};
    PriceVector prices_;
    MarketView view_;
};

struct Sums {
    Big collateral;
    Big weighted;
    Big debt;
};

Big rounded(const Big& a, const Big& b, int direction) {
    if (direction == 0) return (a + b / 2) / b;
    return direction > 0 ? Big{(a + b - 1) / b} : Big{a / b};
}

/// The formula of the contracts in unbounded integers, from the indices at the moment.
Sums unbounded(const RandomWorld& world, const Valuation& at) {
    const bool directional = world.rules().first >= 9;   // 3.5
    const bool zero_counts = world.rules().first >= 10;  // 3.6
    const Book& book = world.book();
    Sums out;
    for (ReserveId id = 0; id < kReserves; ++id) {
        const Position position = book.position(0, id);
        const Big price = to_big(world.prices()[id].raw());
        const Big unit = boost::multiprecision::pow(Big{10}, book.reserve(id).decimals);
        const Big ray = to_big(kRay);
        const CategoryState& category = book.category_state(1);
        const bool inside = book.category(0) == 1 && contains(category.collateral, id);
        const Big threshold =
            (inside ? category : CategoryState{book.reserve(id).threshold, {}, 0}).threshold.value;
        const Big owed = rounded(to_big(U256::from_u128(position.debt)) * to_big(at.reserves[id].debt_index),
                                 ray, directional ? 1 : 0);
        out.debt += rounded(owed * price, unit, directional ? 1 : -1);
        if (!contains(book.collateral(0), id)) continue;
        if (!zero_counts && book.reserve(id).threshold.value == 0) continue;
        const Big held = rounded(to_big(U256::from_u128(position.supply)) * to_big(at.reserves[id].income),
                                 ray, directional ? -1 : 0);
        out.collateral += held * price / unit;
        out.weighted += held * price / unit * threshold;
    }
    return out;
}

Big factor(const RandomWorld& world, const Sums& sums, std::uint64_t threshold) {
    const Big wad = to_big(kWad);
    if (sums.debt == 0) return to_big(U256::max());
    if (world.rules().first >= 9) return rounded(sums.weighted * wad, sums.debt, 0) / 10'000;
    return rounded(rounded(sums.collateral * threshold, 10'000, 0) * wad, sums.debt, 0);
}

void expect_same(const AccountData& a, const AccountData& b) {
    ASSERT_EQ(a.valued, b.valued);
    ASSERT_EQ(a.collateral, b.collateral);
    ASSERT_EQ(a.debt, b.debt);
    ASSERT_EQ(a.threshold, b.threshold);
    ASSERT_EQ(a.health_factor, b.health_factor);
}

void expect_account(RandomWorld& world, std::uint64_t& wide) {
    const Valuation at = world.valuation(&wide);
    const AccountData data = account_data(at, 0);
    expect_same(data, account_data_wide(at, 0));
    if (!data.valued) return;
    const Sums sums = unbounded(world, at);
    ASSERT_EQ(to_big(data.collateral), sums.collateral);
    ASSERT_EQ(to_big(data.debt), sums.debt);
    const Big average = sums.collateral == 0 ? Big{0} : Big{sums.weighted / sums.collateral};
    ASSERT_EQ(Big{data.threshold.value}, average);
    ASSERT_EQ(to_big(data.health_factor.raw()), factor(world, sums, data.threshold.value));
}

TEST(Health, AccountsOfUsualSizeAreExactAndNeverNeed256Bits) {
    std::mt19937_64 random{51};
    std::uint64_t wide = 0;
    for (int i = 0; i < kAccounts && !HasFatalFailure(); ++i) {
        RandomWorld world{random, true};
        expect_account(world, wide);
    }
    EXPECT_EQ(wide, 0U);
}

TEST(Health, AccountsOfAnySizeAreExactAndWhatIsTooLargeIsCounted) {
    std::mt19937_64 random{52};
    std::uint64_t wide = 0;
    for (int i = 0; i < kAccounts && !HasFatalFailure(); ++i) {
        RandomWorld world{random, false};
        expect_account(world, wide);
    }
    EXPECT_GT(wide, static_cast<std::uint64_t>(kAccounts / 20));
    EXPECT_LT(wide, static_cast<std::uint64_t>(kAccounts - kAccounts / 20));
}

ReserveState growing(u128 rate, u128 index) {
    ReserveState out;
    out.supply_index = out.debt_index = index;
    out.supply_rate = out.debt_rate = rate;
    out.decimals = 18;
    return out;
}

void expect_same(const ReserveView& a, const ReserveView& b) {
    ASSERT_EQ(a.broken, b.broken);
    ASSERT_EQ(a.unit, b.unit);
    if (a.broken) return;  // such indices are never looked at
    ASSERT_EQ(a.income, b.income);
    ASSERT_EQ(a.debt_index, b.debt_index);
}

TEST(Health, ReservesAccrueAlikeInBothWidths) {
    std::mt19937_64 random{53};
    int wide = 0;
    for (int i = 0; i < kAccounts && !HasFatalFailure(); ++i) {
        const Rules& rules = all_rules()[random() % all_rules().size()];
        const u128 rate = ((u128{random()} << 64U) | random()) >> (random() % 128);
        const u128 index = kRay.low128() + (((u128{random()} << 64U) | random()) >> (1 + random() % 127));
        const Timestamp now{random() % 4 == 0 ? random() : random() % kSecondsPerYear};
        const ReserveState state = growing(rate, index);
        const ReserveView view = accrued(rules, state, now);
        expect_same(view, accrued_wide(rules, state, now));
        wide += view.wide ? 1 : 0;
    }
    EXPECT_GT(wide, kAccounts / 50);
    EXPECT_LT(wide, kAccounts / 2);
}

TEST(Health, TheViewCountsReservesThatNeed256Bits) {
    Book book{1};
    book.reset(2);
    BookWriter writer = BookWriter::baseline(book);
    writer.set_reserve(0, growing(kRay.low128() / 20, kRay.low128()));
    writer.set_reserve(1, growing(~u128{0}, ~u128{0}));
    MarketView view;
    const Rules& newest = all_rules().back();
    const auto& reserves = view.at(newest, book, Timestamp{kSecondsPerYear});
    EXPECT_FALSE(reserves[0].wide);
    EXPECT_TRUE(reserves[1].wide);
    EXPECT_EQ(view.wide_reserves(), 1U);
    static_cast<void>(view.at(newest, book, Timestamp{kSecondsPerYear}));
    EXPECT_EQ(view.wide_reserves(), 1U) << "nothing is computed twice";
}

TEST(Health, TheViewKeepsTwoMomentsUntilTheMarketChanges) {
    Book book{1};
    book.reset(1);
    BookWriter writer = BookWriter::baseline(book);
    writer.set_reserve(0, growing(kRay.low128() / 20, kRay.low128()));
    MarketView view;
    const Rules& newest = all_rules().back();
    const auto income = [&](std::uint64_t t) { return view.at(newest, book, Timestamp{t})[0].income; };
    const auto expected = [&](std::uint64_t t) {
        return accrued(newest, book.reserve(0), Timestamp{t}).income;
    };
    EXPECT_EQ(income(100), expected(100));
    const std::uint64_t first = view.number();
    EXPECT_EQ(income(200), expected(200));
    const std::uint64_t second = view.number();
    EXPECT_NE(first, second);
    EXPECT_EQ(income(100), expected(100));
    EXPECT_EQ(view.number(), first);
    EXPECT_EQ(income(200), expected(200));
    EXPECT_EQ(view.number(), second);
    writer.set_reserve(0, growing(kRay.low128() / 10, kRay.low128()));
    EXPECT_EQ(income(200), expected(200));
    EXPECT_GT(view.number(), second);
    EXPECT_EQ(income(100), expected(100));
    EXPECT_GT(view.number(), second + 1);
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
