// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/rpc/log_shape.hpp"
#include "chain/rpc/method.hpp"
#include "chain/rpc/reply.hpp"

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Of the message reader only: the one header that knows simdjson.
namespace plimsoll::rpc::json_values {

namespace json = simdjson::ondemand;

/// A scalar as it stands in the frame, quotes included; empty for an object or an array. Does not consume the
/// value.
[[nodiscard]] std::string_view token(json::value& value);
/// The inside of a string without any escape (hex, ids); nothing for everything else.
[[nodiscard]] std::optional<std::string_view> plain_string(json::value& value);
[[nodiscard]] bool is_null(json::value& value);
/// A string for people: printable, cut at `limit`; empty for anything else.
[[nodiscard]] std::string bounded_text(json::value& value, std::size_t limit);

/// Strict: false unless every required field stands there exactly once in its one right form.
[[nodiscard]] bool read(json::value& value, Hash32& out);
[[nodiscard]] bool read(json::value& value, Header& out);
[[nodiscard]] bool read(json::value& value, Log& out);
[[nodiscard]] bool read(json::value& value, PendingTransaction& out);
/// The result of a method; `null` leaves the body empty.
[[nodiscard]] bool read_result(json::value& value, ReplyKind kind, ReplyBody& body);

/// Where the log of a notification stands that was read before; its subscription is left out. `capacity`
/// bytes of the frame's memory are readable. Nothing for a frame with escaped keys.
[[nodiscard]] std::optional<LogPlaces> log_places(json::parser& parser, std::string_view frame,
                                                  std::size_t capacity);

}  // namespace plimsoll::rpc::json_values
