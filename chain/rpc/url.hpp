// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"

#include <string>
#include <string_view>

namespace plimsoll::rpc {

enum class Scheme { ws, http, wss, https, ipc };

[[nodiscard]] std::string_view to_string(Scheme scheme) noexcept;
[[nodiscard]] constexpr bool is_encrypted(Scheme scheme) noexcept {
    return scheme == Scheme::wss || scheme == Scheme::https;
}
/// Only these deliver subscriptions.
[[nodiscard]] constexpr bool can_subscribe(Scheme scheme) noexcept {
    return scheme == Scheme::ws || scheme == Scheme::wss || scheme == Scheme::ipc;
}

/// A node's address. User info, path and query often hold keys: only `to_string` is for people.
struct Url {
    Scheme scheme{};
    std::string host;  // a name, an IPv4 address, or an IPv6 address without brackets; empty for ipc
    std::string port;
    std::string target;         // path and query as sent, at least "/"; for ipc the socket's path
    std::string user_info;      // "name:password", or empty
    std::string authorization;  // the value of an Authorization header that says the same, or empty
    friend bool operator==(const Url&, const Url&) = default;
};

/// ws, wss, http and https with host, optional user info, port, path and query; "ipc:///path" of a Unix
/// socket. Errc::config_invalid, without echoing the text.
[[nodiscard]] Result<Url> parse_url(std::string_view text);
/// The socket at an absolute path of at most 107 bytes; Errc::config_invalid.
[[nodiscard]] Result<Url> ipc_url(std::string_view path);
/// "ws://host:port", followed by "/…" if there is a path or a query; never user info, path or query. For ipc
/// "ipc:/path".
[[nodiscard]] std::string to_string(const Url& url);
/// The value of a Host header: without the port if it is the scheme's own.
[[nodiscard]] std::string host_header(const Url& url);
/// A node on this machine: 127.0.0.0/8, ::1, localhost, or any ipc.
[[nodiscard]] bool is_loopback(const Url& url);

}  // namespace plimsoll::rpc
