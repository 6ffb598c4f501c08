// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/strategy/scripted/venue.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/multicall.hpp"
#include "strategy/rank/valuation.hpp"

namespace plimsoll::strategy::scripted {

namespace {

constexpr std::uint64_t kThresholdBps = 8'000;
constexpr std::uint64_t kBonusBps = 10'500;
constexpr std::uint64_t kBps = 10'000;

}  // namespace

AccountId Market::add_holder(Address who) {
    Holder holder;
    holder.address = who;
    holder.collateral.resize(assets.size());
    holder.debt.resize(assets.size());
    holders.push_back(std::move(holder));
    return static_cast<AccountId>(holders.size() - 1);
}

Log Market::price_log(ReserveId reserve, const Usd& price) const {
    codec::AbiWriter data;
    data.u256(U256{reserve}).u256(price.raw());
    Log out;
    out.address = address;
    out.topics[0] = kPriceTopic;
    out.topic_count = 1;
    out.data = LogData{data.take()};
    return out;
}

Log Market::position_log(AccountId account, ReserveId reserve, const TokenAmount& collateral,
                         const TokenAmount& debt) const {
    codec::AbiWriter data;
    data.u256(U256{account}).u256(U256{reserve}).u256(collateral.raw()).u256(debt.raw());
    Log out;
    out.address = address;
    out.topics[0] = kPositionTopic;
    out.topic_count = 1;
    out.data = LogData{data.take()};
    return out;
}

void ScriptedVenue::start(const Head&) {
    asked_ = finished_ = loaded_ = false;
    undo_.clear();
}

std::vector<ReadRequest> ScriptedVenue::next_reads(const NextReadId& next_id) {
    if (asked_) return {};
    asked_ = true;
    return {ReadRequest{next_id(), {}, std::vector<Call>{Call{market_.address, {}}}}};
}

Result<void> ScriptedVenue::accept(const ReadResult&) {
    if (market_.refuse) return tl::make_unexpected(*market_.refuse);
    finished_ = true;
    return {};
}

BootstrapProgress ScriptedVenue::progress() const {
    return {"accounts", finished_ ? 1U : 0U, 1, finished_};
}

Watch ScriptedVenue::watch() const {
    return Watch{{market_.address}, {kPriceTopic, kPositionTopic}};
}

Result<Changes> ScriptedVenue::apply(const Head& block, std::span<const Log> logs) {
    undo_.emplace_back(block.hash, market_);
    ++applied;
    Changes out;
    for (const Log& log : logs) {
        if (log.address != market_.address) continue;
        codec::AbiReader in{log.data_view()};
        const auto first = in.u64();
        if (log.topic0() == kPriceTopic) {
            market_.prices[first] = Usd{in.u256()};
            out.prices.push_back(static_cast<ReserveId>(first));
            continue;
        }
        const auto reserve = in.u64();
        Holder& holder = market_.holders[first];
        holder.collateral[reserve] = TokenAmount{in.u256()};
        holder.debt[reserve] = TokenAmount{in.u256()};
        holder.version = ++versions_;
        out.accounts.push_back(static_cast<AccountId>(first));
    }
    return out;
}

void ScriptedVenue::undo(const Hash32& block_hash) {
    if (undo_.empty() || undo_.back().first != block_hash) throw std::logic_error{"undo out of order"};
    std::swap(market_, undo_.back().second);
    // No version comes twice.
    for (std::size_t i = 0; i < market_.holders.size(); ++i) {
        if (market_.holders[i].version != undo_.back().second.holders[i].version)
            market_.holders[i].version = ++versions_;
    }
    undo_.pop_back();
}

void ScriptedVenue::save(SnapshotWriter& out) const {
    out.address(market_.address);
    for (const Usd& price : market_.prices)
        out.amount(price);
    out.length(market_.holders.size());
    for (const Holder& holder : market_.holders) {
        out.address(holder.address);
        for (std::size_t i = 0; i < market_.assets.size(); ++i) {
            out.amount(holder.collateral[i]);
            out.amount(holder.debt[i]);
        }
    }
}

Result<void> ScriptedVenue::load(SnapshotReader& in, const Head&) {
    start({});
    if (in.address() != market_.address) return fail(Errc::config_invalid, "snapshot of another market");
    for (Usd& price : market_.prices)
        price = in.amount<Usd>();
    market_.holders.clear();
    std::size_t left = in.length(100'000, sizeof(Address));
    for (; left != 0 && in.ok(); --left) {
        Holder& holder = market_.holders[market_.add_holder(in.address())];
        for (std::size_t i = 0; i < market_.assets.size(); ++i) {
            holder.collateral[i] = in.amount<TokenAmount>();
            holder.debt[i] = in.amount<TokenAmount>();
        }
    }
    finished_ = loaded_ = true;
    return in.check("scripted market");
}

void ScriptedVenue::expectations(std::span<const AccountId> accounts, std::vector<Expectation>& out) const {
    for (const AccountId account : accounts) {
        if (pending_ && holds_polled(account)) continue;
        const Holder& holder = market_.holders[account];
        codec::AbiWriter call{kAccountCall};
        call.u256(U256{account});
        Expectation one{account, holder.version, Call{market_.address, call.take()}, {}};
        for (std::size_t i = 0; i < market_.assets.size(); ++i) {
            one.words.push_back({2 * i, "collateral", holder.collateral[i].raw()});
            one.words.push_back({2 * i + 1, "debt", holder.debt[i].raw()});
        }
        out.push_back(std::move(one));
    }
}

void ScriptedVenue::premises(std::vector<Premise>& out) const {
    for (std::size_t i = 0; i < market_.prices.size(); ++i) {
        codec::AbiWriter call{kPriceCall};
        call.u256(U256{i});
        out.push_back(Premise{Call{market_.address, call.take()}, market_.prices[i].raw()});
    }
}

void ScriptedVenue::proven_by_reading(std::vector<AccountId>& out) const {
    for (AccountId id = 0; market_.compares && !loaded_ && id < market_.holders.size(); ++id)
        out.push_back(id);
}

std::vector<ReserveId> ScriptedVenue::what_if(std::span<const Log> logs, PriceVector& prices) const {
    std::vector<ReserveId> out;
    for (const Log& log : logs) {
        if (log.address != market_.address || log.topic0() != kPriceTopic) continue;
        codec::AbiReader in{log.data_view()};
        const auto reserve = in.u64();
        prices[reserve] = Usd{in.u256()};
        out.push_back(static_cast<ReserveId>(reserve));
    }
    return out;
}

std::vector<ReserveId> ScriptedVenue::what_if_mined(const Transmission& pending, PriceVector& prices) const {
    for (ReserveId i = 0; i < market_.assets.size(); ++i) {
        const Usd price{pending.answer.value};
        if (pending.aggregator != aggregator_of(i) || prices[i] == price) continue;
        prices[i] = price;
        return {i};
    }
    return {};
}

void ScriptedVenue::reserves_of(AccountId account, std::vector<ReserveId>& out) const {
    const Holder& holder = market_.holders[account];
    for (ReserveId i = 0; i < market_.assets.size(); ++i) {
        if (!holder.collateral[i].is_zero() || !holder.debt[i].is_zero()) out.push_back(i);
    }
}

void ScriptedVenue::answers_of(ReserveId leaf, std::vector<AggregatorAnswer>& out) const {
    if (!market_.assets[leaf].polled) out.push_back({aggregator_of(leaf), {market_.prices[leaf].raw()}});
}

std::vector<ReadRequest> ScriptedVenue::price_reads(const Head& block, const NextReadId& next_id) {
    std::vector<Call> calls;
    std::vector<ReserveId> reserves;
    for (ReserveId i = 0; i < market_.assets.size(); ++i) {
        if (!market_.assets[i].polled) continue;
        calls.push_back(Call{market_.address, Bytes{static_cast<std::uint8_t>(i)}});
        reserves.push_back(i);
    }
    if (calls.empty()) return {};
    pending_ = true;
    const ReadId id = next_id();
    price_asks_.emplace(id, std::move(reserves));
    return {ReadRequest{id, block.hash, std::move(calls)}};
}

Result<std::vector<ReserveId>> ScriptedVenue::accept_prices(const ReadResult& result) {
    const std::vector<ReserveId> reserves = price_asks_.at(result.id);
    price_asks_.erase(result.id);
    if (!result.bytes) return tl::make_unexpected(result.bytes.error());
    pending_ = false;
    PLIMSOLL_TRY(const auto answers, codec::decode_aggregate3(*result.bytes));
    std::vector<ReserveId> moved;
    for (std::size_t i = 0; i < reserves.size(); ++i) {
        const Usd price{codec::AbiReader{answers[i].data}.u256()};
        if (market_.prices[reserves[i]] == price) continue;
        market_.prices[reserves[i]] = price;
        moved.push_back(reserves[i]);
    }
    return moved;
}

TokenAmount ScriptedVenue::debt_of(AccountId account, ReserveId reserve, Timestamp t) const {
    const TokenAmount principal = market_.holders[account].debt[reserve];
    if (t < market_.interest_from) return principal;
    const U256 grown{market_.interest_per_billion_second * (t.value - market_.interest_from.value)};
    return principal + mul_div(principal, grown, U256{1'000'000'000}, Rounding::up);
}

Wad ScriptedVenue::health_of(AccountId account, const PriceVector& prices, Timestamp t) const {
    Usd backing;
    Usd owed;
    for (ReserveId i = 0; i < market_.assets.size(); ++i) {
        const unsigned places = market_.assets[i].decimals;
        backing += worth(market_.holders[account].collateral[i], prices[i], places, Rounding::down);
        owed += worth(debt_of(account, i, t), prices[i], places, Rounding::down);
    }
    if (owed.is_zero()) return Wad{U256::max()};
    return Wad{mul_div_down(backing.raw() * U256{kThresholdBps}, pow10(18), owed.raw() * U256{kBps})};
}

void ScriptedVenue::health(std::span<const AccountId> accounts, const PriceVector& prices, Timestamp t,
                           std::span<Wad> out) const {
    for (std::size_t i = 0; i < accounts.size(); ++i)
        out[i] = health_of(accounts[i], prices, t);
}

bool ScriptedVenue::holds_polled(AccountId account) const {
    for (ReserveId i = 0; i < market_.assets.size(); ++i) {
        const Holder& holder = market_.holders[account];
        if (market_.assets[i].polled && !(holder.collateral[i].is_zero() && holder.debt[i].is_zero()))
            return true;
    }
    return false;
}

void ScriptedVenue::liquidatable(const Changes& changes, const PriceVector& prices, Timestamp t,
                                 std::vector<AccountId>& out) const {
    const bool any = changes.everything || !changes.prices.empty() || !changes.accounts.empty();
    for (AccountId i = 0; any && i < market_.holders.size(); ++i) {
        if (pending_ && holds_polled(i)) continue;
        if (health_of(i, prices, t) < Wad{pow10(18)}) out.push_back(i);
    }
}

void ScriptedVenue::near_line(const PriceVector& prices, Timestamp t, const Wad& below,
                              std::vector<AccountId>& out) const {
    for (AccountId i = 0; i < market_.holders.size(); ++i) {
        if (health_of(i, prices, t) < below) out.push_back(i);
    }
}

Quote ScriptedVenue::quote_of(AccountId account, ReserveId collateral, ReserveId debt,
                              const TokenAmount& repaid, const PriceVector& prices, Timestamp t) const {
    Quote out;
    out.account = account;
    out.account_address = market_.holders[account].address;
    out.collateral = collateral;
    out.debt = debt;
    out.collateral_asset = market_.assets[collateral].token;
    out.debt_asset = market_.assets[debt].token;
    const Usd value = worth(repaid, prices[debt], market_.assets[debt].decimals, Rounding::down);
    const Usd bonus = mul_div(value, U256{kBonusBps}, U256{kBps}, Rounding::down);
    out.repaid = repaid;
    out.seized = tokens_worth(bonus, prices[collateral], market_.assets[collateral].decimals, Rounding::down);
    const TokenAmount held = market_.holders[account].collateral[collateral];
    if (out.seized > held) {
        out.repaid = mul_div(repaid, held.raw(), out.seized.raw(), Rounding::up);
        out.seized = held;
    }
    out.health_factor = health_of(account, prices, t);
    out.at = t;
    return out;
}

void ScriptedVenue::quotes(AccountId account, const PriceVector& prices, Timestamp t,
                           std::vector<Quote>& out) const {
    const Holder& holder = market_.holders[account];
    for (ReserveId c = 0; c < market_.assets.size(); ++c) {
        for (ReserveId d = 0; d < market_.assets.size(); ++d) {
            if (holder.collateral[c].is_zero() || holder.debt[d].is_zero()) continue;
            const TokenAmount half{debt_of(account, d, t).raw() / U256{2}};
            out.push_back(quote_of(account, c, d, half, prices, t));
        }
    }
}

Result<Quote> ScriptedVenue::resize(const Quote& quote, const TokenAmount& repaid, const PriceVector& prices,
                                    Timestamp t) const {
    return quote_of(quote.account, quote.collateral, quote.debt, std::min(repaid, quote.repaid), prices, t);
}

Call ScriptedVenue::encode(const Quote& quote) const {
    codec::AbiWriter out{codec::selector("liquidate(address,uint256)")};
    out.address(quote.account_address).u256(quote.repaid.raw());
    return Call{market_.address, out.take()};
}

Result<TokenAmount> ScriptedVenue::flash_fee(ReserveId, const TokenAmount& amount) const {
    if (!market_.lends) return fail(Errc::limit_exceeded, "lender is empty");
    return mul_div(amount, U256{5}, U256{kBps}, Rounding::up);
}

}  // namespace plimsoll::strategy::scripted
