// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/widest_pairs.hpp"

#include "strategy/venues/aave_v3/liquidation.hpp"
#include "strategy/venues/aave_v3/math.hpp"

#include <algorithm>

namespace plimsoll::strategy::aave_v3 {

namespace {

constexpr double kWhole = static_cast<double>(kPercent);
/// Who is so little above the limit counts, too: more than floating point and cut thresholds are wrong by.
constexpr double kAbove = 1.001;

double share(BasisPoints part) noexcept {
    return static_cast<double>(part.value) / kWhole;
}

}  // namespace

WidestPairs::WidestPairs(const Valuation& at, const Wad& below, const std::vector<Exposure>& known)
    : at_{at},
      below_{below.raw().to_double() / 1e18 * kAbove},
      worth_(at.reserves.size()),
      widest_(worth_.size() * worth_.size()) {
    for (std::size_t i = 0; i < worth_.size(); ++i) {
        const auto reserve = static_cast<ReserveId>(i);
        if (contains(at.unvalued, reserve)) continue;
        const ReserveView& view = at.reserves[i];
        const double unit = at.prices[i].raw().to_double() / view.unit.to_double();
        worth_[i] = {unit * (view.income.to_double() / 1e27), unit * (view.debt_index.to_double() / 1e27),
                     unit, counts_as_collateral(at.rules, at.book.reserve(reserve))};
    }
    for (const Exposure& pair : known) {
        if (std::max(pair.collateral, pair.debt) < worth_.size())
            of(pair.collateral, pair.debt).seized = pair.largest.raw().to_double();
    }
}

bool WidestPairs::weigh(AccountId account) {
    backing_.clear();
    owing_.clear();
    const ReserveSet collateral = at_.book.collateral(account);
    const std::uint8_t category = at_.book.category(account);
    double weighted = 0;
    double debt = 0;
    for (const Book::Holding holding : at_.book.holdings(account)) {
        const Worth& worth = worth_[holding.reserve];
        if (holding.position.debt != 0) {
            owing_.push_back({holding.reserve, static_cast<double>(holding.position.debt) * worth.owed});
            debt += owing_.back().worth;
        }
        if (holding.position.supply == 0 || !worth.counts || !contains(collateral, holding.reserve)) continue;
        backing_.push_back({holding.reserve, static_cast<double>(holding.position.supply) * worth.supplied});
        weighted += backing_.back().worth * share(terms_for(at_.book, holding.reserve, category).threshold);
    }
    return !backing_.empty() && weighted < below_ * debt;
}

/// What the protocol's fee, a share of the bonus, leaves of the collateral.
double WidestPairs::share_left(ReserveId collateral, const CategoryState& terms) const noexcept {
    if (terms.bonus.value == 0) return 1;
    return 1 - share(at_.book.reserve(collateral).protocol_fee) * (1 - 1 / share(terms.bonus));
}

void WidestPairs::take(AccountId account) {
    if (at_.book.quarantined(account)) return;
    const bool priced =
        at_.unvalued == 0 || ((at_.book.collateral(account) | at_.book.debts(account)) & at_.unvalued) == 0;
    if (!priced || !weigh(account)) return;
    for (const Side& given : backing_) {
        const CategoryState terms = terms_for(at_.book, given.reserve, at_.book.category(account));
        const double left = share_left(given.reserve, terms) / worth_[given.reserve].unit;
        for (const Side& owed : owing_) {
            const double seized = std::min(given.worth, owed.worth * share(terms.bonus)) * left;
            Widest& widest = of(given.reserve, owed.reserve);
            if (seized > widest.seized) widest = {seized, account, true};
        }
    }
}

void WidestPairs::tell(std::vector<Exposure>& known) const {
    for (std::size_t i = 0; i < widest_.size(); ++i) {
        if (!widest_[i].found) continue;
        const auto collateral = static_cast<ReserveId>(i / worth_.size());
        const auto debt = static_cast<ReserveId>(i % worth_.size());
        const AccountId account = widest_[i].account;
        // As if below the line that opens the whole debt: the most that may ever be taken of it.
        AccountData far_below = account_data(at_, account);
        far_below.health_factor = Wad{};
        const auto most = liquidate(at_, {account, collateral, debt, U256::max()}, far_below);
        if (!most) continue;
        const auto place =
            std::lower_bound(known.begin(), known.end(), i, [&](const Exposure& pair, std::size_t to) {
                return pair.collateral * worth_.size() + pair.debt < to;
            });
        if (place != known.end() && place->collateral == collateral && place->debt == debt) {
            place->largest = std::max(place->largest, most->seized);
        } else {
            known.insert(place, {collateral, debt, most->seized});
        }
    }
}

}  // namespace plimsoll::strategy::aave_v3
