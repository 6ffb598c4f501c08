// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace plimsoll::bench {

/// What this thread has asked of the C++ heap, and of pthread's mutexes, since it began. This program
/// replaces operator new and pthread_mutex_lock to know.
struct Asked {
    std::uint64_t allocations{};
    std::uint64_t locks{};
};
[[nodiscard]] const Asked& asked() noexcept;

/// System calls that `work` makes: a copy of this process does it, traced. Nothing if tracing is not allowed.
[[nodiscard]] std::optional<std::uint64_t> system_calls(const std::function<void()>& work);

}  // namespace plimsoll::bench
