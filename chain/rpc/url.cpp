// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/url.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

namespace plimsoll::rpc {
namespace {

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

bool printable(std::string_view text) {
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

/// Splits "host", "host:port" or "[v6]:port" into the URL.
Result<void> read_authority(std::string_view authority, Url& url) {
    std::string_view port;
    if (!authority.empty() && authority.front() == '[') {
        const std::size_t close = authority.find(']');
        if (close == std::string_view::npos) return bad_url("'[' without ']'");
        url.host = authority.substr(1, close - 1);
        port = authority.substr(close + 1);
        if (!port.empty() && port.front() != ':') return bad_url("text after ']'");
    } else {
        const std::size_t colon = authority.find(':');
        url.host = authority.substr(0, colon);
        if (colon != std::string_view::npos) port = authority.substr(colon);
    }
    if (url.host.empty()) return bad_url("no host");
    if (!port.empty()) url.port = port.substr(1);
    if (!valid_port(url.port)) return bad_url("bad port");
    return {};
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
    if (!printable(text)) return bad_url("unprintable character");
    const std::size_t scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) return bad_url("no scheme; expected ws:// or http://");
    Url url;
    const std::string_view scheme = text.substr(0, scheme_end);
    if (scheme == "ws") {
        url.scheme = Scheme::ws;
    } else if (scheme == "http") {
        url.scheme = Scheme::http;
    } else if (scheme == "wss" || scheme == "https") {
        return bad_url("TLS is not available; expected ws:// or http://");
    } else {
        return bad_url("unknown scheme; expected ws:// or http://");
    }
    url.port = "80";
    std::string_view rest = text.substr(scheme_end + 3);
    rest = rest.substr(0, rest.find('#'));
    const std::size_t authority_end = rest.find_first_of("/?");
    std::string_view authority = rest.substr(0, authority_end);
    url.target = authority_end == std::string_view::npos ? "" : rest.substr(authority_end);
    if (url.target.empty() || url.target.front() != '/') url.target.insert(0, "/");
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        url.authorization = "Basic " + base64(authority.substr(0, at));
        authority.remove_prefix(at + 1);
    }
    PLIMSOLL_CHECK(read_authority(authority, url));
    return url;
}

std::string to_string(const Url& url) {
    std::string out = url.scheme == Scheme::ws ? "ws://" : "http://";
    const bool v6 = url.host.find(':') != std::string::npos;
    out += v6 ? '[' + url.host + ']' : url.host;
    out += ':' + url.port;
    if (url.target.size() > 1) out += "/…";
    return out;
}

bool is_loopback(const Url& url) {
    if (url.host == "localhost" || url.host == "::1") return true;
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
