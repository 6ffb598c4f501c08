// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/line_terms.hpp"

#include "strategy/book/book_writer.hpp"
#include "strategy/venues/aave_v3/math.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>

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

/// Distance of the account from the line by its terms; nothing if it has none.
std::optional<LineDistance> distance_of(const Valuation& at, AccountId account) {
    LineWeights weights = line_units(at.book);
    weigh(at, weights);
    std::vector<LineTerm> terms;
    line_terms(at.rules, at.book, weights, account, terms);
    const auto owed =
        std::count_if(terms.begin(), terms.end(), [](const LineTerm& term) { return term.owed; });
    if (owed == 0 || owed == static_cast<std::ptrdiff_t>(terms.size())) return std::nullopt;
    return distance(terms, weights);
}

void check_one_account() {
    World world;
    fill(world);
    if (*rc::gen::inRange(0, 3) != 0) move_to_the_line(world, world.valuation());
    const Valuation at = world.valuation();
    const AccountData data = account_data(at, 0);
    const auto away = distance_of(at, 0);
    RC_LOG() << "version " << at.rules.version << ", collateral " << to_decimal(data.collateral) << ", debt "
             << to_decimal(data.debt) << ", health " << to_decimal(data.health_factor.raw()) << ", bounds "
             << (away ? away->least : 0) << " to " << (away ? away->most : 0) << '\n';
    if (can_be_liquidated(at, data)) {
        RC_ASSERT(away.has_value());
        RC_ASSERT(away->least < 0);
    } else if (data.valued && away && data.health_factor.raw() >= kWad) {
        RC_ASSERT(away->most > 0);
    }
}

RC_GTEST_PROP(LineTerms, TheExactHealthFactorLiesBetweenTheirBounds, ()) {
    for (int i = 0; i < 30; ++i)
        check_one_account();
}

Valuation valuation(const Book& book, MarketView& view, const PriceVector& prices) {
    const Rules& rules = all_rules().front();
    return {rules, book, view.at(rules, book, Timestamp{1}), prices, Timestamp{1}, true};
}

TEST(LineTerms, AnAccountThatCannotBeValuedIsFarAboveTheLine) {
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
    EXPECT_GT(distance_of(valuation(book, view, none), 0)->least, 1e300);
    EXPECT_LT(distance_of(valuation(book, view, some), 0)->most, 0);
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3
