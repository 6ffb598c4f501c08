// SPDX-License-Identifier: Apache-2.0
#include "strategy/engine_core.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace plimsoll::strategy {

Engine::Core::Core(EngineParams params, std::vector<std::unique_ptr<Venue>> venues)
    : params_{std::move(params)},
      venues_{std::move(venues)},
      next_id_{[this] { return ++last_id_; }},
      guard_{params_.second_sources, params_.max_deviation,
             std::max(params_.second_source_max_age, 3 * params_.block_seconds)},
      audit_{venues_.size(), params_.audit_batch},
      sequencer_{params_.sequencer_feed, params_.sequencer_grace},
      data_fees_{params_.data_fee},
      routes_{params_.uniswap, params_.max_reads_outstanding},
      flash_{params_.flash},
      changes_(venues_.size()),
      what_if_(venues_.size()) {}

void Engine::Core::on(const Event& event, Output& out) {
    while (rest_)
        proceed(out);
    if (state_ == EngineState::stopped) return;
    received_ = event.received;
    std::visit(
        [&](const auto& body) {
            using Body = std::decay_t<decltype(body)>;
            if constexpr (std::is_same_v<Body, BlockStarted>) {
                started(body.head, out);
            } else if constexpr (std::is_same_v<Body, LogSeen>) {
                seen(body.log, out);
            } else if constexpr (std::is_same_v<Body, BlockSealed>) {
                sealed(body, out);
            } else if constexpr (std::is_same_v<Body, BlockUndone>) {
                undone(body.hash, out);
            } else if constexpr (std::is_same_v<Body, PendingTransaction>) {
                evaluate_pending(body, out);
            } else if constexpr (std::is_same_v<Body, ReadResult>) {
                answered(body, out);
            } else if constexpr (std::is_same_v<Body, Readiness>) {
                handle(body, out);
            } else if constexpr (std::is_same_v<Body, OutcomeSeen>) {
                handle(body);
            }
        },
        event.body);
    if (proof_ != Proof::none) become_ready(out);
    // Whatever must answer at once has answered: a full look at everybody waits for a quieter event.
    const bool hot = std::holds_alternative<BlockSealed>(event.body) ||
                     std::holds_alternative<LogSeen>(event.body) ||
                     std::holds_alternative<PendingTransaction>(event.body);
    if (!hot && !rest_ && sweep_due_ && state_ == EngineState::ready) {
        sweep(out);
        arm(out);
    }
    if (armed_void_) disarm_all(out);
}

void Engine::Core::handle(const Readiness& readiness, Output& out) {
    sweep_due_ = sweep_due_ || readiness != readiness_;  // other reasons hold now
    readiness_ = readiness;
    const bool follows = phase_ == Phase::following && !applied_.empty();
    if (follows && !readiness.has(NotReady::catching_up)) ask_prices(newest(), out);
}

void Engine::Core::handle(const OutcomeSeen& seen) {
    const BlockNumber applied = applied_.empty() ? BlockNumber{} : newest().number;
    const auto entry = ledger_.close(seen.outcome, applied);
    if (!entry || !entry->gas) return;
    if (seen.outcome.kind == OutcomeKind::confirmed)
        gas_table_.learn_used(*entry->gas, execution_alone(*entry->gas, seen.outcome.gas_used));
}

void Engine::Core::adopt(const IntentKey& key) {
    ledger_.open(key, IntentLedger::Entry{});
}

void Engine::Core::hold(Reason reason, bool on) {
    sweep_due_ = holds_.set(reason, on) || sweep_due_;
}

void Engine::Core::learn_gas(const Opportunity& opportunity, Gas estimated) {
    const VenueId id = opportunity.quote.venue;
    if (id >= venues_.size() || state_ != EngineState::ready) return;
    const GasShape shape = gas_shape(opportunity, *venues_[id]);
    gas_table_.learn_estimated(shape, execution_alone(shape, estimated));
}

void Engine::Core::stop(VenueId venue, Error error, Output& out) {
    state_ = EngineState::stopped;
    out.notices.push_back(Notice{Notice::Kind::venue_stopped, venue, error.context, 0, 0});
    error_ = std::move(error);
}

void Engine::Core::resync(const std::string& why, Output& out) {
    ++counts_.resyncs;
    out.notices.push_back(Notice{Notice::Kind::resync, 0, why, counts_.resyncs, 0});
    forget();
}

/// Back to where a reading or a snapshot can begin.
void Engine::Core::forget() {
    state_ = EngineState::waiting;
    reads_.clear();
    gap_.reset();
    held_prices_.clear();
    prices_asked_ = Hash32{};
    applied_.clear();
    sweep_due_ = false;
    armed_void_ = true;
    rest_.reset();
    block_unfinished_ = false;
    standing_.clear();
    survey_.reset();
    understudies_.clear();
    audit_.reset();
    changed_.clear();
    held_.clear();
    proof_ = Proof::none;
    failed_proofs_ = 0;
}

std::optional<Head> Engine::Core::applied() const {
    if (applied_.empty()) return std::nullopt;
    return newest();
}

EngineCounts Engine::Core::counts() const {
    EngineCounts out = counts_;
    for (const auto& venue : venues_)
        out.accounts += venue->account_count();
    out.liquidatable = standing_.size();
    out.pending = params_.dry_run ? 0 : ledger_.size();
    out.pools = routes_.pools().size();
    out.refused_pools = routes_.refused();
    out.undo_bytes = undo_bytes();
    out.reads_outstanding =
        reads_.size() + routes_.outstanding() + flash_.outstanding() + audit_.outstanding();
    return out;
}

}  // namespace plimsoll::strategy
