// SPDX-License-Identifier: Apache-2.0
#include "strategy/rank/appraiser.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace plimsoll::strategy {

namespace {

/// Amounts are tried in parts of the largest one.
constexpr std::uint64_t kWhole = 1U << 12U;
constexpr unsigned kHalvings = 5;
constexpr unsigned kRefinements = 3;
/// Doubles are right to 10^-15; what they decide alone must differ by more.
constexpr double kDoubtOfImpact = 1 + 1e-9;
static_assert(1 + kHalvings + 2 * kRefinements <= Appraiser::kMaxProbes);

/// Whether `a` is the better end: something valued before something not, then by net value.
bool better(const Appraisal& a, const Appraisal& b) {
    if (a.valued != b.valued) return a.valued;
    if (a.valued) return a.opportunity.net > b.opportunity.net;
    return a.reason == Reason::insufficient_liquidity && b.reason == Reason::no_route;
}

/// What the Executor pays of the profit above the least one that a plan with a share demands.
TokenAmount builder_part(const Opportunity& opportunity, const Usd& min_profit, const Usd& debt_price,
                         unsigned places) {
    constexpr std::uint64_t kBasisPoints = 10'000;
    if (opportunity.builder_share.value == 0) return {};
    const TokenAmount floor = tokens_of_floor(opportunity.gas_cost + min_profit, debt_price, places);
    const TokenAmount above = opportunity.profit - std::min(opportunity.profit, floor);
    return mul_div(above, U256{opportunity.builder_share.value}, U256{kBasisPoints}, Rounding::down);
}

Appraisal unvalued(const Quote& quote, Reason reason) {
    Appraisal out;
    out.reason = reason;
    out.opportunity.quote = quote;
    return out;
}

}  // namespace

GasShape gas_shape(const Opportunity& opportunity, const Venue& venue) {
    const Quote& quote = opportunity.quote;
    const auto hops = opportunity.route.hops();
    return GasShape{quote.venue,
                    quote.collateral,
                    quote.debt,
                    hops.empty() ? 0 : hops.front().fee,
                    venue.assets_of(quote.account),
                    opportunity.ticks,
                    hops.size() < 2 ? 0 : hops[1].fee,
                    opportunity.flash.kind,
                    venue.revision()};
}

/// Gas in units of the debt asset, for comparing exits.
class Appraiser::Costs final : public ExitCosts {
  public:
    Costs(const Appraiser& appraiser, const Quote& quote, FlashKind flash)
        : appraiser_{appraiser}, quote_{quote} {
        shape_.venue = quote.venue;
        shape_.collateral = quote.collateral;
        shape_.debt = quote.debt;
        shape_.assets = appraiser.venue_.assets_of(quote.account);
        shape_.flash = flash;
        shape_.revision = appraiser.venue_.revision();
        for (std::size_t hops = 0; hops < least_.size(); ++hops)
            least_.at(hops) = in_tokens(GasTable::least(hops, shape_.revision));
    }

    [[nodiscard]] TokenAmount gas_cost(const Exit& exit) const override {
        GasShape shape = shape_;
        shape.pool_fee = fee(exit.path, 0);
        shape.second_fee = fee(exit.path, 1);
        shape.ticks = exit.ticks;
        return in_tokens(appraiser_.terms_.gas_table.expected(shape));
    }
    [[nodiscard]] TokenAmount least_cost(std::size_t hops) const override { return least_.at(hops); }

  private:
    [[nodiscard]] std::uint32_t fee(const ExitPath& path, std::size_t hop) const {
        return hop < path.count ? appraiser_.terms_.pools.hop(path.directions.at(hop)).fee : 0;
    }
    [[nodiscard]] TokenAmount in_tokens(Gas gas) const {
        const Usd price = appraiser_.prices_[quote_.debt];
        if (price.is_zero() || appraiser_.terms_.gas_price.native_price.is_zero()) return TokenAmount{};
        return tokens_worth(appraiser_.terms_.gas_price.cost_of(gas), price, appraiser_.decimals(quote_.debt),
                            Rounding::up);
    }

    const Appraiser& appraiser_;
    const Quote& quote_;
    GasShape shape_;
    std::array<TokenAmount, 3> least_;  // by hops
};

/// Numbers that leave the range of the contracts' own arithmetic are nothing to act on.
Appraisal Appraiser::best(AccountId account, const MovedPools& moved) const {
    try {
        return best_pair(account, moved);
    } catch (const ArithmeticError&) {
        Quote nothing;
        nothing.account = account;
        nothing.account_address = venue_.account_address(account);
        return unvalued(nothing, Reason::price_guard);
    }
}

