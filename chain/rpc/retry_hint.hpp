// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

/// How long a node says that we should wait. All of it is foreign text: what is not understood is no hint,
/// and nothing is longer than a day.
namespace plimsoll::rpc::retry_hint {

/// In a message: "rate limited, try again in 4ms", "retry after 1m30s", "retry in 2 seconds".
[[nodiscard]] std::optional<std::chrono::milliseconds> in_message(std::string_view message);

/// A number of seconds, as in `data.rate.backoff_seconds` (Infura): "30.0", and "0".
[[nodiscard]] std::optional<std::chrono::milliseconds> in_seconds(std::string_view number);

/// The Retry-After field (RFC 9110, 10.2.3): seconds, or a date. What a date means is told by the response's
/// own Date field, as clocks differ.
[[nodiscard]] std::optional<std::chrono::milliseconds> in_header(std::string_view value,
                                                                 std::string_view date);

}  // namespace plimsoll::rpc::retry_hint
