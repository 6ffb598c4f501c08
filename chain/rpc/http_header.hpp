// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"

#include <string>
#include <string_view>

namespace plimsoll::rpc {

/// A header that is sent with every HTTP request and WebSocket handshake of an endpoint. The value is a
/// secret: nothing prints it.
struct HttpHeader {
    std::string name;
    std::string value;
    friend bool operator==(const HttpHeader&, const HttpHeader&) = default;
};

/// Errc::config_invalid, without the value, for a name that is no token (RFC 9110, 5.6.2) or belongs to the
/// protocol (Host, Content-Length, Connection, Sec-WebSocket-Key, …), and for a value that is empty, over
/// 8 KiB or not printable ASCII.
[[nodiscard]] Result<void> check_header(std::string_view name, std::string_view value);

}  // namespace plimsoll::rpc
