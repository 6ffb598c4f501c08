// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/selector.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/line_filter.hpp"
#include "strategy/venues/aave_v3/liquidation.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "strategy/venues/aave_v3/venue.hpp"

#include <bit>
#include <optional>

// The part of AaveV3Venue that judges accounts and says what liquidating them does.
namespace plimsoll::strategy {

using aave_v3::account_data;
using aave_v3::AccountData;
using aave_v3::LineFilter;
using aave_v3::liquidate;
using aave_v3::Liquidation;
using aave_v3::LiquidationRequest;
using aave_v3::Valuation;

namespace {

constexpr double kLiquidationLine = 1.0;

// Debt without any collateral value is under water too, but there is nothing to seize.
bool can_be_liquidated(const AccountData& data) {
    return data.valued && !data.collateral.is_zero() && data.health_factor.raw() < aave_v3::kWad;
}

int count(ReserveSet set) {
    return std::popcount(static_cast<std::uint64_t>(set)) +
           std::popcount(static_cast<std::uint64_t>(set >> 64U));
}

}  // namespace

Valuation AaveV3Venue::valuation(const PriceVector& prices, Timestamp t) const {
    return Valuation{book_, view_.at(book_, t), prices};
}

void AaveV3Venue::health(std::span<const AccountId> accounts, const PriceVector& prices, Timestamp t,
                         std::span<Wad> out) const {
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
    const LineFilter filter{at, kLiquidationLine};
    const ReserveSet untold = waiting();
    for (AccountId account = 0; account < book_.size(); ++account) {
        if (!filter.may_be_below(book_, account) || book_.quarantined(account)) continue;
        if (untold != 0 && ((book_.collateral(account) | book_.debts(account)) & untold) != 0) continue;
        if (can_be_liquidated(account_data(at, account))) out.push_back(account);
    }
}

void AaveV3Venue::look_at(const Changes& changes, const Valuation& at, std::vector<AccountId>& out) const {
    const LineFilter filter{at, kLiquidationLine};
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
        if (can_be_liquidated(account_data(at, account))) out.push_back(account);
    };
    for (const AccountId account : changes.accounts) {
        if (account < book_.size()) look(account);
    }
    for (const ReserveId leaf : changes.prices) {
        for (const AccountId account : book_.holders(leaf))
            look(account);
    }
}

Quote AaveV3Venue::blank_quote(AccountId account, ReserveId collateral, ReserveId debt,
                               const Wad& health_factor, Timestamp t) const {
    Quote out;
    out.venue = params_.id;
    out.account = account;
    out.account_address = book_.address(account);
    out.collateral = collateral;
    out.debt = debt;
    out.collateral_asset = market_.reserves[collateral].underlying;
    out.debt_asset = market_.reserves[debt].underlying;
    out.health_factor = health_factor;
    out.at = t;
    return out;
}

namespace {

Quote filled(Quote blank, const Liquidation& what) {
    blank.repaid = what.repaid;
    blank.seized = what.seized;
    blank.protocol_fee = what.protocol_fee;
    return blank;
}

// What the pool does if asked for exactly the debt it would take of `cover`: where the collateral is the
// limit, asking for the cut amount may seize a unit less than asking for more, and the call that is sent asks
// for the exact amount.
std::optional<Liquidation> settle(const Valuation& at, LiquidationRequest request, const Wad& health_factor) {
    const auto first = liquidate(at, request, health_factor);
    if (!first || first->repaid.raw() == request.cover) return first;
    request.cover = first->repaid.raw();
    return liquidate(at, request, health_factor);
}

}  // namespace

