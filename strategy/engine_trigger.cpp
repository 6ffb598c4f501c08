// SPDX-License-Identifier: Apache-2.0
// Which answers send what is held ready, for a thread that looks at nothing else; and what such a thread did.
#include "strategy/engine_core.hpp"
#include "strategy/rank/trigger_band.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::strategy {

namespace {

constexpr Wad kTriggerLine{pow10(18)};     // a health factor of one
constexpr std::uint64_t kReachParts = 20;  // a twentieth of today's answer, as far as arming looks

void add_once(std::vector<Address>& to, const Address& one) {
    if (std::ranges::find(to, one) == to.end()) to.push_back(one);
}

}  // namespace

/// Aggregators of all prices of the account; false if anything but answers may move one of them.
bool Engine::Core::aggregators_of(const ArmedPlan& plan, std::vector<Address>& out) const {
    const Venue& venue = *venues_[plan.venue];
    std::vector<ReserveId> reserves;
    venue.reserves_of(plan.account, reserves);
    std::vector<AggregatorAnswer> answers;
    for (const ReserveId reserve : reserves) {
        answers.clear();
        venue.answers_of(reserve, answers);
        if (answers.empty()) return false;
        for (const AggregatorAnswer& one : answers)
            add_once(out, one.aggregator);
    }
    return !reserves.empty();
}

/// The answers of one aggregator that bring the account below its line and leave the plan right. Every price
/// that hangs on the aggregator moves with it.
std::optional<Trigger> Engine::Core::trigger_of(const ArmedPlan& plan, const AggregatorAnswer& source,
                                                Timestamp t) const {
    const Venue& venue = *venues_[plan.venue];
    const U256& today = source.answer.value;
    const U256 reach = today / U256{kReachParts};
    if (reach.is_zero()) return std::nullopt;
    PriceVector then;
    const auto suppose = [&](const U256& answer) {
        then = venue.prices();
        static_cast<void>(venue.what_if_mined({source.aggregator, Answer{answer}}, then));
    };
    const auto below = [&](const U256& answer) {
        suppose(answer);
        Wad factor;
        venue.health({&plan.account, 1}, then, t, {&factor, 1});
        return factor < kTriggerLine;
    };
    const auto holds = [&](const U256& answer) { return below(answer) && holds_true(plan, then, t); };
    const auto band = answer_band(today, plan.crossing.falling ? today - reach : today + reach, below, holds);
    if (!band) return std::nullopt;
    const Quote& quote = plan.decision.opportunity.quote;
    return Trigger{plan.decision.key,
                   source.aggregator,
                   band->least,
                   band->most,
                   plan.crossing.falling,
                   {},
                   {quote.collateral_asset, quote.debt_asset}};
}

/// What can be told of one answer alone. Where second sources guard the prices, nothing can.
void Engine::Core::tell_triggers(Output& out) const {
    if (!params_.triggers) return;
    const Timestamp t = inclusion(newest()).next(params_.block_seconds);
    TriggerSet set{newest().number.next(1), {}};
    std::vector<AggregatorAnswer> sources;
    for (const ArmedPlan& plan : armed_) {
        std::vector<Address> all;
        if (!guard_.empty() || !aggregators_of(plan, all)) continue;
        sources.clear();
        venues_[plan.venue]->answers_of(plan.crossing.leaf, sources);
        for (const AggregatorAnswer& source : sources) {
            auto trigger = trigger_of(plan, source, t);
            if (!trigger) continue;
            std::ranges::remove_copy(all, std::back_inserter(trigger->others), source.aggregator);
            set.triggers.push_back(*std::move(trigger));
        }
    }
    out.triggers.push_back(std::move(set));
}

/// Whether anything may leave on a price of the block that is open now, or of the next one.
bool Engine::Core::may_send() const {
    if (state_ != EngineState::ready || rest_ || armed_void_) return false;
    const Moment moment = open_moment();
    return room_.intents != 0 && !gate(moment, gas_price(moment));
}

bool Engine::Core::may_send(const IntentKey& key) const {
    if (!may_send()) return false;
    const auto found =
        std::ranges::find_if(armed_, [&](const ArmedPlan& plan) { return plan.decision.key == key; });
    if (found == armed_.end()) return false;
    const Moment moment = open_moment();
    MovedPools moved;
    ledger_.add_to(moved, routes_.pools());
    return may_leave(*found, moment, gas_price(moment), moved);
}

Engine::Core::Moment Engine::Core::open_moment() const {
    const BlockQueue::Block* const open = queue_.front();
    const bool follows = open != nullptr && open->head.parent_hash == newest().hash;
    return Moment{follows ? open->head : newest(), true, nullptr, {}};
}

std::optional<Decision> Engine::Core::sent_ahead(const IntentKey& key, const Hash32& block_hash,
                                                 BlockNumber block_number, ReceiveTime received) {
    const auto found =
        std::ranges::find_if(armed_, [&](const ArmedPlan& plan) { return plan.decision.key == key; });
    if (found == armed_.end() || ledger_.find(key) != nullptr) return std::nullopt;
    Moment moment{newest(), true, nullptr, {}};
    moment.head.hash = block_hash;
    moment.head.number = block_number;
    received_ = received;
    Output out;
    take_off(found, moment, out);
    return std::move(out.decisions.front());
}

}  // namespace plimsoll::strategy
