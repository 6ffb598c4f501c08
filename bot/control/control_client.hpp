// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

namespace plimsoll::bot {

/// One request, a JSON object on one line, to the keeper that serves this data folder, and its answer,
/// likewise. Blocks. Errc::not_found if no keeper listens there; Errc::timed_out; Errc::disconnected;
/// Errc::malformed_reply if it is no line or too long.
[[nodiscard]] Result<std::string> ask_keeper(const std::filesystem::path& folder, std::string_view request,
                                             std::chrono::milliseconds limit = std::chrono::seconds{5});

}  // namespace plimsoll::bot
