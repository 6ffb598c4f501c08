// SPDX-License-Identifier: Apache-2.0
#include "chain/async/deadline.hpp"

namespace plimsoll::async {

Task<void> sleep_for(std::chrono::nanoseconds duration) {
    asio::steady_timer timer{co_await asio::this_coro::executor, duration};
    co_await timer.async_wait(use_task);
}

}  // namespace plimsoll::async
