// SPDX-License-Identifier: Apache-2.0
// Beginning: the markets and pools are read at one block hash, later blocks wait, then all of them follow the
// chain.
#include "strategy/engine_core.hpp"
#include "strategy/rank/valuation.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::strategy {

namespace {

template <class T>
void sort_unique(std::vector<T>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

void Engine::Core::begin(Output& out) {
    const auto head = queue_.newest_sealed();
    if (!head) return;
    pin_ = *head;
    state_ = EngineState::bootstrapping;
    phase_ = Phase::markets;
    told_.clear();
    ledger_.forget_numbers();
    for (const auto& venue : venues_)
        venue->start(pin_);
    ask_markets(out);
}

void Engine::Core::ask_markets(Output& out) {
    bool finished = true;
    for (VenueId id = 0; id < venues_.size(); ++id) {
        if (venues_[id]->progress().finished) continue;
        finished = false;
        for (ReadRequest& request : venues_[id]->next_reads(next_id_)) {
            reads_.emplace(request.id, Read{ReadKind::market, id});
            out.reads.push_back(std::move(request));
        }
    }
    if (finished) find_pools(out);
}

void Engine::Core::find_pools(Output& out) {
    if (!find_native_asset()) {
        stop(0,
             Error{Errc::config_invalid, "no market has the native asset " + to_string(params_.native_asset) +
                                             " as a reserve, so gas cannot be valued"},
             out);
        return;
    }
    phase_ = Phase::pools;
    std::vector<Address> tokens;
    for (const RouteAsset& asset : route_assets())
        tokens.push_back(asset.token);
    flash_.start(std::move(tokens));
    routes_.start(pin_, route_assets(), params_.intermediates, params_.native_asset);
    routes_.discover(next_id_, out.reads);
    if (routes_.discovered()) follow(out);
}

bool Engine::Core::find_native_asset() {
    for (VenueId id = 0; id < venues_.size(); ++id) {
        const auto assets = venues_[id]->assets();
        const auto found = std::find_if(assets.begin(), assets.end(),
                                        [&](const Asset& a) { return a.token == params_.native_asset; });
        if (found == assets.end()) continue;
        native_venue_ = id;
        native_reserve_ = static_cast<ReserveId>(found - assets.begin());
        return true;
    }
    return false;
}

std::vector<RouteAsset> Engine::Core::route_assets() const {
    std::vector<RouteAsset> out;
    for (const auto& venue : venues_) {
        const auto assets = venue->assets();
        for (std::size_t i = 0; i < assets.size(); ++i) {
            Usd price = venue->prices()[i];
            if (price.is_zero()) price = Usd{1'00000000};  // unknown: some scale is needed
            out.push_back(RouteAsset{
                assets[i].token, tokens_worth(params_.pool_sample, price, assets[i].decimals, Rounding::up)});
        }
    }
    return out;
}

/// From here on blocks are applied. Those that began before the watch was complete are completed by a query.
void Engine::Core::follow(Output& out) {
    phase_ = Phase::following;
    applied_.assign(1, pin_);
    queue_.drop_to(pin_.number);
    take_proofs_of_reading();
    refresh_watch(out);
    for (Changes& changes : changes_)
        changes = Changes{};
    ask_prices(pin_, out);
    drain(out);
    if (state_ == EngineState::bootstrapping && phase_ == Phase::following) become_ready(out);
}

void Engine::Core::become_ready(Output& out) {
    if (state_ != EngineState::bootstrapping || phase_ != Phase::following) return;
    refresh_pools(out);
    if (queue_.front() != nullptr || !loaded_is_proven(out)) return;
    state_ = EngineState::ready;
    once_ready_ = true;
    parity_broken_ = false;
    out.notices.push_back(Notice{Notice::Kind::ready, 0, "", newest().number.value, 0});
    sweep_due_ = true;
}

Watch Engine::Core::complete_watch() const {
    Watch next;
    for (const auto& venue : venues_) {
        const Watch part = venue->watch();
        next.addresses.insert(next.addresses.end(), part.addresses.begin(), part.addresses.end());
        next.topics.insert(next.topics.end(), part.topics.begin(), part.topics.end());
    }
    routes_.append_watch(next);
    sort_unique(next.addresses);
    sort_unique(next.topics);
    return next;
}

void Engine::Core::refresh_watch(Output& out) {
    watch_due_ = false;
    Watch next = complete_watch();
    if (next.addresses == watch_.addresses && next.topics == watch_.topics) return;
    watch_ = std::move(next);
    queue_.watch_changed();
    out.watches.push_back(watch_);
}

}  // namespace plimsoll::strategy
