// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace plimsoll::config {

enum class Scheme : std::uint8_t { http, https, ws, wss };

[[nodiscard]] std::string_view to_string(Scheme scheme) noexcept;

/// An endpoint's address. Providers put keys into user info, path and query, so none of these is ever
/// printed.
struct Url {
    Scheme scheme{};
    std::string user_info;    // "name:password", may be empty
    std::string host;         // name, IPv4, or IPv6 without brackets
    std::uint16_t port{};     // the scheme's own (80, 443) when the text names none
    std::string target{"/"};  // path and query, starts with '/'
    friend bool operator==(const Url&, const Url&) = default;
    [[nodiscard]] bool empty() const noexcept { return host.empty(); }
    [[nodiscard]] bool is_websocket() const noexcept { return scheme == Scheme::ws || scheme == Scheme::wss; }
    [[nodiscard]] bool is_encrypted() const noexcept {
        return scheme == Scheme::https || scheme == Scheme::wss;
    }
};

/// `scheme://host:port` and "/…" when something is hidden behind it. Safe to log.
[[nodiscard]] std::string to_string(const Url& url);
/// Absolute URL of one of the four schemes; no fragment, no white space. The error never repeats the text.
[[nodiscard]] Result<Url> parse_url(std::string_view text);
/// 127.0.0.0/8, ::1 or "localhost": nothing sent there leaves the machine.
[[nodiscard]] bool is_loopback(const Url& url);

}  // namespace plimsoll::config
