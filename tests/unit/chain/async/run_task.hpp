// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"

#include <boost/asio/io_context.hpp>

#include <exception>
#include <utility>

namespace plimsoll::async {

/// Runs one task, and all it starts, to the end; rethrows what it throws.
inline void run_task(asio::io_context& io, Task<void> task) {
    std::exception_ptr failure;
    asio::co_spawn(io, std::move(task),
                   [&failure](std::exception_ptr thrown) { failure = std::move(thrown); });
    io.restart();
    io.run();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace plimsoll::async
