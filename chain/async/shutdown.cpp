// SPDX-License-Identifier: Apache-2.0
#include "chain/async/shutdown.hpp"

#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

#include <csignal>
#include <utility>

namespace plimsoll::async {

Shutdown::Shutdown(asio::any_io_executor executor)
    : latch_{std::move(executor), asio::steady_timer::time_point::max()} {}

void Shutdown::request() {
    requested_ = true;
    latch_.cancel();
}

Task<void> Shutdown::wait() {
    if (requested_) co_return;
    auto [error] = co_await latch_.async_wait(use_tuple);
    if (!requested_) throw boost::system::system_error{error};
}

Task<void> watch_signals(Shutdown& shutdown, void (*give_up)()) {
    asio::signal_set signals{co_await asio::this_coro::executor, SIGINT, SIGTERM};
    co_await signals.async_wait(use_task);
    shutdown.request();
    co_await signals.async_wait(use_task);
    give_up();
}

}  // namespace plimsoll::async
