// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/strategy/venues/aave_v3/campaign/deeds.hpp"
#include "tests/unit/strategy/venues/aave_v3/campaign/oracle.hpp"

#include <algorithm>
#include <cmath>

namespace plimsoll::strategy::aave_v3::campaign {

namespace {

U256 from_double(double value) {
    if (value < 1) return U256{1};
    int exponent = 0;
    const double mantissa = std::frexp(value, &exponent);
    const U256 whole{static_cast<std::uint64_t>(mantissa * 0x1p63)};
    return exponent >= 63 ? whole << static_cast<unsigned>(exponent - 63)
                          : whole >> static_cast<unsigned>(63 - exponent);
}

ReserveId any_reserve(Chance& chance) {
    // Half of all positions are in the first few, as it is on chain.
    return static_cast<ReserveId>(chance.one_in(2) ? chance.below(8) : chance.below(kReserves));
}

double target_health(Chance& chance) {
    const double kind = chance.share();
    if (kind < 0.02) return chance.between(0.96, 1.0);
    if (kind < 0.12) return chance.between(1.0002, 1.05);
    if (kind < 0.32) return chance.between(1.05, 1.2);
    if (kind < 0.72) return chance.between(1.2, 2.0);
    return chance.spread(2.0, 20.0);
}

double threshold(const MarketRecord& market, ReserveId reserve, std::uint8_t category) {
    const CategoryState& terms = market.categories.at(category);
    const bool inside = category != 0 && contains(terms.collateral, reserve);
    const BasisPoints points = inside ? terms.threshold : market.reserves[reserve].threshold;
    return static_cast<double>(points.value) / 1e4;
}

/// One of the account's positions on that side, or nothing.
std::optional<ReserveId> pick(const Borrower& borrower, Side side, Chance& chance) {
    std::vector<ReserveId> found;
    for (const auto& [reserve, position] : borrower.positions) {
        if ((side == Side::supply ? position.supply : position.debt) != 0) found.push_back(reserve);
    }
    if (found.empty()) return std::nullopt;
    return found[chance.below(found.size())];
}

AccountId anybody(Pool& pool, Chance& chance) {
    return static_cast<AccountId>(chance.below(pool.record().size()));
}

/// A part of a balance: a little, some or all of it, and what interest the log tells beside.
U256 part(const U256& balance, Chance& chance) {
    if (chance.one_in(8)) return balance;
    const std::uint64_t share =
        chance.one_in(2) ? chance.between(std::uint64_t{1}, 50) : chance.between(std::uint64_t{50}, 1'000);
    return balance * U256{share} / U256{1'000} + U256{chance.below(2)};
}

U256 interest(Chance& chance) {
    return chance.one_in(3) ? U256{chance.below(1'000'000)} : U256{};
}

void change_position(Pool& pool, Chance& chance, Side side, bool up) {
    const AccountId who = anybody(pool, chance);
    auto reserve = pick(pool.record()[who], side, chance);
    if (up && (!reserve || chance.one_in(6))) reserve = any_reserve(chance);
    if (!reserve) return;
    if (!chance.one_in(4)) pool.accrue(*reserve);
    const U256 balance = pool.balance(who, *reserve, side);
    if (!up) return pool.burn(who, *reserve, side, part(balance, chance), interest(chance));
    const U256 more = balance.is_zero()
                          ? units_worth(pool.record().market, *reserve, chance.spread(1e9, 1e13))
                          : part(balance, chance) / U256{side == Side::debt ? 8U : 4U};
    pool.mint(who, *reserve, side, more, interest(chance));
    const bool first = side == Side::supply && balance.is_zero();
    if (first && !chance.one_in(5)) pool.set_collateral(who, *reserve, true);
}

void transfer(Pool& pool, Chance& chance) {
    const AccountId from = anybody(pool, chance);
    const auto reserve = pick(pool.record()[from], Side::supply, chance);
    if (!reserve) return;
    const AccountId to = chance.one_in(10) ? pool.newcomer() : anybody(pool, chance);
    const u128 held = pool.record()[from].in(*reserve).supply;
    pool.transfer(from, to, *reserve, chance.one_in(3) ? held : held / chance.between(std::uint64_t{2}, 20));
}

void switch_collateral(Pool& pool, Chance& chance) {
    const AccountId who = anybody(pool, chance);
    auto reserve = pick(pool.record()[who], Side::supply, chance);
    // A flag without a position behind it is not what the pool leaves; it must be borne all the same.
    if (chance.one_in(30)) reserve = any_reserve(chance);
    if (reserve) pool.set_collateral(who, *reserve, !contains(pool.record()[who].collateral, *reserve));
}

void write_off(Pool& pool, AccountId who) {
    const std::vector<std::pair<ReserveId, Position>> left = pool.record()[who].positions;
    const bool backed = std::any_of(left.begin(), left.end(), [&](const auto& each) {
        return each.second.supply != 0 && contains(pool.record()[who].collateral, each.first);
    });
    if (backed || pool.rules().close_factor == CloseFactor::half_of_the_debt) return;
    for (const auto& [reserve, position] : left) {
        if (position.debt == 0) continue;
        pool.accrue(reserve);
        pool.burn(who, reserve, Side::debt, U256::max(), {});
    }
}

/// Partly, wholly, or with all collateral gone.
void liquidate_somebody(Pool& pool, Chance& chance, std::span<const AccountId> below) {
    const AccountId who = below[chance.below(below.size())];
    if (who >= pool.record().size()) return;
    const auto debt = pick(pool.record()[who], Side::debt, chance);
    const auto collateral = pick(pool.record()[who], Side::supply, chance);
    if (!debt || !collateral) return;
    pool.accrue(*debt);
    const bool shares = chance.one_in(4);
    if (!shares) pool.accrue(*collateral);
    const std::uint64_t size = chance.below(3);
    const U256 owed = pool.balance(who, *debt, Side::debt);
    pool.burn(who, *debt, Side::debt, size == 0 ? owed / U256{2} : owed, interest(chance));
    const u128 held = pool.record()[who].in(*collateral).supply;
    if (shares) {
        pool.transfer(who, anybody(pool, chance), *collateral, size == 2 ? held : held / 3);
    } else {
        const U256 all = pool.balance(who, *collateral, Side::supply);
        pool.burn(who, *collateral, Side::supply, size == 2 ? all : all / U256{3}, {});
    }
    pool.liquidated(who, *collateral, *debt, shares);
    write_off(pool, who);
}

}  // namespace

U256 units_worth(const MarketRecord& market, ReserveId reserve, double value) {
    const Usd now = oracle_price(market, reserve);
    const double price = now.is_zero() ? first_price(reserve) : now.raw().to_double();
    return from_double(value / price * std::pow(10.0, market.reserves[reserve].decimals));
}

void open_account(Pool& pool, Chance& chance) {
    const MarketRecord& market = pool.record().market;
    const AccountId who = pool.newcomer();
    const auto category =
        static_cast<std::uint8_t>(chance.one_in(4) ? chance.between(std::uint64_t{1}, 3) : 0);
    const bool small = chance.one_in(20);
    double backing = 0;
    const std::uint64_t collaterals = chance.one_in(2) ? 1 : chance.between(std::uint64_t{1}, 4);
    for (std::uint64_t i = 0; i < collaterals; ++i) {
        const ReserveId reserve = any_reserve(chance);
        const double value = small ? chance.spread(1e3, 1e8) : chance.spread(1e10, 1e15);
        pool.mint(who, reserve, Side::supply, units_worth(market, reserve, value), {});
        const bool used = !chance.one_in(10);
        if (used && !contains(pool.record()[who].collateral, reserve))
            pool.set_collateral(who, reserve, true);
        if (used) backing += value * threshold(market, reserve, category);
    }
    if (category != 0) pool.set_category(who, category);
    const bool owes = !chance.one_in(7);
    const std::uint64_t debts = chance.one_in(2) ? 1 : chance.between(std::uint64_t{1}, 4);
    const double owed = (backing == 0 ? 1e9 : backing) / target_health(chance);
    for (std::uint64_t i = 0; owes && i < debts; ++i) {
        const ReserveId reserve = any_reserve(chance);
        const double value = owed / static_cast<double>(debts);
        pool.mint(who, reserve, Side::debt, units_worth(market, reserve, value), {});
    }
}

std::string_view user_deed(Pool& pool, Chance& chance, std::span<const AccountId> below) {
    const std::uint64_t kind = chance.below(40);
    if (kind < 6) return change_position(pool, chance, Side::supply, true), "deposit";
    if (kind < 11) return change_position(pool, chance, Side::supply, false), "withdrawal";
    if (kind < 17) return change_position(pool, chance, Side::debt, true), "borrow";
    if (kind < 23) return change_position(pool, chance, Side::debt, false), "repay";
    if (kind < 26) return transfer(pool, chance), "transfer";
    if (kind < 29) return switch_collateral(pool, chance), "collateral switch";
    if (kind < 32) {
        pool.set_category(anybody(pool, chance), static_cast<std::uint8_t>(chance.below(kCategories)));
        return "eMode switch";
    }
    if (kind < 33) return open_account(pool, chance), "new account";
    if (kind < 34 && chance.one_in(10)) {
        pool.confuse(anybody(pool, chance), any_reserve(chance));
        return "quarantine";
    }
    if (below.empty()) return "nothing";
    return liquidate_somebody(pool, chance, below), "liquidation";
}

}  // namespace plimsoll::strategy::aave_v3::campaign
