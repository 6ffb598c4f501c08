// SPDX-License-Identifier: Apache-2.0
// Answers to what the engine asked the chain.
#include "chain/codec/event_codec.hpp"
#include "strategy/engine_core.hpp"

#include <utility>

namespace plimsoll::strategy {

void Engine::Core::answered(const ReadResult& result, Output& out) {
    if (audit_.asked(result.id)) return audit_answered(result, out);
    const auto found = reads_.find(result.id);
    if (found == reads_.end()) return route_answered(result, out);
    const Read read = found->second;
    reads_.erase(found);
    switch (read.kind) {
        case ReadKind::market:
            return market_answered(read.venue, result, out);
        case ReadKind::prices:
            return prices_answered(read.venue, result, out);
        case ReadKind::gap:
            return gap_answered(result, out);
        case ReadKind::guard:
            return second_sources_answered(result);
        case ReadKind::sequencer:
            return sequencer_answered(result);
        case ReadKind::data_fees:
            return data_fees_answered(result);
    }
}

void Engine::Core::market_answered(VenueId venue, const ReadResult& result, Output& out) {
    if (state_ != EngineState::bootstrapping || phase_ != Phase::markets) return;
    // A venue asks for less where a log query was too large.
    const bool retried = !result.bytes && result.bytes.error().code == Errc::limit_exceeded;
    if (!result.bytes && !retried) return resync("reading the market: " + result.bytes.error().context, out);
    auto accepted = venues_[venue]->accept(result);
    if (!accepted) return stop(venue, std::move(accepted.error()), out);
    const BootstrapProgress progress = venues_[venue]->progress();
    out.notices.push_back(Notice{Notice::Kind::bootstrap_progress, venue, std::string{progress.step},
                                 progress.done, progress.total});
    ask_markets(out);
}

void Engine::Core::route_answered(const ReadResult& result, Output& out) {
    if (state_ != EngineState::bootstrapping && state_ != EngineState::ready) return;
    if (flash_.accept(result)) return;
    const auto taken = routes_.accept(result);
    if (!taken) {
        if (taken.error().code == Errc::no_code) return stop(0, taken.error(), out);
        return resync("looking up pools: " + taken.error().context, out);
    }
    if (*taken == Routes::Taken::foreign) return;
    for (std::string& refusal : routes_.reader().take_refusals())
        out.notices.push_back(Notice{Notice::Kind::pool_refused, 0, std::move(refusal), 0, 0});
    if (phase_ == Phase::pools) {
        out.notices.push_back(
            Notice{Notice::Kind::bootstrap_progress, 0, "pools", routes_.steps_done(), routes_.steps()});
        routes_.discover(next_id_, out.reads);
        if (routes_.discovered()) follow(out);
        return;
    }
    refresh_pools(out);
    // Deeper knowledge may make a skipped account worth it.
    if (state_ != EngineState::ready || sweep_due_ || routes_.reader().busy() != 0) return;
    if (queue_.front() == nullptr) evaluate(standing_, Moment{newest()}, out);
}

void Engine::Core::gap_answered(const ReadResult& result, Output& out) {
    if (!gap_ || gap_->first != result.id) return drain(out);
    const BlockQueue::Gap gap = gap_->second;
    gap_.reset();
    if (!result.bytes) return resync("reading missed logs: " + result.bytes.error().context, out);
    const auto logs = codec::decode_logs(*result.bytes);
    if (!logs) return resync("reading missed logs: " + logs.error().context, out);
    queue_.fill(gap, *logs);  // where blocks changed meanwhile, drain() asks again
    drain(out);
    become_ready(out);
}

void Engine::Core::ask_prices(const Head& head, Output& out) {
    if (prices_asked_ == head.hash) return;
    prices_asked_ = head.hash;
    ask_second_sources(head, out);
    ask_rollup(head, out);
    for (VenueId id = 0; id < venues_.size(); ++id) {
        for (ReadRequest& request : venues_[id]->price_reads(head, next_id_)) {
            reads_.emplace(request.id, Read{ReadKind::prices, id});
            out.reads.push_back(std::move(request));
        }
    }
}

void Engine::Core::prices_answered(VenueId venue, const ReadResult& result, Output& out) {
    if (phase_ != Phase::following || applied_.empty()) return;
    if (newest().hash == result.block_hash) {
        const bool news = take_prices(venue, result, out);
        if (news && state_ == EngineState::ready && queue_.front() == nullptr) decide(Moment{newest()}, out);
        audit_.retry();
        ask_audits(out);
        return;
    }
    if (queue_.holds(result.block_hash)) held_prices_.emplace_back(venue, result);
}

bool Engine::Core::take_prices(VenueId venue, const ReadResult& result, Output& out) {
    Venue& market = *venues_[venue];
    const bool pending = market.prices_pending();
    std::vector<bool> polled;
    for (const Asset& asset : market.assets())
        polled.push_back(asset.polled);
    const auto moved = market.accept_prices(result);
    if (!moved) {
        ++counts_.price_read_failures;
        return false;
    }
    changes_[venue].prices.insert(changes_[venue].prices.end(), moved->begin(), moved->end());
    for (std::size_t i = 0; i < polled.size() && i < market.assets().size(); ++i) {
        const Asset& asset = market.assets()[i];
        if (asset.polled && !polled[i])
            out.notices.push_back(Notice{Notice::Kind::leaf_polled, venue, asset.symbol, 0, 0});
    }
    return !moved->empty() || (pending && !market.prices_pending());
}

void Engine::Core::refresh_pools(Output& out) {
    if (applied_.empty()) return;
    routes_.refresh(newest(), next_id_, out.reads);
    flash_.next_reads(newest(), routes_.pools(), next_id_, out.reads);
}

}  // namespace plimsoll::strategy
