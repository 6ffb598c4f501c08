// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace plimsoll::bench {

/// What a shell command prints. Throws if it cannot be started or fails.
[[nodiscard]] std::string printed_by(const std::string& command);

}  // namespace plimsoll::bench
