// SPDX-License-Identifier: Apache-2.0
#include "signer/breaker.hpp"

#include <algorithm>
#include <vector>

namespace plimsoll::signer {

namespace {

constexpr std::uint64_t kLossHour = 3'600;
constexpr std::uint64_t kLossDay = 24 * kLossHour;
constexpr std::size_t kMostLandings = 65'536;

}  // namespace

std::string_view to_string(BreakerState state) noexcept {
    switch (state) {
        case BreakerState::closed:
            return "closed";
        case BreakerState::open:
            return "open";
        case BreakerState::half_open:
            return "half_open";
        case BreakerState::exhausted:
            return "exhausted";
    }
    return "unknown";
}

void LossBreaker::at(Timestamp now) {
    now_ = std::max(now_, now);
    while (!landings_.empty() && landings_.front().at.next(kLossDay) <= now_)
        landings_.pop_front();
}

void LossBreaker::replay(std::span<const PastResult> past) {
    struct Moment {
        Timestamp at;
        bool ends{};
        const PastResult* result{};
    };
    std::vector<Moment> moments;
    for (const PastResult& one : past) {
        moments.push_back(Moment{one.sent, false, &one});
        moments.push_back(Moment{std::max(one.sent, one.ended), true, &one});
    }
    std::stable_sort(moments.begin(), moments.end(),
                     [](const Moment& a, const Moment& b) { return a.at < b.at; });
    for (const Moment& moment : moments) {
        at(moment.at);
        const PastResult& one = *moment.result;
        if (moment.ends) {
            landed(one.intent_id, one.gained, one.lost);
        } else {
            sent(one.intent_id);
        }
    }
}

void LossBreaker::sent(std::uint64_t intent_id) {
    if (state() == BreakerState::half_open && !trial_) trial_ = intent_id;
}

void LossBreaker::landed(std::uint64_t intent_id, const Usd& gained, const Usd& lost) {
    if (landings_.size() == kMostLandings) landings_.pop_front();
    landings_.push_back(Landing{now_, gained, lost});
    const bool is_gain = gained >= lost;
    if (trial_ == intent_id) {
        trial_.reset();
        if (!is_gain) return open();
        opened_.reset();
        forgiven_ = now_.next();
        return;
    }
    // What was under way when it opened proves nothing about now, but its losses count.
    if (opened_ || !limits_.max_loss_per_hour || is_gain) return;
    if (this->lost(kLossHour) >= *limits_.max_loss_per_hour) open();
}

void LossBreaker::ended(std::uint64_t intent_id) {
    if (trial_ == intent_id) trial_.reset();
}

void LossBreaker::open() {
    opened_ = now_;
}

BreakerState LossBreaker::state() const {
    if (limits_.max_loss_per_day && lost(kLossDay) >= *limits_.max_loss_per_day)
        return BreakerState::exhausted;
    if (!opened_) return BreakerState::closed;
    return opened_->next(limits_.pause) <= now_ ? BreakerState::half_open : BreakerState::open;
}

std::optional<std::uint32_t> LossBreaker::allows() const {
    switch (state()) {
        case BreakerState::closed:
            return std::nullopt;
        case BreakerState::half_open:
            return trial_ ? 0U : 1U;
        case BreakerState::open:
        case BreakerState::exhausted:
            return 0U;
    }
    return 0U;
}

Usd LossBreaker::lost(std::uint64_t seconds) const {
    Usd gained;
    Usd lost;
    for (const Landing& one : landings_) {
        const bool forgiven = seconds <= kLossHour && one.at < forgiven_;
        if (forgiven || one.at.next(seconds) <= now_) continue;
        gained += one.gained;
        lost += one.lost;
    }
    return lost - std::min(lost, gained);
}

}  // namespace plimsoll::signer
