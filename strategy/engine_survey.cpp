// SPDX-License-Identifier: Apache-2.0
// What is looked through beside the hot path though nobody's price moved, a part of it at each sweep.
#include "strategy/engine_core.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace plimsoll::strategy {

namespace {

constexpr std::uint32_t kSweepsPerSurvey = 8;
constexpr std::size_t kSurveyedAtATime = 16'384;  // accounts: a millisecond or so

}  // namespace

void Engine::Core::survey() {
    if (sweeps_++ % kSweepsPerSurvey == 0) {
        count_watched();
        if (!survey_) survey_.emplace(Survey{0, 0, std::vector<std::vector<Exposure>>(venues_.size())});
    }
    if (!survey_) return;
    std::size_t left = kSurveyedAtATime;
    while (left != 0 && survey_->venue < venues_.size()) {
        const std::size_t count = venues_[survey_->venue]->account_count();
        const std::size_t first = std::min<std::size_t>(survey_->next, count);
        const std::size_t end = std::min(count, first + left);
        survey_part({static_cast<AccountId>(first), static_cast<AccountId>(end)});
        left -= end - first;
        survey_->next = static_cast<AccountId>(end);
        if (end != count) continue;
        ++survey_->venue;
        survey_->next = 0;
    }
    if (survey_->venue != venues_.size()) return;
    prepare_routes();
    survey_.reset();
}

/// Accounts below the watched health factor; of them whoever is not proven is so next.
void Engine::Core::count_watched() {
    counts_.below_watch = 0;
    understudies_.clear();
    std::vector<AccountId> near;
    for (VenueId id = 0; id < venues_.size(); ++id) {
        const Venue& venue = *venues_[id];
        near.clear();
        venue.near_line(venue.prices(), inclusion(newest()), params_.health_watch, near);
        const std::vector<Wad> health = health_of(id, near);
        counts_.below_watch += static_cast<std::uint64_t>(std::count_if(
            health.begin(), health.end(), [&](const Wad& factor) { return factor < params_.health_watch; }));
        want_audits(id, near, health, false);
        choose_understudies(id, near, health);
    }
}

void Engine::Core::survey_part(AccountRange part) {
    const VenueId id = survey_->venue;
    const Venue& venue = *venues_[id];
    std::vector<AccountId> unproven;
    for (AccountId account = part.first; account < part.end; ++account) {
        if (!proven({id, account})) unproven.push_back(account);
    }
    want_audits(id, unproven, health_of(id, unproven), false);
    venue.exposures(part, venue.prices(), inclusion(newest()), params_.route_health, survey_->widest[id]);
}

/// Has the pools known as far as the largest sales that could be needed soon.
void Engine::Core::prepare_routes() {
    std::map<std::pair<Address, Address>, TokenAmount> most;
    for (VenueId id = 0; id < venues_.size(); ++id) {
        const auto assets = venues_[id]->assets();
        for (const Exposure& exposure : survey_->widest[id]) {
            TokenAmount& largest = most[{assets[exposure.collateral].token, assets[exposure.debt].token}];
            largest = std::max(largest, exposure.largest);
        }
    }
    for (const auto& [pair, largest] : most)
        routes_.prepare(pair.first, pair.second, largest);
}

}  // namespace plimsoll::strategy
