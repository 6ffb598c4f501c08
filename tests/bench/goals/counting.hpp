// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace plimsoll::bench {

/// What this thread has asked of the C++ heap, and of pthread's mutexes, since it began. This program
/// replaces operator new, pthread_mutex_lock and epoll_wait to know.
struct Asked {
    std::uint64_t allocations{};
    std::uint64_t locks{};
};
[[nodiscard]] const Asked& asked() noexcept;

/// The same since epoll last told this thread that something is ready: what an event loop takes for it,
/// without the turns in which nothing was.
[[nodiscard]] Asked asked_since_ready() noexcept;

/// System calls that `work` makes: a copy of this process does it, traced. Nothing if tracing is not allowed.
[[nodiscard]] std::optional<std::uint64_t> system_calls(const std::function<void()>& work);

}  // namespace plimsoll::bench
