// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/line_index.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace plimsoll::strategy {
namespace {

/// Bounds that may be followed before a pass over everybody is the quicker way: one in so many accounts, and
/// some at least.
constexpr std::size_t kAccountsPerBound = 2'000;
constexpr std::size_t kLeastBounds = 64;
constexpr float kFading = 0.99F;

}  // namespace

LineIndex::State& LineIndex::state_of(AccountId account) {
    while (states_.size() <= account)
        states_.push_back(State::absent);
    return states_[account];
}

void LineIndex::call_near(AccountId account) {
    states_[account] = State::near;
    near_.push_back(account);
}

void LineIndex::put(AccountId account, std::span<const LineTerm> terms, const LineWeights& weights) {
    State& state = state_of(account);
    const State before = std::exchange(state, State::absent);
    if (before == State::above) above_.drop(account);
    if (before == State::below) {
        below_.drop(account);
        std::erase(under_, account);
    }
    scan_.put(account, terms, weights);
    if (before == State::near && !scan_.holds(account)) std::erase(near_, account);
    if (!scan_.holds(account)) return;
    state = State::near;
    if (before != State::near) near_.push_back(account);
}

void LineIndex::clear() {
    scan_.clear();
    above_.clear();
    below_.clear();
    states_.clear();
    near_.clear();
    under_.clear();
    last_ = {};
}

void LineIndex::rebuild(std::size_t accounts, const LineWeights& weights, const TermsOf& terms_of) {
    clear();
    for (AccountId account = 0; account < accounts; ++account) {
        terms_.clear();
        terms_of(account, terms_);
        put(account, terms_, weights);
    }
}

/// The largest move of late counts; it fades as others come.
void LineIndex::learn_moves(const LineWeights& weights, ReserveSet changed) {
    for (const bool owed : {false, true}) {
        const auto& now = owed ? weights.owed : weights.backing;
        auto& before = owed ? last_.owed : last_.backing;
        auto& moves = moves_[owed ? 1 : 0];
        all_of(changed, [&](ReserveId i) {
            if (now[i] == before[i]) return true;
            const double move = before[i] > 0 ? std::abs(now[i] / before[i] - 1.0) : 0.0;
            before[i] = now[i];
            moves[i] *= kFading;
            if (std::isfinite(move)) moves[i] = std::max(moves[i], static_cast<float>(move));
            return true;
        });
    }
}

/// Gives bounds to whoever has none, as far as floating point can tell on which side they are.
void LineIndex::file_near(const LineWeights& weights, const TermsOf& terms_of) {
    std::size_t kept = 0;
    for (const AccountId account : near_) {
        terms_.clear();
        terms_of(account, terms_);
        const LineDistance away = distance(terms_, weights);
        if (away.least > 0) {
            states_[account] = State::above;
            above_.file(account, terms_, weights, away.least, moves_);
            continue;
        }
        news_.push_back(account);
        if (away.most < 0) {
            states_[account] = State::below;
            under_.push_back(account);
            below_.file(account, terms_, weights, -away.most, moves_);
        } else {
            near_[kept++] = account;
        }
    }
    near_.resize(kept);
}

LineIndex::Look LineIndex::look(const LineWeights& weights, const TermsOf& terms_of, std::size_t patience,
                                ReserveSet changed) {
    ++counts_.looks;
    const std::size_t most = std::max(kLeastBounds, size() / kAccountsPerBound) * patience;
    crossed_.clear();
    news_.clear();
    const ReserveSet known = first_reserves(weights.reserves);
    learn_moves(weights, changed & known);
    const ReserveSet among = behind_ ? known : changed & known;
    const bool all_below = below_.cross(weights, among, most, crossed_);
    const std::size_t risen = crossed_.size();
    const bool all_above = above_.cross(weights, among, most, crossed_);
    counts_.refiled += crossed_.size();
    for (const AccountId account : crossed_)
        call_near(account);
    if (risen != 0) std::erase_if(under_, [this](AccountId one) { return states_[one] != State::below; });
    const std::size_t standing = under_.size();
    file_near(weights, terms_of);
    const std::span<const AccountId> still = std::span{under_}.first(standing);
    if (all_below && all_above) {
        if (!std::exchange(behind_, false)) return {news_, still};
        // Some of them were above at the last look, which no bound was followed to see.
        news_.insert(news_.end(), still.begin(), still.end());
        return {news_, {}};
    }
    behind_ = true;
    ++counts_.passes;
    news_.clear();
    scan_.below(weights, 1.0, news_);
    return {news_, {}};
}

void LineIndex::tidy() {
    above_.tidy();
    below_.tidy();
}

std::size_t LineIndex::bytes() const noexcept {
    const std::size_t lists = near_.capacity() + under_.capacity() + news_.capacity() + crossed_.capacity();
    return scan_.bytes() + above_.bytes() + below_.bytes() + states_.bytes() + lists * sizeof(AccountId);
}

}  // namespace plimsoll::strategy
