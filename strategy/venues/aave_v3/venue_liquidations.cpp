// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/balances.hpp"
#include "strategy/venues/aave_v3/close_factor.hpp"
#include "strategy/venues/aave_v3/liquidation.hpp"
#include "strategy/venues/aave_v3/venue.hpp"
#include "strategy/venues/aave_v3/widest_pairs.hpp"

#include <algorithm>
#include <optional>

// The part of AaveV3Venue that judges accounts and says what liquidating them does.
namespace plimsoll::strategy {

using aave_v3::account_data;
using aave_v3::AccountData;
using aave_v3::burns_bad_debt;
using aave_v3::can_be_liquidated;
using aave_v3::largest_liquidation;
using aave_v3::liquidate;
using aave_v3::Liquidation;
using aave_v3::LiquidationRequest;
using aave_v3::Valuation;

Valuation AaveV3Venue::valuation(const PriceVector& prices, Timestamp t) const {
    const aave_v3::Rules& rules = *market_.rules;
    Valuation out{rules, book_, view_.at(rules, book_, t), prices, t, liquidations_allowed_, &wide_accounts_};
    out.moment = view_.number();
    return out;
}

void AaveV3Venue::health(std::span<const AccountId> accounts, const PriceVector& prices, Timestamp t,
                         std::span<Wad> out) const {
    if (accounts.empty()) return;  // as before the first reading
    const Valuation at = valuation(prices, t);
    for (std::size_t i = 0; i < accounts.size(); ++i)
        out[i] = account_data(at, accounts[i]).health_factor;
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

/// Left on top of the least leftover: a percent of it costs cents of bonus, a transaction that reverts
/// dollars.
constexpr BasisPoints kLeftoverRoom{100};

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
    auto what = largest_liquidation(at, request, data, cash, kLeftoverRoom);
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
    if (exact.cover != request.cover) what = largest_liquidation(at, exact, data, cash, kLeftoverRoom);
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

void AaveV3Venue::exposures(AccountRange among, const PriceVector& prices, Timestamp t, const Wad& below,
                            std::vector<Exposure>& widest) const {
    if (!in_step_) return;
    const Valuation at = valuation(prices, t);
    aave_v3::WidestPairs pairs{at, below, widest};
    const auto end = static_cast<AccountId>(std::min<std::size_t>(among.end, book_.size()));
    for (AccountId account = among.first; account < end; ++account)
        pairs.take(account);
    pairs.tell(widest);
}

}  // namespace plimsoll::strategy
