// SPDX-License-Identifier: Apache-2.0
// From what changed to decisions.
#include "chain/fees/base_fee.hpp"
#include "chain/fees/fee_quote.hpp"
#include "strategy/engine_core.hpp"
#include "strategy/plan.hpp"
#include "strategy/rank/valuation.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::strategy {

namespace {

/// A gain in the native coin, rounded down.
Wei native_worth(const SignedUsd& net, const Usd& native_price) {
    if (net.negative || native_price.is_zero()) return Wei{};
    try {
        return Wei{mul_div_down(net.magnitude.raw(), pow10(18), native_price.raw())};
    } catch (const ArithmeticError&) {
        return Wei{};  // beyond all amounts: not known
    }
}

}  // namespace

Timestamp Engine::Core::inclusion(const Head& head) const {
    return head.timestamp.next(params_.block_seconds);
}

IntentKey Engine::Core::key_of(const Account& account) const {
    return IntentKey{params_.chain, account.venue, venues_[account.venue]->account_address(account.id)};
}

const PriceVector& Engine::Core::prices(VenueId venue, const Moment& moment) const {
    return moment.what_if != nullptr ? (*moment.what_if)[venue] : venues_[venue]->prices();
}

/// What is held ready goes first, one at a time: it is on its way before anything else is looked at.
void Engine::Core::decide(const Moment& moment, Output& out) {
    rest_.reset();
    if (fire(moment, out)) {
        rest_ = moment;
    } else {
        look(moment, out);
    }
}

void Engine::Core::proceed(Output& out) {
    if (!rest_) return;
    const Moment moment = *rest_;
    decide(moment, out);
    if (!rest_ && std::exchange(block_unfinished_, false)) finish_block(out);
}

/// Who may have sunk below the line by the newest block, or would at the moment's prices. An account that was
/// left out because a polled price was still being read gets its turn when the answer is there.
void Engine::Core::look(const Moment& moment, Output& out) {
    std::vector<Account> accounts;
    std::vector<AccountId> ids;
    for (VenueId id = 0; id < venues_.size(); ++id) {
        const Venue& venue = *venues_[id];
        const PriceVector& at = prices(id, moment);
        ids.clear();
        venue.liquidatable(changes_at(id, moment), at, inclusion(moment.head), ids);
        for (const AccountId account : ids)
            accounts.push_back(Account{id, account});
        if (moment.what_if == nullptr) what_if_[id].clear();
    }
    std::sort(accounts.begin(), accounts.end());  // whatever order a venue keeps them in
    evaluate(accounts, moment, out);
}

const Changes& Engine::Core::changes_at(VenueId id, const Moment& moment) {
    if (moment.what_if == nullptr) return changes_[id];
    supposed_changes_.prices.clear();
    const PriceVector& now = venues_[id]->prices();
    const PriceVector& then = (*moment.what_if)[id];
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (now[i] != then[i]) supposed_changes_.prices.push_back(static_cast<ReserveId>(i));
    }
    return supposed_changes_;
}

void Engine::Core::evaluate_what_if(const BlockQueue::Block& block, Output& out) {
    bool news = false;
    for (VenueId id = 0; id < venues_.size(); ++id) {
        supposed_prices_ = venues_[id]->prices();
        const std::vector<ReserveId> moved = venues_[id]->what_if(block.logs, supposed_prices_);
        if (supposed_prices_ == what_if_[id]) continue;
        news = news || !moved.empty();
        what_if_[id].swap(supposed_prices_);
    }
    if (news) decide(Moment{block.head, true, &what_if_, {}}, out);
}

/// A price that some node knows of but no block has. Whoever repeats it tells no news.
void Engine::Core::evaluate_pending(const PendingTransaction& transaction, Output& out) {
    if (state_ != EngineState::ready) return;
    const auto told = decode_transmission(transaction);
    if (!told) return;
    std::vector<PriceVector> next = pending_;
    next.resize(venues_.size());
    bool news = false;
    for (VenueId id = 0; id < venues_.size(); ++id) {
        if (next[id].empty()) next[id] = venues_[id]->prices();
        news = !venues_[id]->what_if_mined(*told, next[id]).empty() || news;
    }
    if (!news) return;
    ++counts_.pending_prices;
    pending_ = std::move(next);
    if (!params_.speculate || queue_.front() != nullptr) return;
    decide(Moment{newest(), true, &pending_, transaction.hash}, out);
}

/// Everybody, once a block: interest alone moves accounts too, and those that stay liquidatable are looked at
/// again because pools and fees move.
void Engine::Core::sweep(Output& out) {
    sweep_due_ = false;
    if (queue_.front() != nullptr) return;
    Changes all;
    all.everything = true;
    standing_.clear();
    std::vector<AccountId> ids;
    for (VenueId id = 0; id < venues_.size(); ++id) {
        ids.clear();
        venues_[id]->liquidatable(all, venues_[id]->prices(), inclusion(newest()), ids);
        for (const AccountId account : ids)
            standing_.push_back(Account{id, account});
    }
    survey();
    evaluate(standing_, Moment{newest()}, out);
}