void AaveV3Venue::quotes(AccountId account, const PriceVector& prices, Timestamp t,
                         std::vector<Quote>& out) const {
    if (!in_step_ || account >= book_.size() || book_.quarantined(account)) return;
    const Valuation at = valuation(prices, t);
    const AccountData data = account_data(at, account);
    if (!can_be_liquidated(data)) return;
    for (const Book::Holding debt : book_.holdings(account)) {
        if (debt.position.debt == 0) continue;
        for (const Book::Holding collateral : book_.holdings(account)) {
            const LiquidationRequest request{account, collateral.reserve, debt.reserve, U256::max()};
            const auto what = settle(at, request, data.health_factor);
            if (!what) continue;
            out.push_back(
                filled(blank_quote(account, collateral.reserve, debt.reserve, data.health_factor, t), *what));
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
    if (!can_be_liquidated(data))
        return fail(Errc::refused, "account " + to_string(quote.account_address) + " is healthy");
    const auto what = settle(at, {*account, quote.collateral, quote.debt, repaid.raw()}, data.health_factor);
    if (!what)
        return fail(Errc::refused,
                    "the pool would refuse the liquidation of " + to_string(quote.account_address));
    return filled(blank_quote(*account, quote.collateral, quote.debt, data.health_factor, t), *what);
}

void AaveV3Venue::exposures(const PriceVector& prices, Timestamp t, const Wad& below,
                            std::vector<Exposure>& out) const {
    if (!in_step_) return;
    const Valuation at = valuation(prices, t);
    const LineFilter filter{at, below.raw().to_double() / 1e18};
    for (AccountId account = 0; account < book_.size(); ++account) {
        if (!filter.may_be_below(book_, account) || book_.quarantined(account)) continue;
        for (const Book::Holding debt : book_.holdings(account)) {
            if (debt.position.debt == 0) continue;
            for (const Book::Holding collateral : book_.holdings(account)) {
                // As if below the line that opens the whole debt: the most that may ever be taken of it.
                const auto most =
                    liquidate(at, {account, collateral.reserve, debt.reserve, U256::max()}, Wad{});
                if (!most) continue;
                out.push_back({collateral.reserve, debt.reserve, most->seized});
            }
        }
    }
}

Call AaveV3Venue::encode(const Quote& quote) const {
    codec::AbiWriter writer{codec::selector("liquidationCall(address,address,address,uint256,bool)")};
    writer.address(quote.collateral_asset).address(quote.debt_asset).address(quote.account_address);
    writer.u256(quote.repaid.raw()).boolean(false);
    return Call{params_.pool, writer.take()};
}

Result<TokenAmount> AaveV3Venue::flash_fee(ReserveId asset, const TokenAmount& amount) const {
    if (!in_step_ || asset >= book_.reserve_count())
        return fail(Errc::refused, "the venue's state is not known");
    const ReserveState& state = book_.reserve(asset);
    if (!state.active || state.paused || !state.flash_enabled) {
        return fail(Errc::refused, "no flash loans of " + assets_[asset].symbol + " now");
    }
    try {
        return TokenAmount{aave_v3::percent_mul_half_up(amount.raw(), book_.flash_premium())};
    } catch (const ArithmeticError&) {
        return fail(Errc::refused, "flash loan beyond all measure");
    }
}

unsigned AaveV3Venue::assets_of(AccountId account) const {
    return static_cast<unsigned>(count(book_.collateral(account) | book_.debts(account)));
}

Result<LiquidationSeen> AaveV3Venue::expect(const Quote& quote, std::span<const Log> receipt_logs) const {
    for (const Log& log : receipt_logs) {
        if (log.address != params_.pool || log.topic0() != aave_v3::topics::kLiquidationCall ||
            log.topic_count != 4)
            continue;
        const Address collateral = Address::from_word(log.topics[1]);
        const Address debt = Address::from_word(log.topics[2]);
        if (!quote.collateral_asset.is_zero() && collateral != quote.collateral_asset) continue;
        if (!quote.debt_asset.is_zero() && debt != quote.debt_asset) continue;
        if (Address::from_word(log.topics[3]) != quote.account_address) continue;
        codec::AbiReader reader{log.data_view()};
        LiquidationSeen seen{params_.id, quote.account_address, collateral, debt, {}, {}, {}, {}, {}, {}};
        seen.repaid = TokenAmount{reader.u256()};
        seen.seized = TokenAmount{reader.u256()};
        seen.liquidator = reader.address();
        seen.transaction_hash = log.transaction_hash;
        seen.block_hash = log.block_hash;
        seen.block_number = log.block_number;
        PLIMSOLL_CHECK(reader.finish("LiquidationCall"));
        return seen;
    }
    return fail(Errc::not_found,
                "no LiquidationCall of " + to_string(quote.account_address) + " in the receipt");
}

}  // namespace plimsoll::strategy
