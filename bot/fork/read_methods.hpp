// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace plimsoll::bot {

/// The whole list of what may be asked of the origin of a fork, by this program or by the node that forks it:
/// methods that read. Nothing that signs, sends, subscribes for others, traces or administers.
[[nodiscard]] bool is_read_method(std::string_view method) noexcept;

}  // namespace plimsoll::bot
