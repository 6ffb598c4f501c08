// SPDX-License-Identifier: Apache-2.0
#include "chain/async/condition.hpp"

#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace plimsoll::async {

Condition::Condition(asio::any_io_executor executor)
    : timer_{std::move(executor), asio::steady_timer::time_point::max()} {}

void Condition::notify_all() {
    ++notified_;
    timer_.cancel();
}

Task<void> Condition::wait() {
    const std::uint64_t before = notified_;
    auto [error] = co_await timer_.async_wait(use_tuple);
    if (notified_ == before)
        throw boost::system::system_error{error};  // nobody notified: this task was cancelled
}

Task<void> Condition::wait_until(std::chrono::steady_clock::time_point deadline) {
    asio::steady_timer limit{co_await asio::this_coro::executor, deadline};
    const std::uint64_t before = notified_;
    auto race = asio::experimental::make_parallel_group(timer_.async_wait(asio::deferred),
                                                        limit.async_wait(asio::deferred));
    auto [order, notified, expired] = co_await race.async_wait(asio::experimental::wait_for_one(), use_task);
    static_cast<void>(order);
    // Neither woke it, so this task was cancelled.
    if (notified_ == before && expired) throw boost::system::system_error{notified};
}

}  // namespace plimsoll::async
