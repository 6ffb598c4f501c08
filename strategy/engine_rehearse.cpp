// SPDX-License-Identifier: Apache-2.0
// What keeps the way from a price to a decision warm while nothing happens.
#include "strategy/engine_core.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::strategy {

namespace {

constexpr Wad kUnderstudyLine{pow10(18)};     // a health factor of one
constexpr BasisPoints kUnderstudyReach{500};  // of today's price
constexpr std::size_t kUnderstudies = 8;      // of a venue

/// A hundredth beyond its crossing: by then interest and prices have moved since that was found.
Usd well_beyond(const Crossing& crossing) {
    const U256 price = crossing.price.raw();
    const U256 part = price / U256{100};
    if (crossing.falling) return Usd{price - part};
    return Usd{price + std::min(part, U256::max() - price)};
}

}  // namespace

/// The accounts nearest their line, of those whose health factors were computed for other reasons.
void Engine::Core::choose_understudies(VenueId id, std::span<const AccountId> accounts,
                                       std::span<const Wad> health) {
    std::vector<std::pair<Wad, AccountId>> near;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        if (health[i] >= kUnderstudyLine) near.emplace_back(health[i], accounts[i]);
    }
    const auto last = near.begin() + static_cast<std::ptrdiff_t>(std::min(near.size(), kUnderstudies));
    std::partial_sort(near.begin(), last, near.end());
    PriceVector prices = venues_[id]->prices();
    for (auto one = near.begin(); one != last; ++one) {
        if (const auto crossing =
                nearest_crossing(*venues_[id], one->second, prices, inclusion(newest()), kUnderstudyReach))
            understudies_.push_back(Near{Account{id, one->second}, *crossing});
    }
}

/// The first that leads to something: the nearest of all may owe too little, or be under way already.
std::optional<Decision> Engine::Core::rehearse() {
    std::optional<Decision> out;
    if (queue_.front() != nullptr || !may_send()) return out;
    rehearsed_prices_.resize(venues_.size());
    for (const auto& [account, crossing] : understudies_) {
        if (account.id >= venues_[account.venue]->account_count() || !proven(account)) continue;
        for (VenueId id = 0; id < venues_.size(); ++id)
            rehearsed_prices_[id] = venues_[id]->prices();
        rehearsed_prices_[account.venue][crossing.leaf] = well_beyond(crossing);
        Output nothing;
        evaluate({&account, 1}, Moment{newest(), true, &rehearsed_prices_, {}, &out}, nothing);
        if (out) break;
    }
    return out;
}

void Engine::Core::act_out(const Selected& selected, const Moment& moment) const {
    const Account account{selected.candidate.venue, selected.candidate.account};
    if (selected.appraisal.reason != Reason::none || !prices_agree(account, moment)) return;
    *moment.rehearsal =
        prepared(account, selected.appraisal, moment, moment.head.number.next(params_.deadline_blocks));
}

}  // namespace plimsoll::strategy