GasPrice Engine::Core::gas_price(const Moment& moment) const {
    const Usd native = prices(native_venue_, moment)[native_reserve_];
    try {
        return GasPrice{fees::next_base_fee(moment.head, params_.elasticity) + params_.tip, native};
    } catch (const ArithmeticError&) {
        return GasPrice{params_.max_fee_per_gas + Wei{1},
                        native};  // a header nobody can have meant: too dear
    }
}

std::optional<Reason> Engine::Core::gate(const Moment& moment, const GasPrice& gas_price) const {
    const Readiness now = readiness();
    if (now.has(NotReady::stopping)) return Reason::paused;
    if (now.has(NotReady::parity_broken) || now.has(NotReady::finality_violated)) return Reason::breaker_open;
    if (!now.ready()) return Reason::stale_head;
    if (const auto held = holds_.first()) return held;
    if (sequencer_.down(inclusion(moment.head))) return Reason::sequencer_down;
    if (!data_fees_.known()) return Reason::stale_price;
    if (gas_price.per_gas > params_.max_fee_per_gas) return Reason::base_fee_cap;
    return std::nullopt;
}

/// What is under way already has its part of the next block.
SelectionLimits Engine::Core::selection_limits(const Moment& moment) const {
    SelectionLimits out;
    const bool crowded = room_.intents < params_.max_decisions_per_block;
    out.count = std::min(room_.intents, params_.max_decisions_per_block);
    if (crowded) out.crowded = room_.crowded;
    const Gas open = ledger_.open_gas();
    const Gas block = moment.head.gas_limit;
    if (block.value != 0) out.gas = Gas{block.value - std::min(block.value, open.value)};
    out.cost = room_.cost;
    out.poor = room_.poor;
    // What the signer offers at first, where it bids no more than the floor; it checks exactly.
    const auto quote = fees::quote_fee(moment.head, params_.tip, params_.max_fee_per_gas, params_.elasticity,
                                       static_cast<std::uint32_t>(params_.deadline_blocks));
    out.price = quote ? quote->max_fee_per_gas : params_.max_fee_per_gas;
    out.each = params_.max_spend;
    out.least_price = gas_price(moment).per_gas;
    out.gas_limit_factor = params_.gas_limit_factor;
    return out;
}

Terms Engine::Core::terms_at(const Moment& moment) const {
    return Terms{routes_.pools(),
                 routes_.intermediates(),
                 flash_,
                 gas_table_,
                 gas_price(moment),
                 params_.min_profit,
                 inclusion(moment.head),
                 &params_.permissions.assets,
                 data_fees_.costs(),
                 data_fees_.operator_fee(),
                 params_.builder_share,
                 params_.native_asset};
}

void Engine::Core::evaluate(std::span<const Account> accounts, const Moment& moment, Output& out) {
    if (accounts.empty()) return;
    const Terms terms = terms_at(moment);
    std::vector<Appraiser> appraisers;
    appraisers.reserve(venues_.size());
    for (VenueId id = 0; id < venues_.size(); ++id)
        appraisers.emplace_back(terms, *venues_[id], prices(id, moment));
    std::vector<Candidate> candidates;
    for (const Account& account : accounts) {
        if (may_be_chosen(account, moment, out))
            candidates.push_back(Candidate{account.venue, account.id, &appraisers[account.venue]});
    }
    const std::optional<Reason> closed = gate(moment, terms.gas_price);
    const SelectionLimits limits = selection_limits(moment);
    MovedPools moved;
    ledger_.add_to(moved, routes_.pools());
    for (const Selected& selected : select(candidates, moved, limits))
        conclude(selected, moment, closed, out);
    if (moment.rehearsal != nullptr) return;
    if (audit_.urgent()) ask_audits(out);
    // Of a block that is not complete only what stands in the way of a sale is in a hurry.
    if (std::exchange(pools_short_, false) || !moment.speculative) refresh_pools(out);
}

/// False for what is decided already, or must wait after a failure.
bool Engine::Core::may_be_chosen(const Account& account, const Moment& moment, Output& out) {
    const IntentKey key = key_of(account);
    const Venue& venue = *venues_[account.venue];
    if (params_.dry_run && told_.sent(account.venue, account.id, venue.account_version(account.id)))
        return false;
    std::optional<Reason> reason = ledger_.held_back(key, moment.head.number);
    if (const auto* const entry = ledger_.find(key)) {
        if (entry->decided >= moment.head.number) return false;  // sent on this very block
        reason = Reason::already_pending;
    }
    if (!params_.permissions.accounts.permits(key.account)) reason = Reason::denied_account;
    if (!reason) return true;
    Appraisal blank;
    blank.reason = *reason;
    blank.opportunity.quote.account = account.id;
    blank.opportunity.quote.account_address = key.account;
    skip(account, std::move(blank), moment, out);
    return false;
}

