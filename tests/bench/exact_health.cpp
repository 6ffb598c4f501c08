// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/exact_health.hpp"

#include "strategy/venues/aave_v3/balances.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "tests/bench/boosted.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace plimsoll::bench {

namespace aave = strategy::aave_v3;

namespace {

/// A reserve as Boost sees it.
struct BoostReserve {
    Boost income;
    Boost debt_index;
    Boost unit;
    Boost price;
};

/// The health factor in Boost's integers, over the same book.
class BoostHealth {
  public:
    explicit BoostHealth(const aave::Valuation& at) : at_{at} {
        for (std::size_t i = 0; i < at.reserves.size(); ++i) {
            const aave::ReserveView& view = at.reserves[i];
            reserves_.push_back({boosted(view.income), boosted(view.debt_index), boosted(view.unit),
                                 boosted(at.prices[i].raw())});
        }
    }

    [[nodiscard]] Boost of(strategy::AccountId account) const {
        const bool directional = at_.rules.tokens == aave::TokenRounding::directional;
        const strategy::ReserveSet used = at_.book.collateral(account);
        Boost backing = 0;
        Boost weighted = 0;
        Boost owed = 0;
        for (const strategy::Book::Holding holding : at_.book.holdings(account)) {
            const BoostReserve& reserve = reserves_[holding.reserve];
            if (holding.position.supply != 0 && strategy::contains(used, holding.reserve)) {
                const Boost units =
                    (Boost{holding.position.supply} * reserve.income + (directional ? Boost{0} : half_)) /
                    ray_;
                const Boost value = units * reserve.price / reserve.unit;
                backing += value;
                weighted += value * at_.book.reserve(holding.reserve).threshold.value;
            }
            if (holding.position.debt == 0) continue;
            const Boost units = (Boost{holding.position.debt} * reserve.debt_index +
                                 (directional ? Boost{ray_ - 1} : half_)) /
                                ray_;
            const Boost rest = directional ? Boost{reserve.unit - 1} : Boost{0};
            owed += (units * reserve.price + rest) / reserve.unit;
        }
        if (directional) return (weighted * wad_ + owed / 2) / owed / 10'000;
        const Boost average = weighted / backing;
        return ((backing * average + 5'000) / 10'000 * wad_ + owed / 2) / owed;
    }

  private:
    const aave::Valuation& at_;
    std::vector<BoostReserve> reserves_;
    Boost ray_ = boosted(aave::kRay);
    Boost half_ = ray_ / 2;
    Boost wad_ = boosted(aave::kWad);
};

}  // namespace

Costs measure_health(const ArithmeticBook& book, const aave::Rules& rules) {
    const std::size_t accounts = book.book().size();
    std::uint64_t wide_accounts = 0;
    aave::Valuation at = book.valuation(rules);
    at.wide_accounts = &wide_accounts;
    const BoostHealth boost{at};
    for (strategy::AccountId account = 0; account < accounts; ++account) {
        const aave::AccountData data = aave::account_data(at, account);
        if (data.health_factor != aave::account_data_wide(at, account).health_factor ||
            boosted(data.health_factor.raw()) != boost.of(account))
            throw std::runtime_error{"the three health factors differ"};
    }
    if (wide_accounts != 0) throw std::runtime_error{"an account of usual size needs 256 bits"};
    const auto all = [accounts](const auto& formula) {
        for (strategy::AccountId account = 0; account < accounts; ++account)
            keep(formula(account));
    };
    return in_turns(
        accounts, [&] { all([&](strategy::AccountId id) { return boost.of(id); }); },
        [&] { all([&](strategy::AccountId id) { return aave::account_data_wide(at, id); }); },
        [&] { all([&](strategy::AccountId id) { return aave::account_data(at, id); }); });
}

}  // namespace plimsoll::bench
