// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/balances.hpp"
#include "strategy/venues/aave_v3/close_factor.hpp"
#include "strategy/venues/aave_v3/line_filter.hpp"
#include "strategy/venues/aave_v3/liquidation.hpp"
#include "strategy/venues/aave_v3/venue.hpp"

#include <algorithm>
#include <optional>

// The part of AaveV3Venue that judges accounts and says what liquidating them does.
namespace plimsoll::strategy {

using aave_v3::account_data;
using aave_v3::AccountData;
using aave_v3::burns_bad_debt;
using aave_v3::can_be_liquidated;
using aave_v3::largest_liquidation;
using aave_v3::LineFilter;
using aave_v3::liquidate;
using aave_v3::Liquidation;
using aave_v3::liquidation_line;
using aave_v3::LiquidationRequest;
using aave_v3::Valuation;

namespace {

double line_of(const Valuation& at) {
    return liquidation_line(at).to_double() / 1e18;
}

}  // namespace

Valuation AaveV3Venue::valuation(const PriceVector& prices, Timestamp t) const {
    const aave_v3::Rules& rules = *market_.rules;
    return Valuation{rules, book_, view_.at(rules, book_, t), prices, t, liquidations_allowed_};
}

void AaveV3Venue::health(std::span<const AccountId> accounts, const PriceVector& prices, Timestamp t,
                         std::span<Wad> out) const {
    if (accounts.empty()) return;  // as before the first reading
    const Valuation at = valuation(prices, t);
    for (std::size_t i = 0; i < accounts.size(); ++i)
        out[i] = account_data(at, accounts[i]).health_factor;
}

ReserveSet AaveV3Venue::waiting() const {
    ReserveSet out = 0;
    if (!leaves_.pending()) return out;
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
        const auto leaf = static_cast<ReserveId>(i);
        if (leaves_.polled(leaf)) out |= only(leaf);
    }
    return out;
}

void AaveV3Venue::liquidatable(const Changes& changes, const PriceVector& prices, Timestamp t,
                               std::vector<AccountId>& out) const {
    if (!in_step_) return;
    const Valuation at = valuation(prices, t);
    if (changes.everything) {
        sweep(at, out);
    } else {
        look_at(changes, at, out);
    }
}

void AaveV3Venue::sweep(const Valuation& at, std::vector<AccountId>& out) const {
    const LineFilter filter{at, line_of(at)};
    const ReserveSet untold = waiting();
    for (AccountId account = 0; account < book_.size(); ++account) {
        if (!filter.may_be_below(book_, account) || book_.quarantined(account)) continue;
        if (untold != 0 && ((book_.collateral(account) | book_.debts(account)) & untold) != 0) continue;
        if (can_be_liquidated(at, account_data(at, account))) out.push_back(account);
    }
}

void AaveV3Venue::look_at(const Changes& changes, const Valuation& at, std::vector<AccountId>& out) const {
    const LineFilter filter{at, line_of(at)};
    const ReserveSet untold = waiting();
    visited_.resize(book_.size());
    if (++visit_ == 0) {
        visited_.assign(book_.size(), 0);
        visit_ = 1;
    }
    const auto look = [&](AccountId account) {
        if (visited_[account] == visit_) return;
        visited_[account] = visit_;
        if (!filter.may_be_below(book_, account) || book_.quarantined(account)) return;
        if (untold != 0 && ((book_.collateral(account) | book_.debts(account)) & untold) != 0) return;
        if (can_be_liquidated(at, account_data(at, account))) out.push_back(account);
    };
    for (const AccountId account : changes.accounts) {
        if (account < book_.size()) look(account);
    }
    for (const ReserveId leaf : changes.prices) {
        for (const AccountId account : book_.holders(leaf))
            look(account);
    }
}

Quote AaveV3Venue::filled_quote(const LiquidationRequest& request, const Liquidation& what,
                                const AccountData& data, Timestamp t) const {
    Quote out;
    out.venue = params_.id;
    out.account = request.account;
    out.account_address = book_.address(request.account);
    out.collateral = request.collateral;
    out.debt = request.debt;
    out.collateral_asset = market_.reserves[request.collateral].underlying;
    out.debt_asset = market_.reserves[request.debt].underlying;
    out.repaid = what.repaid;
    out.seized = what.seized;
    out.protocol_fee = what.protocol_fee;
    out.health_factor = data.health_factor;
    out.at = t;
    return out;
}

