// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"
#include "chain/primitives/result.hpp"

#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <exception>
#include <utility>

namespace plimsoll::async {

/// Errc::timed_out if `op` takes longer than `limit`; `op` is then cancelled and its frame gone before this
/// returns. Who finished first decides, never an error code. An exception of `op` passes through at once.
template <class T>
Task<Result<T>> with_deadline(Task<Result<T>> op, std::chrono::milliseconds limit) {
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer{executor, limit};
    auto race = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, std::move(op), asio::deferred), timer.async_wait(asio::deferred));
    auto [order, exception, result, timer_error] =
        co_await race.async_wait(asio::experimental::wait_for_one(), use_task);
    if (order[0] == 1 && !timer_error) co_return fail(Errc::timed_out, "deadline exceeded");
    if (exception) std::rethrow_exception(exception);
    co_return std::move(result);
}

/// Waits; throws when cancelled.
Task<void> sleep_for(std::chrono::nanoseconds duration);

}  // namespace plimsoll::async
