// SPDX-License-Identifier: Apache-2.0
// The part of AaveV3Venue that knows who is below the line.
#include "strategy/venues/aave_v3/venue.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::strategy {

using aave_v3::account_data;
using aave_v3::can_be_liquidated;
using aave_v3::Valuation;

ReserveSet AaveV3Venue::waiting() const {
    ReserveSet out = 0;
    if (!leaves_.pending()) return out;
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
        const auto leaf = static_cast<ReserveId>(i);
        if (leaves_.polled(leaf)) out |= only(leaf);
    }
    return out;
}

void AaveV3Venue::prepare(Timestamp t) const {
    if (!in_step_) return;
    // Interest moves every weight a little; afterwards only those count of which a price moves.
    const std::span<const AccountId> found =
        line_.look(valuation(leaves_.prices(), t), aave_v3::LineWatch::Whom::newcomers);
    not_told_yet_.insert(not_told_yet_.end(), found.begin(), found.end());
}

void AaveV3Venue::liquidatable(const Changes& changes, const PriceVector& prices, Timestamp t,
                               std::vector<AccountId>& out) const {
    using aave_v3::LineWatch;
    if (!in_step_) return;
    const Valuation at = valuation(prices, t);
    const auto whom = changes.everything ? LineWatch::Whom::everybody : LineWatch::Whom::newcomers;
    const std::span<const AccountId> found = line_.look(at, whom);
    candidates_.swap(not_told_yet_);
    not_told_yet_.clear();
    candidates_.insert(candidates_.end(), found.begin(), found.end());
    // Whoever is named is looked at, whether it is news or not.
    candidates_.insert(candidates_.end(), changes.accounts.begin(), changes.accounts.end());
    std::sort(candidates_.begin(), candidates_.end());
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
    confirm(at, candidates_, out);
    // A what-if is no news: whom it finds must be told again when it has come true.
    if (&prices != &leaves_.prices()) not_told_yet_.swap(candidates_);
}

void AaveV3Venue::near_line(const PriceVector& prices, Timestamp t, const Wad& below,
                            std::vector<AccountId>& out) const {
    if (!in_step_) return;
    const std::size_t before = out.size();
    line_.below(valuation(prices, t), below.raw().to_double() / 1e18, out);
    const auto first = out.begin() + static_cast<std::ptrdiff_t>(before);
    out.erase(std::remove_if(first, out.end(), [this](AccountId one) { return book_.quarantined(one); }),
              out.end());
}

/// Exact integers decide. Whoever waits for a polled price waits until it is there.
void AaveV3Venue::confirm(const Valuation& at, std::span<const AccountId> candidates,
                          std::vector<AccountId>& out) const {
    if (candidates.empty()) return;
    const ReserveSet untold = waiting();
    for (const AccountId account : candidates) {
        if (account >= book_.size() || book_.quarantined(account)) continue;
        if (untold != 0 && ((book_.collateral(account) | book_.debts(account)) & untold) != 0) {
            not_told_yet_.push_back(account);
        } else if (can_be_liquidated(at, account_data(at, account))) {
            out.push_back(account);
        }
    }
}

}  // namespace plimsoll::strategy
