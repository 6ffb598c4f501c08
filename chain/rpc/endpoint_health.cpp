// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/endpoint_health.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace plimsoll::rpc {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::array<std::string_view, 8> kStates{"undialed",     "alive",       "lagging", "syncing",
                                                  "rate_limited", "unreachable", "lying",   "wrong_chain"};
static_assert(kStates.size() == static_cast<std::size_t>(EndpointState::wrong_chain) + 1);

bool is_limit(ErrorClass meaning) {
    return meaning == ErrorClass::rate_limited || meaning == ErrorClass::quota_ended;
}

std::string seconds_text(std::chrono::steady_clock::duration time) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

std::string_view to_string(EndpointState state) noexcept {
    return kStates[static_cast<std::size_t>(state)];
}

std::uint64_t EndpointHealthCounts::total_requests() const noexcept {
    return std::accumulate(requests.begin(), requests.end(), std::uint64_t{0});
}

std::optional<BlockNumber> best_of(std::vector<BlockNumber> heads) {
    if (heads.empty()) return std::nullopt;
    std::sort(heads.begin(), heads.end(), [](BlockNumber a, BlockNumber b) { return b < a; });
    return heads[heads.size() < 3 ? 0 : 1];
}

EndpointHealth::EndpointHealth(EndpointHealthParams params) noexcept
    : params_{params}, budget_{params.budget}, pause_{params}, submit_pause_{params} {}

void EndpointHealth::tick(Time now) {
    now_ = std::max(now_, now);
}

void EndpointHealth::opened(Time now) {
    tick(now);
    ++connections_;
    errors_ = 0;
    wrong_chain_ = false;
    failed_ = false;
}

void EndpointHealth::broke(const Error& why) {
    ++counts_.losses;
    failed_ = true;
    trouble_ = why.context;
    if (why.code == Errc::wrong_chain) wrong_chain_ = true;
}

void EndpointHealth::lost(const Error& why, Time now) {
    closed(now);
    broke(why);
}

void EndpointHealth::closed(Time now) {
    tick(now);
    if (connections_ != 0) --connections_;
}

void EndpointHealth::failed(const Error& why, Time now) {
    tick(now);
    broke(why);
}

void EndpointHealth::asked(Method method, bool waited, Time now) {
    tick(now);
    ++counts_.requests[static_cast<std::size_t>(method)];
    if (waited) ++counts_.waits;
    budget_.take(now);
}

void EndpointHealth::answered(const AnswerSeen& answer, std::uint64_t random_bits, Time now) {
    tick(now);
    ++counts_.answers[static_cast<std::size_t>(answer.meaning)];
    if (answer.meaning == ErrorClass::transport || answer.malformed) {
        ++errors_;
        trouble_ = answer.text;
        return;
    }
    errors_ = 0;
    if (answer.meaning == ErrorClass::not_ready) syncing_ = true;  // until a probe hears otherwise
    if (is_limit(answer.meaning)) {
        wait_text_ = answer.text;
        told_to_wait(pause_, answer, random_bits);
        if (answer.use == Use::submit) told_to_wait(submit_pause_, answer, random_bits);
        return;
    }
    for (Pause* const pause : {&pause_, &submit_pause_}) {
        const bool ours = pause == &pause_ || answer.use == Use::submit;
        if (!ours || now_ < pause->until) continue;  // it may have been asked before the pause
        pause->wait.reset();
        pause->quota.reset();
    }
    constexpr int kWeight = 8;  // of the past
    const auto sample = duration_cast<microseconds>(answer.latency);
    latency_ = latency_.count() == 0 ? sample : latency_ + (sample - latency_) / kWeight;
}

