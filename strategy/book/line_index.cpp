// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/line_index.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace plimsoll::strategy {
namespace {

/// Bounds that may be followed before a pass over everybody is the quicker way: one in so many accounts, and
/// some at least.
constexpr std::size_t kAccountsPerBound = 1'500;
constexpr std::size_t kLeastBounds = 16;
constexpr float kFading = 0.99F;
/// What is done of other work at a time: less than a millisecond's.
constexpr std::size_t kFiledAtATime = 1'024;
constexpr std::size_t kLetGoAtATime = 128;

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
    coming_.clear();
    renewing_ = false;
    last_ = {};
}

void LineIndex::rebuild(std::size_t accounts, const LineWeights& weights, const TermsOf& terms_of) {
    clear();
    for (AccountId account = 0; account < accounts; ++account) {
        terms_.clear();
        terms_of(account, terms_);
        scan_.put(account, terms_, weights);
        states_.push_back(scan_.holds(account) ? State::far : State::absent);
    }
    last_.reserves = weights.reserves;
    last_.unit = weights.unit;
    far_.begin(weights);
    scan_.below(weights, FarGroup::kHealth, near_, FarGroup::kRoom);
    for (const AccountId account : near_)
        states_[account] = State::near;
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
            far_.moved(owed, i, now[i]);
            if (renewing_) next_far_.moved(owed, i, now[i]);
            moves[i] *= kFading;
            if (std::isfinite(move)) moves[i] = std::max(moves[i], static_cast<float>(move));
            return true;
        });
    }
}

/// Files the account, as far as floating point can tell on which side it is; `near` if it cannot.
LineIndex::State LineIndex::side_of(AccountId account, const LineWeights& weights, const TermsOf& terms_of) {
    terms_.clear();
    terms_of(account, terms_);
    const LineDistance away = distance(terms_, weights);
    State& state = states_[account];
    if (away.least > 0) {
        state = !renewing_ && far_.admits(terms_) ? State::far : State::above;
        if (state == State::above) above_.file(account, terms_, weights, away.least, moves_);
    } else if (away.most < 0) {
        state = State::below;
        under_.push_back(account);
        below_.file(account, terms_, weights, -away.most, moves_);
    } else {
        state = State::near;
    }
    return state;
}

/// Gives bounds to whoever has none.
void LineIndex::file_near(const LineWeights& weights, const TermsOf& terms_of) {
    std::size_t kept = 0;
    news_.clear();
    for (const AccountId account : near_) {
        const State state = side_of(account, weights, terms_of);
        if (state == State::near) near_[kept++] = account;
        if (state == State::near || state == State::below) news_.push_back(account);
    }
    near_.resize(kept);
}

LineIndex::Look LineIndex::look(const LineWeights& weights, const TermsOf& terms_of, std::size_t patience,
                                Whom whom, ReserveSet changed) {
    ++counts_.looks;
    const ReserveSet known = first_reserves(weights.reserves);
    learn_moves(weights, changed & known);
    const ReserveSet among = behind_ ? known : changed & known;
    const std::size_t most = std::max(kLeastBounds, size() / kAccountsPerBound) * patience;
    std::size_t crossed = below_.crossed(weights, among, most);
    if (crossed <= most) crossed += above_.crossed(weights, among, most);
    // In a hurry nothing is begun that would not be finished.
    const bool enough = crossed <= most && far_.safe();
    if (!enough && patience == 1) return pass(weights, whom);
    follow(weights, among, crossed == 0 ? 0 : most);
    const std::size_t standing = under_.size();
    file_near(weights, terms_of);
    if (!enough) return pass(weights, whom);
    if (behind_) return catch_up();
    for (const AccountId account : crossed_)
        scan_.mark(account, false);
    for (const AccountId account : news_)
        scan_.mark(account, states_[account] == State::below);
    return {news_, std::span{under_}.first(standing)};
}

/// Whoever has a bound that is crossed is near.
void LineIndex::follow(const LineWeights& weights, ReserveSet among, std::size_t most) {
    crossed_.clear();
    if (most == 0) return;
    static_cast<void>(below_.cross(weights, among, most, crossed_));
    const bool risen = !crossed_.empty();
    static_cast<void>(above_.cross(weights, among, most, crossed_));
    counts_.refiled += crossed_.size();
    for (const AccountId account : crossed_)
        call_near(account);
    if (risen) std::erase_if(under_, [this](AccountId one) { return states_[one] != State::below; });
}

LineIndex::Look LineIndex::pass(const LineWeights& weights, Whom whom) {
    behind_ = true;
    ++counts_.passes;
    news_.clear();
    standing_.clear();
    scan_.sunk(weights, {&news_, whom == Whom::everybody ? &standing_ : nullptr});
    return {news_, standing_};
}

/// Some of those filed below were above at the last look, which no bound was followed to see, and the other
/// way round: what that pass marked says which.
LineIndex::Look LineIndex::catch_up() {
    behind_ = false;
    news_.assign(near_.begin(), near_.end());
    standing_.clear();
    for (const AccountId account : under_)
        (scan_.marked(account) ? standing_ : news_).push_back(account);
    scan_.unmark_all();
    for (const AccountId account : under_)
        scan_.mark(account, true);
    return {news_, standing_};
}

/// Another group of those far above, as of the last look: whoever is not in it any more is filed, and then it
/// counts. What that look told needs no telling, and where bounds answered it nobody far above was below.
void LineIndex::renew(const TermsOf& terms_of) {
    if (!renewing_) {
        renewing_ = true;
        next_far_.begin(last_);
        coming_.clear();
        scan_.below(last_, FarGroup::kHealth, coming_, FarGroup::kRoom);
        std::erase_if(coming_, [this](AccountId one) { return states_[one] != State::far; });
    }
    for (std::size_t left = kFiledAtATime; left != 0 && !coming_.empty(); --left) {
        const AccountId account = coming_.back();
        coming_.pop_back();
        if (states_[account] != State::far) continue;
        if (side_of(account, last_, terms_of) == State::near) near_.push_back(account);
    }
    if (!coming_.empty()) return;
    renewing_ = false;
    far_ = next_far_;
}

void LineIndex::let_go(const TermsOf& terms_of) {
    for (std::size_t left = std::min(kLetGoAtATime, states_.size()); left != 0; --left) {
        if (next_to_let_go_ >= states_.size()) next_to_let_go_ = 0;
        const AccountId account = next_to_let_go_++;
        if (states_[account] != State::above) continue;
        terms_.clear();
        terms_of(account, terms_);
        if (!far_.admits(terms_)) continue;
        above_.drop(account);
        states_[account] = State::far;
    }
}

void LineIndex::tidy(const TermsOf& terms_of) {
    above_.tidy();
    below_.tidy();
    if (renewing_ || far_.worn()) return renew(terms_of);
    let_go(terms_of);
}

std::size_t LineIndex::bytes() const noexcept {
    const std::size_t lists = near_.capacity() + under_.capacity() + news_.capacity() + standing_.capacity() +
                              crossed_.capacity() + coming_.capacity();
    return scan_.bytes() + above_.bytes() + below_.bytes() + states_.bytes() + lists * sizeof(AccountId);
}

}  // namespace plimsoll::strategy
