// SPDX-License-Identifier: Apache-2.0
#include "bot/tally.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace plimsoll::bot {

namespace {

namespace json = boost::json;

std::string symbol_of(const Address& token, std::span<const strategy::Asset> assets) {
    const auto found = std::find_if(assets.begin(), assets.end(),
                                    [&](const strategy::Asset& a) { return a.token == token; });
    return found == assets.end() ? to_string(token) : found->symbol;
}

json::object profit_json(const TokenProfit& profit, std::span<const strategy::Asset> assets) {
    json::object out;
    out["token"] = to_string(profit.token);
    out["symbol"] = symbol_of(profit.token, assets);
    out["amount"] = to_decimal(profit.amount.raw());
    return out;
}

json::object liquidation_json(const LandedLiquidation& landed, std::span<const strategy::Asset> assets) {
    json::array profits;
    for (const TokenProfit& profit : landed.profits)
        profits.push_back(profit_json(profit, assets));
    json::object out;
    out["hash"] = to_string(landed.transaction_hash);
    out["block"] = landed.block.value;
    out["account"] = to_string(landed.event.account);
    out["collateral"] = to_string(landed.event.collateral_asset);
    out["debt"] = to_string(landed.event.debt_asset);
    out["repaid"] = to_decimal(landed.event.repaid.raw());
    out["seized"] = to_decimal(landed.event.seized.raw());
    out["profits"] = std::move(profits);
    out["gas_used"] = landed.gas_used.value;
    out["gas_expected"] = landed.gas_expected.value;
    out["gas_wei"] = to_decimal(landed.gas_cost.raw());
    out["microseconds"] = landed.microseconds;
    out["queued"] = landed.queued;
    return out;
}

json::object missed_json(const Missed& missed) {
    json::object out;
    out["hash"] = to_string(missed.event.transaction_hash);
    out["block"] = missed.event.block_number.value;
    out["account"] = to_string(missed.event.account);
    out["winner"] = to_string(missed.event.liquidator);
    out["collateral"] = to_string(missed.event.collateral_asset);
    out["debt"] = to_string(missed.event.debt_asset);
    out["repaid"] = to_decimal(missed.event.repaid.raw());
    out["seized"] = to_decimal(missed.event.seized.raw());
    out["reason"] = to_string(missed.reason);
    if (missed.skipped != strategy::Reason::none) out["skipped"] = strategy::to_string(missed.skipped);
    if (missed.decided_on) out["decided_on"] = missed.decided_on->value;
    out["lag_blocks"] = missed.lag_blocks;
    return out;
}

}  // namespace

void Tally::decided(const strategy::Decision& decision) {
    Fate& fate = accounts_[decision.key];
    fate.reason = decision.reason;
    if (decision.send()) ++sent_;
}

void Tally::landed(LandedLiquidation liquidation) {
    gas_spent_ += liquidation.gas_cost;
    landed_.push_back(std::move(liquidation));
}

void Tally::ended(const Outcome& outcome) {
    Fate& fate = accounts_[outcome.key];
    if (outcome.kind == OutcomeKind::confirmed) fate.won = true;
    if (outcome.kind == OutcomeKind::outbid) fate.taken = true;
    if (outcome.kind != OutcomeKind::reverted) return;
    ++reverted_;
    gas_spent_ += cost(outcome.gas_used, outcome.effective_gas_price);
}

void Tally::missed(const IntentKey& key, Missed missed) {
    const auto found = accounts_.find(key);
    if (found != accounts_.end()) found->second.taken = true;
    missed_.push_back(std::move(missed));
}

std::map<MissedReason, std::uint64_t> Tally::missed_by_reason() const {
    std::map<MissedReason, std::uint64_t> out;
    for (std::size_t i = 0; i < kMissedReasonCount; ++i)
        out.emplace(static_cast<MissedReason>(i), 0);
    for (const Missed& one : missed_)
        ++out[one.reason];
    return out;
}

std::map<strategy::Reason, std::uint64_t> Tally::skipped() const {
    std::map<strategy::Reason, std::uint64_t> out;
    for (const auto& [key, fate] : accounts_) {
        if (!fate.won && !fate.taken && fate.reason != strategy::Reason::none) ++out[fate.reason];
    }
    return out;
}

std::map<Address, TokenAmount> Tally::profit_by_token() const {
    std::map<Address, TokenAmount> out;
    for (const LandedLiquidation& landed : landed_) {
        for (const TokenProfit& profit : landed.profits)
            out[profit.token] += profit.amount;
    }
    return out;
}

std::string Tally::to_json(std::span<const strategy::Asset> assets) const {
    json::object skipped_by_reason;
    for (const auto& [reason, count] : skipped())
        skipped_by_reason[strategy::to_string(reason)] = count;
    json::array profit;
    for (const auto& [token, amount] : profit_by_token())
        profit.push_back(profit_json({token, amount}, assets));
    json::array liquidations;
    for (const LandedLiquidation& one : landed_)
        liquidations.push_back(liquidation_json(one, assets));
    json::object missed_reasons;
    for (const auto& [reason, count] : missed_by_reason())
        missed_reasons[to_string(reason)] = count;
    json::array missed;
    for (const Missed& one : missed_)
        missed.push_back(missed_json(one));

    json::object out;
    out["schema"] = "plimsoll.report.v1";
    out["found"] = found();
    out["sent"] = sent();
    out["won"] = won();
    out["reverted"] = reverted();
    out["skipped"] = std::move(skipped_by_reason);
    out["profit"] = std::move(profit);
    out["gas_wei"] = to_decimal(gas_spent_.raw());
    out["liquidations"] = std::move(liquidations);
    out["missed"] = std::move(missed_reasons);
    out["missed_liquidations"] = std::move(missed);
    return json::serialize(out);
}

}  // namespace plimsoll::bot
