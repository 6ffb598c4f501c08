// SPDX-License-Identifier: Apache-2.0
// What keeps the way from a price to a decision warm while nothing happens.
#include "strategy/engine_core.hpp"

namespace plimsoll::strategy {

namespace {

constexpr Wad kUnderstudyLine{pow10(18)};     // a health factor of one
constexpr BasisPoints kUnderstudyReach{500};  // of today's price

/// A hundredth beyond its crossing: by then interest and prices have moved since that was found.
Usd well_beyond(const Crossing& crossing) {
    const Usd part{crossing.price.raw() / U256{100}};
    return crossing.falling ? crossing.price - part : crossing.price + part;
}

}  // namespace

/// The account nearest its line, of those whose health factors were computed for other reasons.
void Engine::Core::choose_understudy(VenueId id, std::span<const AccountId> accounts,
                                     std::span<const Wad> health) {
    std::optional<std::size_t> nearest;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        if (health[i] >= kUnderstudyLine && (!nearest || health[i] < health[*nearest])) nearest = i;
    }
    if (!nearest) return;
    const Account account{id, accounts[*nearest]};
    PriceVector prices = venues_[id]->prices();
    const auto crossing =
        nearest_crossing(*venues_[id], account.id, prices, inclusion(newest()), kUnderstudyReach);
    if (crossing && (!understudy_ || crossing->distance < understudy_->crossing.distance))
        understudy_ = Near{account, *crossing};
}

std::optional<Decision> Engine::Core::rehearse() {
    std::optional<Decision> out;
    if (!understudy_ || queue_.front() != nullptr || !may_send()) return out;
    const auto& [account, crossing] = *understudy_;
    if (account.id >= venues_[account.venue]->account_count() || !proven(account)) return out;
    rehearsed_prices_.resize(venues_.size());
    for (VenueId id = 0; id < venues_.size(); ++id)
        rehearsed_prices_[id] = venues_[id]->prices();
    rehearsed_prices_[account.venue][crossing.leaf] = well_beyond(crossing);
    Output nothing;
    evaluate({&account, 1}, Moment{newest(), true, &rehearsed_prices_, {}, &out}, nothing);
    return out;
}

void Engine::Core::act_out(const Selected& selected, const Moment& moment) const {
    const Account account{selected.candidate.venue, selected.candidate.account};
    if (selected.appraisal.reason != Reason::none || !prices_agree(account, moment)) return;
    *moment.rehearsal =
        prepared(account, selected.appraisal, moment, moment.head.number.next(params_.deadline_blocks));
}

}  // namespace plimsoll::strategy
