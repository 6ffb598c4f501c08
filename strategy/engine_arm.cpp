// SPDX-License-Identifier: Apache-2.0
// Held ready: the accounts nearest their line, each with the decision it leads to once a price brings it
// below.
#include "strategy/engine_core.hpp"
#include "strategy/plan.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::strategy {

namespace {

constexpr Wad kArmLine{pow10(18)};  // a health factor of one
constexpr BasisPoints kReach{500};  // of today's price: what is further away comes nearer first
constexpr std::size_t kTriedForOne = 4;

/// A little more may be repaid as debts grow; much more where another rule holds: then it is decided anew.
bool about_as_large(const TokenAmount& now, const TokenAmount& then) {
    return now.raw() <= then.raw() + (then.raw() >> 5U);
}

}  // namespace

/// The accounts that the smallest move of one price brings below their line, nearest first.
std::vector<Engine::Core::Near> Engine::Core::nearest_accounts() const {
    std::vector<Near> out;
    const Timestamp t = inclusion(newest()).next(params_.block_seconds);
    for (VenueId id = 0; id < venues_.size(); ++id) {
        const Venue& venue = *venues_[id];
        std::vector<AccountId> ids;
        venue.near_line(venue.prices(), t, params_.health_watch, ids);
        std::vector<Wad> health(ids.size());
        venue.health(ids, venue.prices(), t, health);
        std::vector<std::pair<Wad, AccountId>> by_health;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (health[i] >= kArmLine) by_health.emplace_back(health[i], ids[i]);
        }
        const std::size_t tried = std::min(by_health.size(), kTriedForOne * params_.armed);
        const auto last = by_health.begin() + static_cast<std::ptrdiff_t>(tried);
        std::partial_sort(by_health.begin(), last, by_health.end());
        PriceVector prices = venue.prices();
        for (std::size_t i = 0; i < tried; ++i) {
            const Account account{id, by_health[i].second};
            if (const auto crossing = nearest_crossing(venue, account.id, prices, t, kReach))
                out.push_back(Near{account, *crossing});
        }
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Near& a, const Near& b) { return a.crossing.distance < b.crossing.distance; });
    out.resize(std::min<std::size_t>(out.size(), params_.armed));
    return out;
}

/// After so many blocks a plan is of no use. As many may pass until the price is there as may pass
/// afterwards; and a minute's on a quick chain, as each plan is signed and written down anew.
std::uint64_t Engine::Core::armed_blocks() const {
    constexpr std::uint64_t kSeconds = 60;
    return std::max(2 * params_.deadline_blocks,
                    kSeconds / std::max<std::uint64_t>(params_.block_seconds, 1));
}

/// As it will be decided when the price is there.
std::optional<ArmedPlan> Engine::Core::plan_ahead(const Near& near) {
    const IntentKey key = key_of(near.account);
    const auto& [account, crossing] = near;
    if (!params_.permissions.accounts.permits(key.account) || ledger_.find(key) != nullptr ||
        ledger_.held_back(key, newest().number) || !proven(account))
        return std::nullopt;
    std::vector<PriceVector> then;
    for (const auto& venue : venues_)
        then.push_back(venue->prices());
    then[account.venue][crossing.leaf] = crossing.price;
    const Moment moment{newest(), false, &then, {}};
    Terms terms = terms_at(moment);
    terms.at = terms.at.next(params_.block_seconds);
    const Venue& venue = *venues_[account.venue];
    const Appraiser appraiser{terms, venue, then[account.venue]};
    MovedPools moved;
    ledger_.add_to(moved, routes_.pools());
    Appraisal appraisal = appraiser.best(account.id, moved);
    if (appraisal.reason != Reason::none) return std::nullopt;
    ArmedPlan out{
        account.venue,   account.id, venue.account_version(account.id), crossing, {}, appraisal.path, {}, {},
        terms.gas_price, {}};
    for (std::size_t i = 0; i < out.path.count; ++i)
        out.pools.at(i) = routes_.pools().versions(pool_of(out.path.directions.at(i)));
    const auto largest =
        venue.resize(appraisal.opportunity.quote, TokenAmount{U256::max()}, then[account.venue], terms.at);
    if (!largest) return std::nullopt;
    out.largest = largest->repaid;
    out.least_profit = least_profit(appraisal.opportunity,
                                    guard_of(account.venue, appraisal.opportunity.quote.debt, moment));
    out.decision = prepared(account, std::move(appraisal), moment, moment.head.number.next(armed_blocks()));
    data_fees_.learn(out.path.count, out.decision.calldata);
    return out;
}

/// Whether the pool would let exactly this pass at these prices, and no other amount would be the better one.
bool Engine::Core::holds_true(const ArmedPlan& plan, const PriceVector& prices, Timestamp t) const {
    const Venue& venue = *venues_[plan.venue];
    const Quote& quote = plan.decision.opportunity.quote;
    const TokenAmount asked = quote.at_most.is_zero() ? quote.repaid : quote.at_most;
    const auto now = venue.resize(quote, asked, prices, t);
    if (!now || now->repaid > asked || !still_pays(plan, now->seized)) return false;
    const auto largest = venue.resize(quote, TokenAmount{U256::max()}, prices, t);
    return largest && about_as_large(largest->repaid, plan.largest);
}

/// Whether nothing has changed since but prices, time and what does not matter.
bool Engine::Core::unchanged(const ArmedPlan& plan) const {
    const Venue& venue = *venues_[plan.venue];
    if (plan.account >= venue.account_count() || venue.account_version(plan.account) != plan.version ||
        venue.account_address(plan.account) != plan.decision.key.account)
        return false;
    for (std::size_t i = 0; i < plan.path.count; ++i) {
        if (routes_.pools().versions(pool_of(plan.path.directions.at(i))) != plan.pools.at(i)) return false;
    }
    return true;
}