void Engine::Core::conclude(const Selected& selected, const Moment& moment, std::optional<Reason> gate,
                            Output& out) {
    if (moment.rehearsal != nullptr) return act_out(selected, moment);
    const Account account{selected.candidate.venue, selected.candidate.account};
    Appraisal appraisal = selected.appraisal;
    const Quote& quote = appraisal.opportunity.quote;
    const bool unsold =
        appraisal.reason == Reason::insufficient_liquidity || appraisal.reason == Reason::slippage_cap;
    if (unsold) routes_.prepare(quote.collateral_asset, quote.debt_asset, quote.seized);
    pools_short_ = pools_short_ || unsold;
    if (appraisal.reason == Reason::none && gate) appraisal.reason = *gate;
    if (appraisal.reason == Reason::none && !prices_agree(account, moment)) {
        appraisal.reason = Reason::price_guard;
        guard_stopped_ = true;
    }
    if (appraisal.reason == Reason::none && !proven(account)) {
        appraisal.reason = Reason::unproven;
        ++counts_.unproven;
        audit_.want({account.venue, account.id}, Audit::Urgency::at_once);
        if (std::find(held_.begin(), held_.end(), account) == held_.end()) held_.push_back(account);
    }
    if (appraisal.reason == Reason::none) return send(account, std::move(appraisal), moment, out);
    skip(account, std::move(appraisal), moment, out);
}

Decision Engine::Core::decision(const Account& account, Appraisal appraisal, const Moment& moment) const {
    Decision out;
    out.reason = appraisal.reason;
    out.key = key_of(account);
    out.opportunity = std::move(appraisal.opportunity);
    out.opportunity.quote.venue = account.venue;
    out.last_block = moment.head.number.next(params_.deadline_blocks);
    out.block_hash = moment.head.hash;
    out.block_number = moment.head.number;
    out.triggered = received_;
    out.speculative = moment.speculative;
    out.behind = moment.behind;
    return out;
}

/// Whether the block has place for it beside what is under way.
bool Engine::Core::has_gas_for(Gas wanted, const Head& head) const {
    return head.gas_limit.value == 0 || ledger_.open_gas().value + wanted.value <= head.gas_limit.value;
}

Guard Engine::Core::guard_of(VenueId venue, ReserveId debt, const Moment& moment) const {
    return Guard{params_.min_profit, params_.slippage, prices(venue, moment)[debt],
                 venues_[venue]->assets()[debt].decimals};
}

/// The decision to send with all that the signer needs.
Decision Engine::Core::prepared(const Account& account, Appraisal appraisal, const Moment& moment,
                                BlockNumber last_block) const {
    const Venue& venue = *venues_[account.venue];
    Decision made = decision(account, std::move(appraisal), moment);
    made.last_block = last_block;
    const Opportunity& opportunity = made.opportunity;
    const Guard guard = guard_of(account.venue, opportunity.quote.debt, moment);
    made.calldata = encode_plan(opportunity, venue.encode(opportunity.quote), params_.uniswap.router,
                                least_profit(opportunity, guard), made.last_block);
    made.gas_limit = gas_limit_of(opportunity.gas, params_.gas_limit_factor);
    made.worth = native_worth(opportunity.net, prices(native_venue_, moment)[native_reserve_]);
    made.data_fee = DataFees::most(opportunity.data_fee);
    return made;
}

void Engine::Core::send(const Account& account, Appraisal appraisal, const Moment& moment, Output& out) {
    const ExitPath path = appraisal.path;
    const BlockNumber last_block = moment.head.number.next(params_.deadline_blocks);
    Decision made = prepared(account, std::move(appraisal), moment, last_block);
    data_fees_.learn(path.count, made.calldata);
    commit(std::move(made), path, moment, out);
}

/// From here on it is under way.
void Engine::Core::commit(Decision made, const ExitPath& path, const Moment& moment, Output& out) {
    const Opportunity& opportunity = made.opportunity;
    const Account account{opportunity.quote.venue, opportunity.quote.account};
    const Venue& venue = *venues_[account.venue];
    if (room_.intents != 0) --room_.intents;
    told_.send(account.venue, account.id, venue.account_version(account.id));
    // In dry-run until the next block: what else is decided on this one must reckon with it, as it would
    // live.
    ledger_.open(made.key, IntentLedger::Entry{moment.head.number, moment.head.hash, account.id,
                                               gas_shape(opportunity, venue), path, opportunity.quote.seized,
                                               made.gas_limit});
    ++counts_.sends;
    if (moment.speculative) ++counts_.speculative_sends;
    out.decisions.push_back(std::move(made));
}

/// A what-if's skips are not facts, and what was said once is not said again.
void Engine::Core::skip(const Account& account, Appraisal appraisal, const Moment& moment, Output& out) {
    if (moment.speculative) return;
    const std::uint32_t version = venues_[account.venue]->account_version(account.id);
    if (!told_.skip(account.venue, account.id, version, appraisal.reason)) return;
    ++counts_.skips[static_cast<std::size_t>(appraisal.reason)];
    out.decisions.push_back(decision(account, std::move(appraisal), moment));
}

}  // namespace plimsoll::strategy