void EndpointHealth::told_to_wait(Pause& pause, const AnswerSeen& answer, std::uint64_t random_bits) {
    constexpr unsigned kBelieved = 3;  // hints in a row; then our own delays count as well
    milliseconds hinted{0};
    if (answer.hint) {
        hinted = std::clamp(*answer.hint, params_.hint_floor, params_.hint_cap);
        hinted += milliseconds{
            static_cast<std::int64_t>(random_bits % (static_cast<std::uint64_t>(hinted.count()) / 4 + 1))};
    }
    const bool quota = answer.meaning == ErrorClass::quota_ended;
    if (now_ < pause.until && (!quota || pause.by_quota)) {
        // Of the same burst as the answer that began the pause: no reason to think worse of the node.
        pause.until = std::max(pause.until, now_ + hinted);
        return;
    }
    pause.by_quota = quota;
    if (&pause == &pause_) ++(quota ? counts_.quota_ends : counts_.pauses);
    async::Backoff& backoff = quota ? pause.quota : pause.wait;
    const milliseconds own = backoff.next(random_bits);
    const bool believed = answer.hint && !quota && backoff.attempts() <= kBelieved;
    pause.until = std::max(pause.until, now_ + (believed ? hinted : std::max(hinted, own)));
}

void EndpointHealth::head(BlockNumber number, const Hash32& hash, Time now) {
    tick(now);
    const std::size_t last = (next_head_ + heads_.size() - 1) % heads_.size();
    const bool fresh = !head_ || heads_[last] != hash;
    head_ = number;
    if (!fresh) return;
    head_at_ = now_;
    heads_[next_head_] = hash;
    next_head_ = (next_head_ + 1) % heads_.size();
}

void EndpointHealth::syncing(bool is, Time now) {
    tick(now);
    syncing_ = is;
}

void EndpointHealth::lied(std::string text, Time now) {
    tick(now);
    ++counts_.lies;
    lie_ = std::move(text);
    quarantined_until_ = now_ + params_.quarantine;
}

void EndpointHealth::best_head(BlockNumber number, Time now) {
    tick(now);
    best_ = number;
}

std::optional<std::uint64_t> EndpointHealth::lag() const noexcept {
    if (!head_) return std::nullopt;
    if (!best_ || *best_ <= *head_) return 0;
    return best_->value - head_->value;
}

bool EndpointHealth::behind() const noexcept {
    const std::uint64_t blocks = lag().value_or(0);
    return blocks > params_.lag_limit || (blocks != 0 && now_ - head_at_ > params_.silence);
}

bool EndpointHealth::knows(const Hash32& hash) const noexcept {
    return std::find(heads_.begin(), heads_.end(), hash) != heads_.end();
}

milliseconds EndpointHealth::latency() const noexcept {
    return duration_cast<milliseconds>(latency_);
}

EndpointState EndpointHealth::state() const noexcept {
    if (wrong_chain_) return EndpointState::wrong_chain;
    if (quarantined_until_ && now_ < *quarantined_until_) return EndpointState::lying;
    if (connections_ == 0) return failed_ ? EndpointState::unreachable : EndpointState::undialed;
    if (errors_ >= params_.errors_to_unreachable) return EndpointState::unreachable;
    if (now_ < pause_.until) return EndpointState::rate_limited;
    if (syncing_) return EndpointState::syncing;
    if (behind()) return EndpointState::lagging;
    return EndpointState::alive;
}

std::string EndpointHealth::why() const {
    switch (state()) {
        case EndpointState::alive:
            return {};
        case EndpointState::undialed:
            return "not connected";
        case EndpointState::syncing:
            return "it is still syncing";
        case EndpointState::lagging:
            return std::to_string(*lag()) + " blocks behind, no new block for " +
                   seconds_text(now_ - head_at_);
        case EndpointState::rate_limited:
            return "told to wait, " + seconds_text(pause_.until - now_) + " left: " + wait_text_;
        case EndpointState::lying:
            return lie_;
        case EndpointState::unreachable:
        case EndpointState::wrong_chain:
            return trouble_;
    }
    return {};
}

EndpointHealth::Time EndpointHealth::allowed_at(Use use, Time now) const noexcept {
    const Time by_budget = budget_.allowed_at(use, now);
    return std::max(by_budget, use == Use::submit ? submit_pause_.until : pause_.until);
}

}  // namespace plimsoll::rpc
