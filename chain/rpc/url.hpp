// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"

#include <string>
#include <string_view>

namespace plimsoll::rpc {

enum class Scheme { ws, http };

/// A node's address. User info, path and query often hold keys: only `to_string` is for people.
struct Url {
    Scheme scheme{};
    std::string host;  // a name, an IPv4 address, or an IPv6 address without brackets
    std::string port;
    std::string target;         // path and query as sent, at least "/"
    std::string authorization;  // the value of an Authorization header, or empty
    friend bool operator==(const Url&, const Url&) = default;
};

/// ws:// and http:// with host, optional user info, port, path and query; Errc::config_invalid, without
/// echoing the text.
[[nodiscard]] Result<Url> parse_url(std::string_view text);
/// "ws://host:port", followed by "/…" if there is a path or a query; never user info, path or query.
[[nodiscard]] std::string to_string(const Url& url);
/// A node on this machine: 127.0.0.0/8, ::1 or localhost.
[[nodiscard]] bool is_loopback(const Url& url);

}  // namespace plimsoll::rpc