namespace {

/// A transaction may wait that long for its block without leaving dust.
constexpr std::uint64_t kLaterSeconds = 120;

// The debt of a whole position, or what a whole collateral pays for, grows until the block comes.
U256 grown(const Valuation& at, const LiquidationRequest& request, const U256& repaid) {
    const U256 debt_rate = U256::from_u128(at.book.reserve(request.debt).debt_rate);
    const U256 supply_rate = U256::from_u128(at.book.reserve(request.collateral).supply_rate);
    const U256 growth = aave_v3::compounded_taylor(std::max(debt_rate, supply_rate), kLaterSeconds);
    return aave_v3::ray_mul_up(repaid, growth) + U256{1};
}

// The pool computes the collateral from the debt and rounds down: what pays for all of it exactly may seize
// a unit or two less, and leave those as dust. Two units of it, in the debt asset.
U256 rounding_rest(const Valuation& at, const LiquidationRequest& request) {
    const U256 worth = U256{2} * at.prices[request.collateral].raw() * at.reserves[request.debt].unit;
    return worth / (at.prices[request.debt].raw() * at.reserves[request.collateral].unit) + U256{1};
}

bool takes_whole(const Liquidation& what) {
    return what.clears_debt || what.clears_collateral;
}

}  // namespace

// The call that is sent asks for a certain amount, and the quote is what the pool does with that one: where
// the collateral is the limit, asking for the cut amount may seize a unit less than asking for more. Where a
// rest may not be left, whatever takes a whole position asks for what it will have grown to.
std::optional<Quote> AaveV3Venue::best_quote(const Valuation& at, const LiquidationRequest& request,
                                             const AccountData& data) const {
    const U256& cash = cash_.of(request.collateral);
    auto what = largest_liquidation(at, request, data, cash);
    if (!what) return std::nullopt;
    LiquidationRequest exact = request;
    exact.cover = what->repaid.raw();
    const bool whole = burns_bad_debt(at.rules) && takes_whole(*what);
    if (whole) {
        try {
            exact.cover = grown(at, request, exact.cover);
            if (what->clears_collateral) exact.cover = exact.cover + rounding_rest(at, request);
        } catch (const ArithmeticError&) {
            return std::nullopt;
        }
    }
    if (exact.cover != request.cover) what = largest_liquidation(at, exact, data, cash);
    if (!what) return std::nullopt;
    Quote out = filled_quote(request, *what, data, at.at);
    if (whole && takes_whole(*what)) out.at_most = TokenAmount{exact.cover};
    return out;
}

std::optional<Liquidation> AaveV3Venue::would_liquidate(const LiquidationRequest& request,
                                                        const PriceVector& prices, Timestamp t) const {
    const Valuation at = valuation(prices, t);
    return liquidate(at, request, account_data(at, request.account));
}

void AaveV3Venue::quotes(AccountId account, const PriceVector& prices, Timestamp t,
                         std::vector<Quote>& out) const {
    if (!in_step_ || account >= book_.size() || book_.quarantined(account)) return;
    const Valuation at = valuation(prices, t);
    const AccountData data = account_data(at, account);
    if (!can_be_liquidated(at, data)) return;
    for (const Book::Holding debt : book_.holdings(account)) {
        if (debt.position.debt == 0) continue;
        for (const Book::Holding collateral : book_.holdings(account)) {
            const auto quote = best_quote(at, {account, collateral.reserve, debt.reserve, U256::max()}, data);
            if (quote) out.push_back(*quote);
        }
    }
}

Result<Quote> AaveV3Venue::resize(const Quote& quote, const TokenAmount& repaid, const PriceVector& prices,
                                  Timestamp t) const {
    const std::optional<AccountId> account = book_.find(quote.account_address);
    if (!in_step_ || !account || book_.quarantined(*account)) {
        return fail(Errc::refused, "account " + to_string(quote.account_address) + " is not known exactly");
    }
    const Valuation at = valuation(prices, t);
    const AccountData data = account_data(at, *account);
    if (!can_be_liquidated(at, data))
        return fail(Errc::refused, "account " + to_string(quote.account_address) + " is healthy");
    const auto smaller = best_quote(at, {*account, quote.collateral, quote.debt, repaid.raw()}, data);
    if (!smaller) {
        return fail(Errc::refused,
                    "the pool would refuse the liquidation of " + to_string(quote.account_address));
    }
    return *smaller;
}

void AaveV3Venue::exposures(const PriceVector& prices, Timestamp t, const Wad& below,
                            std::vector<Exposure>& out) const {
    if (!in_step_) return;
    const Valuation at = valuation(prices, t);
    const LineFilter filter{at, below.raw().to_double() / 1e18};
    for (AccountId account = 0; account < book_.size(); ++account) {
        if (!filter.may_be_below(book_, account) || book_.quarantined(account)) continue;
        // As if below the line that opens the whole debt: the most that may ever be taken of it.
        AccountData far_below = account_data(at, account);
        far_below.health_factor = Wad{};
        for (const Book::Holding debt : book_.holdings(account)) {
            if (debt.position.debt == 0) continue;
            for (const Book::Holding collateral : book_.holdings(account)) {
                const auto most =
                    liquidate(at, {account, collateral.reserve, debt.reserve, U256::max()}, far_below);
                if (!most) continue;
                out.push_back({collateral.reserve, debt.reserve, most->seized});
            }
        }
    }
}

}  // namespace plimsoll::strategy