/// At a quiet moment, once a block.
void Engine::Core::arm(Output& out) {
    if (params_.armed == 0 || armed_void_ || queue_.front() != nullptr || !readiness().ready()) return;
    const Timestamp t = inclusion(newest()).next(params_.block_seconds);
    std::vector<ArmedPlan> next;
    for (const Near& near : nearest_accounts()) {
        const auto old = std::ranges::find_if(armed_, [&](const ArmedPlan& plan) {
            return plan.venue == near.account.venue && plan.account == near.account.id;
        });
        const bool known = old != armed_.end();
        if (known && unchanged(*old) &&
            old->decision.last_block >= newest().number.next(params_.deadline_blocks) &&
            still_worth_it(*old, gas_price(Moment{newest()}), params_.min_profit)) {
            PriceVector then = venues_[near.account.venue]->prices();
            then[near.crossing.leaf] = near.crossing.price;
            if (holds_true(*old, then, t)) {
                next.push_back(*old);
                next.back().crossing = near.crossing;
                continue;
            }
        }
        if (auto plan = plan_ahead(near)) {
            out.arms.push_back(Arm{plan->decision});
            next.push_back(*std::move(plan));
        }
    }
    for (const ArmedPlan& plan : armed_) {
        const bool kept = std::ranges::any_of(
            next, [&](const ArmedPlan& one) { return one.decision.key == plan.decision.key; });
        if (!kept) out.disarms.push_back(Disarm{plan.decision.key});
    }
    armed_ = std::move(next);
    armed_at_.clear();
    for (const auto& venue : venues_)
        armed_at_.push_back(venue->prices());
    counts_.armed = armed_.size();
    tell_triggers(out);
}

/// Whether the moment's prices may have brought the account below its line: where the leaf of its crossing is
/// the only one that moved, the crossing tells.
bool Engine::Core::may_have_crossed(const ArmedPlan& plan, const PriceVector& now) const {
    const PriceVector& then = armed_at_[plan.venue];
    std::size_t moved = 0;
    for (std::size_t i = 0; i < now.size(); ++i)
        moved += now[i] != then[i] ? 1U : 0U;
    if (moved == 0) return false;
    const ReserveId leaf = plan.crossing.leaf;
    if (moved > 1 || now[leaf] == then[leaf]) return true;
    return plan.crossing.falling ? now[leaf] <= plan.crossing.price : now[leaf] >= plan.crossing.price;
}

/// Whether all is well but for what prices say.
bool Engine::Core::may_leave(const ArmedPlan& plan, const Moment& moment, const GasPrice& price,
                             const MovedPools& moved) const {
    const IntentKey& key = plan.decision.key;
    if (!has_gas_for(plan.decision.gas_limit, moment.head) ||
        !still_worth_it(plan, price, params_.min_profit))
        return false;
    if (!unchanged(plan) || ledger_.find(key) != nullptr || ledger_.held_back(key, moment.head.number))
        return false;
    const bool late = plan.decision.last_block < moment.head.number.next(params_.deadline_blocks);
    if (late || !proven(Account{plan.venue, plan.account})) return false;
    for (std::size_t i = 0; i < plan.path.count; ++i) {
        const DirectionId direction = plan.path.directions.at(i);
        if (moved.times(direction) != 0 || moved.after_all(pool_of(direction)) != nullptr) return false;
    }
    return true;
}

bool Engine::Core::may_fire(const ArmedPlan& plan, const Moment& moment, const GasPrice& price,
                            const MovedPools& moved) const {
    const PriceVector& now = prices(plan.venue, moment);
    if (!may_have_crossed(plan, now) || !may_leave(plan, moment, price, moved)) return false;
    Wad factor;
    venues_[plan.venue]->health({&plan.account, 1}, now, inclusion(moment.head), {&factor, 1});
    return factor < kArmLine && prices_agree(Account{plan.venue, plan.account}, moment) &&
           holds_true(plan, now, inclusion(moment.head));
}

/// Sends the nearest of what is held ready and has crossed, as it stands; true if there was one. What cannot
/// go that way is decided anew.
bool Engine::Core::fire(const Moment& moment, Output& out) {
    const bool any = std::ranges::any_of(
        armed_, [&](const ArmedPlan& plan) { return may_have_crossed(plan, prices(plan.venue, moment)); });
    if (!any) return false;
    const GasPrice price = gas_price(moment);
    if (room_.intents == 0 || gate(moment, price)) return false;
    MovedPools moved;
    ledger_.add_to(moved, routes_.pools());
    const auto found = std::ranges::find_if(
        armed_, [&](const ArmedPlan& plan) { return may_fire(plan, moment, price, moved); });
    if (found == armed_.end()) return false;
    take_off(found, moment, out);
    return true;
}

/// As it stands.
void Engine::Core::take_off(std::vector<ArmedPlan>::iterator plan, const Moment& moment, Output& out) {
    Decision made = std::move(plan->decision);
    const ExitPath path = plan->path;
    armed_.erase(plan);
    made.armed = true;
    made.block_hash = moment.head.hash;
    made.block_number = moment.head.number;
    made.triggered = received_;
    made.speculative = moment.speculative;
    made.behind = moment.behind;
    ++counts_.armed_sends;
    commit(std::move(made), path, moment, out);
}

/// Numbers of accounts and pools mean nothing any more.
void Engine::Core::disarm_all(Output& out) {
    for (const ArmedPlan& plan : armed_)
        out.disarms.push_back(Disarm{plan.decision.key});
    if (params_.triggers) out.triggers.emplace_back();
    armed_.clear();
    armed_at_.clear();
    armed_void_ = false;
    counts_.armed = 0;
}

}  // namespace plimsoll::strategy