Appraisal Appraiser::best_pair(AccountId account, const MovedPools& moved) const {
    std::vector<Quote> quotes;
    venue_.quotes(account, prices_, terms_.at, quotes);
    // An account without a legal pair has nothing that could be seized.
    Quote nothing;
    nothing.account = account;
    nothing.account_address = venue_.account_address(account);
    const bool any = !quotes.empty();
    std::erase_if(quotes, [this](const Quote& quote) {
        return terms_.assets != nullptr &&
               !(terms_.assets->permits(quote.collateral_asset) && terms_.assets->permits(quote.debt_asset));
    });
    const bool denied = any && quotes.empty();
    Appraisal out = unvalued(nothing, denied ? Reason::denied_asset : Reason::below_min_profit);
    bool first = true;
    for (const Quote& quote : quotes) {
        Appraisal next = best_amount(quote, moved);
        if (first || better(next, out)) out = std::move(next);
        first = false;
    }
    return out;
}

Appraisal Appraiser::best_amount(const Quote& largest, const MovedPools& moved) const {
    Appraisal whole = appraise(largest, moved);
    if (whole.valued ? !impact_matters(whole, moved) : whole.reason != Reason::insufficient_liquidity)
        return whole;
    return descend(std::move(whole), largest, moved);
}

/// Net value is concave in the amount: gain grows in proportion, the swap's loss faster, gas hardly at all.
/// So halve as long as that helps, then look on both sides of the best.
Appraisal Appraiser::descend(Appraisal whole, const Quote& largest, const MovedPools& moved) const {
    Appraisal out = std::move(whole);
    std::uint64_t middle = kWhole;
    for (unsigned i = 1; i <= kHalvings; ++i) {
        Appraisal next = probe(largest, kWhole >> i, moved, out.path);
        const bool worse = out.valued && !better(next, out);
        if (worse) break;
        if (better(next, out)) out = std::move(next);
        middle = kWhole >> i;
    }
    if (!out.valued) return out;
    std::uint64_t reach = middle / 2;
    for (unsigned i = 0; i < kRefinements && reach > 1; ++i, reach /= 2) {
        const std::uint64_t centre = middle;
        for (const std::uint64_t part : {centre - reach / 2, std::min(kWhole, centre + reach / 2)}) {
            if (part == centre) continue;
            Appraisal next = probe(largest, part, moved, out.path);
            if (!better(next, out)) continue;
            out = std::move(next);
            middle = part;
        }
    }
    // Another way may be better for less.
    Appraisal searched = appraise(out.opportunity.quote, moved);
    return better(searched, out) ? searched : out;
}

Appraisal Appraiser::probe(const Quote& largest, std::uint64_t part, const MovedPools& moved,
                           const ExitPath& path) const {
    const TokenAmount repaid = mul_div(largest.repaid, U256{part}, U256{kWhole}, Rounding::down);
    if (repaid.is_zero()) return unvalued(largest, Reason::below_min_profit);
    const auto quote = venue_.resize(largest, repaid, prices_, terms_.at);
    if (!quote) return unvalued(largest, Reason::below_min_profit);
    return appraise_along(path, *quote, moved);
}

/// What the whole would bring if every unit brought as much as the first.
double Appraiser::at_first_price(const Appraisal& whole, const MovedPools& moved) const {
    double out = whole.opportunity.quote.seized.raw().to_double();
    for (std::size_t i = 0; i < whole.path.count; ++i)
        out *= terms_.pools.spot(whole.path.directions.at(i), moved);
    return out;
}

bool Appraiser::impact_matters(const Appraisal& whole, const MovedPools& moved) const {
    if (whole.path.empty()) return false;
    // No half brings more than it would at the first unit's price.
    const double out = whole.opportunity.swap_out.raw().to_double();
    if (out * 1001 >= at_first_price(whole, moved) * 1000 * kDoubtOfImpact) return false;
    const TokenAmount half{whole.opportunity.quote.seized.raw() / U256{2}};
    const FoundExit sold = sell_along(terms_.pools, whole.path, half, moved);
    if (!sold.any) return true;
    return whole.opportunity.swap_out.raw() * U256{1001} < sold.best.out.raw() * U256{2000};
}

bool Appraiser::find_way_out(Appraisal& appraisal, const ExitPath& path, const MovedPools& moved) const {
    Opportunity& opportunity = appraisal.opportunity;
    const Quote& quote = opportunity.quote;
    opportunity.swap_out = quote.seized;
    if (quote.collateral_asset == quote.debt_asset) return true;
    const Costs costs{*this, quote, opportunity.flash.kind};
    const FoundExit found = !path.empty()
                                ? sell_along(terms_.pools, path, quote.seized, moved)
                                : find_exit(terms_.pools, terms_.intermediates, quote.collateral_asset,
                                            quote.debt_asset, quote.seized, moved, costs);
    if (!found.any) {
        appraisal.reason = found.pools ? Reason::insufficient_liquidity : Reason::no_route;
        return false;
    }
    appraisal.path = found.best.path;
    opportunity.route = terms_.pools.route(found.best.path);
    opportunity.swap_out = found.best.out;
    opportunity.ticks = found.best.ticks;
    return true;
}

