// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"

namespace plimsoll::bot {

/// Makes this process one whose memory is never written to a disk: no core file (RLIMIT_CORE 0, which a
/// child inherits and may not lift), and not dumpable, so that no debugger of the same user reads it and no
/// crash handler is fed with it. For every command that may hold a key. Errc::refused if the kernel says no.
[[nodiscard]] Result<void> keep_memory_private();

/// Whether both hold now.
[[nodiscard]] bool memory_is_private() noexcept;

}  // namespace plimsoll::bot
