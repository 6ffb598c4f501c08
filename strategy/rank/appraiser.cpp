// SPDX-License-Identifier: Apache-2.0
#include "strategy/rank/appraiser.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

/// Amounts are tried in parts of the largest one.
constexpr std::uint64_t kWhole = 1U << 12U;
constexpr unsigned kHalvings = 5;
constexpr unsigned kRefinements = 3;
static_assert(1 + kHalvings + 2 * kRefinements <= Appraiser::kMaxProbes);

/// Whether `a` is the better end: something valued before something not, then by net value.
bool better(const Appraisal& a, const Appraisal& b) {
    if (a.valued != b.valued) return a.valued;
    if (a.valued) return a.opportunity.net > b.opportunity.net;
    return a.reason == Reason::insufficient_liquidity && b.reason == Reason::no_route;
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
                    opportunity.ticks};
}

/// Numbers that leave the range of the contracts' own arithmetic are nothing to act on.
Appraisal Appraiser::best(AccountId account, const Consumption& consumed) const {
    try {
        return best_pair(account, consumed);
    } catch (const ArithmeticError&) {
        Quote nothing;
        nothing.account = account;
        nothing.account_address = venue_.account_address(account);
        return unvalued(nothing, Reason::price_guard);
    }
}

Appraisal Appraiser::best_pair(AccountId account, const Consumption& consumed) const {
    std::vector<Quote> quotes;
    venue_.quotes(account, prices_, terms_.at, quotes);
    // An account without a legal pair has nothing that could be seized.
    Quote nothing;
    nothing.account = account;
    nothing.account_address = venue_.account_address(account);
    Appraisal out = unvalued(nothing, Reason::below_min_profit);
    bool first = true;
    for (const Quote& quote : quotes) {
        Appraisal next = best_amount(quote, consumed);
        if (first || better(next, out)) out = std::move(next);
        first = false;
    }
    return out;
}

Appraisal Appraiser::best_amount(const Quote& largest, const Consumption& consumed) const {
    Appraisal whole = appraise(largest, consumed);
    if (whole.valued ? !impact_matters(whole, consumed) : whole.reason != Reason::insufficient_liquidity)
        return whole;
    return descend(std::move(whole), largest, consumed);
}

/// Net value is concave in the amount: gain grows in proportion, the swap's loss faster, gas hardly at all.
/// So halve as long as that helps, then look on both sides of the best.
Appraisal Appraiser::descend(Appraisal whole, const Quote& largest, const Consumption& consumed) const {
    Appraisal out = std::move(whole);
    std::uint64_t middle = kWhole;
    for (unsigned i = 1; i <= kHalvings; ++i) {
        Appraisal next = probe(largest, kWhole >> i, consumed);
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
            Appraisal next = probe(largest, part, consumed);
            if (!better(next, out)) continue;
            out = std::move(next);
            middle = part;
        }
    }
    return out;
}

Appraisal Appraiser::probe(const Quote& largest, std::uint64_t part, const Consumption& consumed) const {
    const TokenAmount repaid = mul_div(largest.repaid, U256{part}, U256{kWhole}, Rounding::down);
    if (repaid.is_zero()) return unvalued(largest, Reason::below_min_profit);
    const auto quote = venue_.resize(largest, repaid, prices_, terms_.at);
    if (!quote) return unvalued(largest, Reason::below_min_profit);
    return appraise(*quote, consumed);
}

bool Appraiser::impact_matters(const Appraisal& whole, const Consumption& consumed) const {
    if (!whole.direction) return false;
    const TokenAmount half{whole.opportunity.quote.seized.raw() / U256{2}};
    const auto swap = terms_.pools.quote(*whole.direction, half, consumed.of(*whole.direction));
    if (!swap) return true;
    return whole.opportunity.swap_out.raw() * U256{1001} < swap->out.raw() * U256{2000};
}

Result<Appraiser::Exit> Appraiser::best_exit(const Quote& quote, const Consumption& consumed) const {
    const auto directions = terms_.pools.directions(quote.collateral_asset, quote.debt_asset);
    Result<Exit> out = fail(directions.empty() ? Errc::not_found : Errc::limit_exceeded, "exit swap");
    for (const DirectionId direction : directions) {
        const auto swap = terms_.pools.quote(direction, quote.seized, consumed.of(direction));
        if (!swap) continue;
        if (!out || swap->out > out->swap.out) out = Exit{direction, *swap};
    }
    return out;
}

Appraisal Appraiser::appraise(const Quote& quote, const Consumption& consumed) const {
    Appraisal out = unvalued(quote, Reason::none);
    const auto fee = venue_.flash_fee(quote.debt, quote.at_most.is_zero() ? quote.repaid : quote.at_most);
    if (!fee) return unvalued(quote, Reason::insufficient_liquidity);
    Opportunity& opportunity = out.opportunity;
    opportunity.flash = FlashSource{FlashKind::aave_v3, venue_.flash_lender(), *fee};
    opportunity.swap_out = quote.seized;
    if (quote.collateral_asset != quote.debt_asset) {
        const auto exit = best_exit(quote, consumed);
        if (!exit) {
            out.reason =
                exit.error().code == Errc::not_found ? Reason::no_route : Reason::insufficient_liquidity;
            return out;
        }
        out.direction = exit->direction;
        opportunity.route = Route{terms_.pools.hop(exit->direction)};
        opportunity.swap_out = exit->swap.out;
        opportunity.ticks = exit->swap.ticks;
    }
    settle(out);
    return out;
}

void Appraiser::settle(Appraisal& appraisal) const {
    Opportunity& opportunity = appraisal.opportunity;
    const Quote& quote = opportunity.quote;
    const Usd debt_price = prices_[quote.debt];
    opportunity.gas = terms_.gas_table.expected(gas_shape(opportunity, venue_));
    if (debt_price.is_zero() || terms_.gas_price.native_price.is_zero()) {
        appraisal.reason = Reason::stale_price;
        return;
    }
    opportunity.gas_cost = terms_.gas_price.cost_of(opportunity.gas);
    const TokenAmount owed = quote.repaid + opportunity.flash.fee;
    const bool gains = opportunity.swap_out >= owed;
    opportunity.profit = gains ? opportunity.swap_out - owed : TokenAmount{};
    const TokenAmount lost = gains ? TokenAmount{} : owed - opportunity.swap_out;
    const unsigned places = decimals(quote.debt);
    const Usd spent = worth(lost, debt_price, places, Rounding::up) + opportunity.gas_cost;
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
