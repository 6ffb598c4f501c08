// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/url.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <optional>

namespace plimsoll::rpc {
namespace {

constexpr std::string_view kExpected = "expected ws://, wss://, http://, https:// or ipc://";

std::optional<Scheme> scheme_of(std::string_view text) {
    for (const Scheme scheme : {Scheme::ws, Scheme::http, Scheme::wss, Scheme::https, Scheme::ipc}) {
        if (text == to_string(scheme)) return scheme;
    }
    return std::nullopt;
}

std::string_view default_port(Scheme scheme) {
    return is_encrypted(scheme) ? "443" : "80";
}

std::string bracketed(const std::string& host) {
    return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

// The text may hold a key, so no message echoes it.
tl::unexpected<Error> bad_url(std::string_view why) {
    return fail(Errc::config_invalid, "endpoint URL: " + std::string{why});
}

std::string base64(std::string_view text) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, text.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            bits = (bits << 8U) | (j < count ? static_cast<std::uint8_t>(text[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j)
            out += j <= count ? kDigits[(bits >> (18U - 6U * j)) & 63U] : '=';
    }
    return out;
}

bool all_printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool valid_port(std::string_view port) {
    if (port.empty() || port.size() > 5) return false;
    unsigned value = 0;
    for (const char digit : port) {
        if (digit < '0' || digit > '9') return false;
        value = value * 10 + static_cast<unsigned>(digit - '0');
    }
    return value >= 1 && value <= 65535;
}

/// As far as its characters tell; with a zone behind '%' or without.
bool looks_like_v6(std::string_view host) {
    constexpr std::string_view kDigits = "0123456789abcdefABCDEF:.";
    const std::string_view address = host.substr(0, host.find('%'));
    return address.find(':') != std::string_view::npos &&
           address.find_first_not_of(kDigits) == std::string_view::npos;
}

/// Splits "host", "host:port" or "[v6]:port" into the URL.
Result<void> read_authority(std::string_view authority, Url& url) {
    std::string_view port;
    if (!authority.empty() && authority.front() == '[') {
        const std::size_t close = authority.find(']');
        if (close == std::string_view::npos) return bad_url("'[' without ']'");
        url.host = authority.substr(1, close - 1);
        if (!looks_like_v6(url.host)) return bad_url("no IPv6 address between '[' and ']'");
        port = authority.substr(close + 1);
        if (!port.empty() && port.front() != ':') return bad_url("text after ']'");
    } else {
        const std::size_t colon = authority.find(':');
        url.host = authority.substr(0, colon);
        if (colon != std::string_view::npos) port = authority.substr(colon);
    }
    if (url.host.empty()) return bad_url("no host");
    if (url.host.find_first_of("[]") != std::string::npos) return bad_url("a bracket in the host");
    if (!port.empty()) url.port = port.substr(1);
    if (!valid_port(url.port)) return bad_url("bad port");
    return {};
}

}  // namespace

std::string_view to_string(Scheme scheme) noexcept {
    switch (scheme) {
        case Scheme::ws:
            return "ws";
        case Scheme::http:
            return "http";
        case Scheme::wss:
            return "wss";
        case Scheme::https:
            return "https";
        case Scheme::ipc:
            return "ipc";
    }
    return "?";
}

Result<Url> ipc_url(std::string_view path) {
    constexpr std::size_t kMaxPath = 107;  // sun_path of unix(7), without its end
    if (path.empty() || path.front() != '/') return bad_url("ipc needs an absolute path");
    if (path.size() > kMaxPath) return bad_url("the path of an ipc socket has at most 107 bytes");
    if (path.find('\0') != std::string_view::npos) return bad_url("unprintable character");
    Url url;
    url.scheme = Scheme::ipc;
    url.target = path;
    return url;
}

Result<Url> parse_url(std::string_view text) {
    if (!all_printable(text)) return bad_url("unprintable character");
    const std::size_t scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) return bad_url("no scheme; " + std::string{kExpected});
    std::string_view rest = text.substr(scheme_end + 3);
    Url url;
    const std::optional<Scheme> scheme = scheme_of(text.substr(0, scheme_end));
    if (!scheme) return bad_url("unknown scheme; " + std::string{kExpected});
    if (*scheme == Scheme::ipc) return ipc_url(rest);
    url.scheme = *scheme;
    url.port = default_port(*scheme);
    rest = rest.substr(0, rest.find('#'));
    const std::size_t authority_end = rest.find_first_of("/?");
    std::string_view authority = rest.substr(0, authority_end);
    url.target = authority_end == std::string_view::npos ? "" : rest.substr(authority_end);
    if (url.target.empty() || url.target.front() != '/') url.target.insert(0, "/");
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        url.user_info = authority.substr(0, at);
        url.authorization = "Basic " + base64(url.user_info);
        authority.remove_prefix(at + 1);
    }
    PLIMSOLL_CHECK(read_authority(authority, url));
    return url;
}

std::string to_string(const Url& url) {
    if (url.scheme == Scheme::ipc) return "ipc:" + url.target;
    std::string out{to_string(url.scheme)};
    out += "://" + bracketed(url.host) + ':' + url.port;
    if (url.target.size() > 1) out += "/…";
    return out;
}

std::string host_header(const Url& url) {
    std::string out = bracketed(url.host);
    if (url.port != default_port(url.scheme)) out += ':' + url.port;
    return out;
}

bool is_loopback(const Url& url) {
    if (url.scheme == Scheme::ipc || url.host == "localhost" || url.host == "::1") return true;
    // 127.0.0.0/8 in four decimal parts only: "127.0.0.1.example.org" is a name.
    std::array<int, 4> parts{-1, -1, -1, -1};
    std::size_t part = 0;
    for (const char c : url.host) {
        if (c == '.') {
            if (++part == parts.size()) return false;
        } else if (std::isdigit(static_cast<unsigned char>(c)) != 0 && parts[part] < 100) {
            parts[part] = std::max(parts[part], 0) * 10 + (c - '0');
        } else {
            return false;
        }
    }
    return parts[0] == 127 &&
           std::all_of(parts.begin(), parts.end(), [](int value) { return value >= 0 && value <= 255; });
}

}  // namespace plimsoll::rpc
