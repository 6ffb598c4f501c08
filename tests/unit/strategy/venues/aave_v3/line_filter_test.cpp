// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/line_filter.hpp"

#include "strategy/book/book_writer.hpp"
#include "strategy/venues/aave_v3/math.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plimsoll::strategy::aave_v3 {
namespace {

constexpr std::size_t kReserves = 6;
constexpr std::uint64_t kNow = 2'000'000;

u128 up_to_digits(int digits) {
    const auto place = *rc::gen::inRange(0, digits);
    return u128{*rc::gen::inRange<std::uint64_t>(1, 1'000)} * pow10(static_cast<unsigned>(place)).low128();
}

ReserveState any_reserve() {
    ReserveState out;
    out.decimals = *rc::gen::element<std::uint8_t>(0, 2, 6, 8, 18);
    out.supply_index = kRay.low128() + *rc::gen::inRange<std::uint64_t>(0, ~0ULL) * u128{100'000'000};
    out.debt_index = kRay.low128() + *rc::gen::inRange<std::uint64_t>(0, ~0ULL) * u128{200'000'000};
    out.supply_rate = *rc::gen::inRange<std::uint64_t>(0, 1ULL << 40U) * u128{100'000'000'000'000};
    out.debt_rate = *rc::gen::inRange<std::uint64_t>(0, 1ULL << 40U) * u128{200'000'000'000'000};
    out.updated = Timestamp{kNow - *rc::gen::inRange<std::uint64_t>(0, 1'000'000)};
    out.threshold = BasisPoints{*rc::gen::element<std::uint64_t>(0, 1, 4'900, 7'800, 8'300)};
    out.active = true;
    return out;
}

struct World {
    const Rules* rules = &all_rules()[*rc::gen::inRange<std::size_t>(0, all_rules().size())];
    Book book{1};
    PriceVector prices;
    MarketView view;
    Valuation valuation() {
        return {*rules, book, view.at(*rules, book, Timestamp{kNow}), prices, Timestamp{kNow}, true};
    }
};

void fill(World& world) {
    world.book.reset(kReserves);
    BookWriter writer = BookWriter::baseline(world.book);
    for (ReserveId reserve = 0; reserve < kReserves; ++reserve) {
        writer.set_reserve(reserve, any_reserve());
        const bool priced = *rc::gen::inRange(0, 12) != 0;
        world.prices.push_back(priced ? Usd{U256::from_u128(up_to_digits(14))} : Usd{});
    }
    const auto some = [] { return u128{*rc::gen::inRange<std::uint64_t>(0, 1U << kReserves)}; };
    writer.set_category_state(1, {BasisPoints{9'500}, BasisPoints{10'100}, some()});
    writer.set_category_state(2, {BasisPoints{9'000}, BasisPoints{10'200}, some()});
    const AccountId account = writer.account({});
    writer.set_category(account, *rc::gen::element<std::uint8_t>(0, 1, 2));
    for (ReserveId reserve = 0; reserve < kReserves; ++reserve) {
        const bool supplies = *rc::gen::inRange(0, 2) == 0;
        const bool owes = *rc::gen::inRange(0, 3) == 0;
        writer.set_position(account, reserve, {supplies ? up_to_digits(24) : 0, owes ? up_to_digits(24) : 0});
        if (*rc::gen::inRange(0, 3) != 0) writer.set_collateral(account, reserve, true);
    }
}

/// Scales the debts so that the account lies within a hair of the line, where a wrong bound would show.
void move_to_the_line(World& world, const Valuation& at) {
    const AccountData data = account_data(at, 0);
    if (!data.valued || data.debt.is_zero() || data.collateral.is_zero()) return;
    const double factor = data.health_factor.raw().to_double() / 1e18;
    BookWriter writer = BookWriter::baseline(world.book);
    std::vector<std::pair<ReserveId, Position>> scaled;
    for (const Book::Holding holding : world.book.holdings(0)) {
        const double debt = static_cast<double>(holding.position.debt) * factor;
        if (debt < 1e36)
            scaled.emplace_back(holding.reserve, Position{holding.position.supply, static_cast<u128>(debt)});
    }
    for (const auto& [reserve, position] : scaled)
        writer.set_position(0, reserve, position);
}

void check_one_account() {
    World world;
    fill(world);
    if (*rc::gen::inRange(0, 3) != 0) move_to_the_line(world, world.valuation());
    const Valuation at = world.valuation();
    const AccountData data = account_data(at, 0);
    const bool below = data.valued && !data.collateral.is_zero() && data.health_factor.raw() < kWad;
    const bool passed = LineFilter{at, 1.0}.may_be_below(world.book, 0);
    if (below) RC_ASSERT(passed);
}

RC_GTEST_PROP(LineFilter, NeverHoldsBackAnAccountBelowTheLine, ()) {
    for (int i = 0; i < 30; ++i)
        check_one_account();
}

Valuation valuation(const Book& book, MarketView& view, const PriceVector& prices) {
    const Rules& rules = all_rules().front();
    return {rules, book, view.at(rules, book, Timestamp{1}), prices, Timestamp{1}, true};
}

TEST(LineFilter, KeepsAwayFromAccountsThatCannotBeValued) {
    Book book{1};
    book.reset(1);
    BookWriter writer = BookWriter::baseline(book);
    ReserveState state;
    state.supply_index = state.debt_index = kRay.low128();
    state.threshold = BasisPoints{8'000};
    writer.set_reserve(0, state);
    writer.set_position(writer.account({}), 0, {100, 100});
    writer.set_collateral(0, 0, true);
    MarketView view;
    const PriceVector none{Usd{}};
    const PriceVector some{Usd{100}};
    EXPECT_FALSE((LineFilter{valuation(book, view, none), 1.0}.may_be_below(book, 0)));
    EXPECT_TRUE((LineFilter{valuation(book, view, some), 1.0}.may_be_below(book, 0)));
}

TEST(LineFilter, HoldsBackWhatLiesAPercentAboveTheLine) {
    Book book{1};
    book.reset(1);
    BookWriter writer = BookWriter::baseline(book);
    ReserveState state;
    state.supply_index = state.debt_index = kRay.low128();
    state.threshold = BasisPoints{8'000};
    state.decimals = 18;
    writer.set_reserve(0, state);
    writer.set_position(writer.account({}), 0, {pow10(18).low128(), pow10(16).low128() * 79});
    writer.set_collateral(0, 0, true);
    MarketView view;
    const PriceVector prices{Usd{200'000'000'000}};
    const Valuation at = valuation(book, view, prices);
    EXPECT_FALSE((LineFilter{at, 1.0}.may_be_below(book, 0)));
    EXPECT_TRUE((LineFilter{at, 1.02}.may_be_below(book, 0)));
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
