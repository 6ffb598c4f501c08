// SPDX-License-Identifier: Apache-2.0
#include "config/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace plimsoll::config {
namespace {

struct SchemeName {
    Scheme scheme;
    std::string_view name;
    std::uint16_t port;
};
constexpr std::array kSchemes{SchemeName{Scheme::http, "http", 80}, SchemeName{Scheme::https, "https", 443},
                              SchemeName{Scheme::ws, "ws", 80}, SchemeName{Scheme::wss, "wss", 443}};

tl::unexpected<Error> bad(const char* why) {
    return fail(Errc::malformed_input, why);
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
}

bool is_ipv6_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

/// 1 to 65535.
std::optional<std::uint16_t> parse_port(std::string_view digits) {
    std::uint16_t port = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, port);
    if (error != std::errc{} || stop != end || port == 0) return std::nullopt;
    return port;
}

/// Splits "host", "host:port", "[v6]" or "[v6]:port".
Result<void> read_authority(std::string_view text, Url& url) {
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos) return bad("an IPv6 host has no closing ']'");
        url.host = text.substr(1, close - 1);
        port = text.substr(close + 1);
        if (!std::ranges::all_of(url.host, is_ipv6_character)) return bad("the host is not an IPv6 address");
    } else {
        const std::size_t colon = text.find(':');
        url.host = text.substr(0, colon);
        port = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
        if (!std::ranges::all_of(url.host, is_host_character))
            return bad("the host has a character that no host has");
    }
    if (url.host.empty()) return bad("the host is missing");
    if (port.empty()) return {};
    const auto number = port.starts_with(':') ? parse_port(port.substr(1)) : std::nullopt;
    if (!number) return bad("the port is not a number from 1 to 65535");
    url.port = *number;
    return {};
}

}  // namespace

std::string_view to_string(Scheme scheme) noexcept {
    for (const SchemeName& entry : kSchemes) {
        if (entry.scheme == scheme) return entry.name;
    }
    return "unknown";
}

std::string to_string(const Url& url) {
    if (url.empty()) return "";
    std::string out{to_string(url.scheme)};
    out += "://";
    const bool v6 = url.host.find(':') != std::string::npos;
    out += v6 ? "[" + url.host + "]" : url.host;
    out += ":" + std::to_string(url.port);
    if (url.target != "/" || !url.user_info.empty()) out += "/…";
    return out;
}

Result<Url> parse_url(std::string_view text) {
    const bool printable = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
    if (!printable) return bad("white space or a character outside ASCII");
    const std::size_t mark = text.find("://");
    if (mark == std::string_view::npos) return bad("it does not start with a scheme such as \"ws://\"");
    const std::string_view scheme = text.substr(0, mark);
    const auto known = std::ranges::find(kSchemes, scheme, &SchemeName::name);
    if (known == kSchemes.end()) return bad("the scheme is none of http, https, ws and wss");
    Url url;
    url.scheme = known->scheme;
    url.port = known->port;
    std::string_view rest = text.substr(mark + 3);
    const std::size_t authority_end = std::min(rest.find_first_of("/?#"), rest.size());
    std::string_view authority = rest.substr(0, authority_end);
    const std::string_view target = rest.substr(authority_end);
    if (target.find('#') != std::string_view::npos)
        return bad("a fragment ('#') means nothing to an endpoint");
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        url.user_info = authority.substr(0, at);
        authority.remove_prefix(at + 1);
    }
    PLIMSOLL_CHECK(read_authority(authority, url));
    if (!target.empty())
        url.target = target.starts_with('/') ? std::string{target} : "/" + std::string{target};
    return url;
}

bool is_loopback(const Url& url) {
    if (url.host == "localhost" || url.host == "::1") return true;
    std::array<unsigned, 4> parts{};
    std::string_view rest = url.host;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const char* end = rest.data() + rest.size();
        const auto [stop, error] = std::from_chars(rest.data(), end, parts[i]);
        if (error != std::errc{} || parts[i] > 255) return false;
        rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
        if (i == 3) break;
        if (!rest.starts_with('.')) return false;
        rest.remove_prefix(1);
    }
    return rest.empty() && parts[0] == 127;
}

}  // namespace plimsoll::config