/// The one whose fee and gas cost least. A pool that the exit goes through is locked while it lends, and not
/// asked.
bool Appraiser::find_lender(Appraisal& appraisal) const {
    Opportunity& opportunity = appraisal.opportunity;
    const Quote& quote = opportunity.quote;
    std::vector<FlashSource> lenders;
    terms_.flash.offers(quote.debt_asset, quote.repaid, appraisal.path, terms_.pools, lenders);
    if (terms_.flash.contracts().venue) {
        if (const auto fee = venue_.flash_fee(quote.debt, quote.repaid))
            lenders.push_back(FlashSource{FlashKind::aave_v3, venue_.flash_lender(), *fee});
    }
    std::optional<Usd> least;
    FlashSource chosen;
    for (const FlashSource& lender : lenders) {
        opportunity.flash = lender;
        const Gas gas = terms_.gas_table.expected(gas_shape(opportunity, venue_));
        const Usd cost = worth(lender.fee, prices_[quote.debt], decimals(quote.debt), Rounding::up) +
                         terms_.gas_price.cost_of(gas);
        if (least && cost >= *least) continue;
        least = cost;
        chosen = lender;
    }
    opportunity.flash = chosen;
    return least.has_value();
}

Appraisal Appraiser::appraise(const Quote& quote, const MovedPools& moved) const {
    return appraise_along(ExitPath{}, quote, moved);
}

Appraisal Appraiser::appraise_along(const ExitPath& path, const Quote& quote, const MovedPools& moved) const {
    Appraisal out = unvalued(quote, Reason::none);
    if (prices_[quote.debt].is_zero() || terms_.gas_price.native_price.is_zero()) {
        out.reason = Reason::stale_price;
        return out;
    }
    if (!find_way_out(out, path, moved)) return out;
    if (!find_lender(out)) return unvalued(quote, Reason::insufficient_liquidity);
    settle(out);
    return out;
}

void Appraiser::settle(Appraisal& appraisal) const {
    Opportunity& opportunity = appraisal.opportunity;
    const Quote& quote = opportunity.quote;
    const Usd debt_price = prices_[quote.debt];
    const DataCost& data =
        terms_.data_costs.at(std::min<std::size_t>(appraisal.path.count, DataFees::kMostHops));
    const bool shares = quote.debt_asset == terms_.wrapped_native;
    opportunity.builder_share = shares ? terms_.builder_share : BasisPoints{};
    opportunity.gas = terms_.gas_table.expected(gas_shape(opportunity, venue_)).next(data.gas.value);
    if (opportunity.builder_share.value != 0) opportunity.gas = opportunity.gas.next(kBuilderGas.value);
    opportunity.data_fee = data.fee + fees::operator_fee(terms_.operator_fee, opportunity.gas);
    opportunity.gas_cost =
        terms_.gas_price.cost_of(opportunity.gas) + terms_.gas_price.worth_of(opportunity.data_fee);
    const TokenAmount owed = quote.repaid + opportunity.flash.fee;
    const bool gains = opportunity.swap_out >= owed;
    opportunity.profit = gains ? opportunity.swap_out - owed : TokenAmount{};
    const TokenAmount lost = gains ? TokenAmount{} : owed - opportunity.swap_out;
    const unsigned places = decimals(quote.debt);
    opportunity.builder = builder_part(opportunity, terms_.min_profit, debt_price, places);
    const Usd spent =
        worth(lost + opportunity.builder, debt_price, places, Rounding::up) + opportunity.gas_cost;
    opportunity.net =
        SignedUsd::difference(worth(opportunity.profit, debt_price, places, Rounding::down), spent);
    appraisal.valued = true;
    const SignedUsd least{false, terms_.min_profit};
    if (opportunity.net >= least) return;
    // Would it be worth it if the collateral were sold at the oracle's price?
    const Usd gross =
        worth(quote.seized, prices_[quote.collateral], decimals(quote.collateral), Rounding::down);
    const Usd costs = worth(owed, debt_price, places, Rounding::up) + opportunity.gas_cost;
    const bool swap_eats_it = SignedUsd::difference(gross, costs) >= least;
    appraisal.reason = swap_eats_it ? Reason::slippage_cap : Reason::below_min_profit;
}

}  // namespace plimsoll::strategy
