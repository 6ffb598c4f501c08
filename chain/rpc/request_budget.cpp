// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/request_budget.hpp"

#include <algorithm>

namespace plimsoll::rpc {
namespace {

using std::chrono::microseconds;

constexpr std::int64_t kRequest = 1'000'000;

std::int64_t bucket_size(const BudgetParams& params) {
    const std::uint32_t requests = params.burst != 0 ? params.burst : params.requests_per_second;
    return std::int64_t{std::max(requests, 1U)} * kRequest;
}

}  // namespace

RequestBudget::RequestBudget(BudgetParams params) noexcept
    : params_{params}, full_{bucket_size(params)}, level_{full_} {}

std::int64_t RequestBudget::kept_from(Use use) const noexcept {
    std::int64_t share = 0;
    if (use != Use::submit) share += params_.submit_share;
    if (use == Use::read) share += params_.feed_share;
    // Whoever waits long enough is served: one request always remains for everybody.
    return std::min(full_ / 100 * share, full_ - kRequest);
}

std::int64_t RequestBudget::level_at(Time now) const noexcept {
    if (now <= at_) return level_;
    const std::int64_t rate = params_.requests_per_second;  // millionths of a request in a microsecond
    const std::int64_t missing = full_ - level_;
    const std::int64_t elapsed = std::chrono::duration_cast<microseconds>(now - at_).count();
    return elapsed > missing / rate ? full_ : level_ + elapsed * rate;
}

RequestBudget::Time RequestBudget::allowed_at(Use use, Time now) const noexcept {
    if (params_.requests_per_second == 0) return now;
    const std::int64_t missing = kept_from(use) + kRequest - level_at(now);
    if (missing <= 0) return now;
    const std::int64_t rate = params_.requests_per_second;
    return now + microseconds{(missing + rate - 1) / rate};
}

void RequestBudget::take(Time now) noexcept {
    if (params_.requests_per_second == 0) return;
    level_ = std::max(level_at(now) - kRequest, -full_);
    at_ = std::max(at_, now);
}

}  // namespace plimsoll::rpc
