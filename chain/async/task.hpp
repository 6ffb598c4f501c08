// SPDX-License-Identifier: Apache-2.0
#pragma once

// Asio 1.81's experimental headers need these two before them; this header hides that.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace plimsoll::async {

namespace asio = boost::asio;

/// A coroutine. It starts when it is awaited or spawned, and is cancelled by `terminal` cancellation only:
/// every later `co_await` in it then throws, so cleaning up happens in destructors.
template <class T = void>
using Task = asio::awaitable<T>;

inline constexpr asio::use_awaitable_t<> use_task{};
/// Errors come back as the first element instead of being thrown.
inline constexpr asio::as_tuple_t<asio::use_awaitable_t<>> use_tuple{};

}  // namespace plimsoll::async
