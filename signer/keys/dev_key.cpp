// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/key.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace plimsoll::signer {

namespace {

constexpr ChainId kDevChain{31337};

// m/44'/60'/0'/0/0 of "test test test test test test test test test test test junk", printed by every
// development node.
constexpr std::array<std::uint8_t, 32> kDevSecret{
    0xac, 0x09, 0x74, 0xbe, 0xc3, 0x9a, 0x17, 0xe3, 0x6b, 0xa4, 0xa6, 0xb4, 0xd2, 0x38, 0xff, 0x94,
    0x4b, 0xac, 0xb4, 0x78, 0xcb, 0xed, 0x5e, 0xfc, 0xae, 0x78, 0x4d, 0x7b, 0xf4, 0xf2, 0xff, 0x80};

/// The host between "scheme://" and the port or path; empty for anything unusual.
std::string_view host_of(std::string_view url) noexcept {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    std::string_view rest = url.substr(scheme + 3);
    rest = rest.substr(0, rest.find_first_of("/?#\\"));
    // "127.0.0.1@elsewhere" names elsewhere.
    if (rest.find('@') != std::string_view::npos) return {};
    if (rest.starts_with('[')) {
        const std::size_t end = rest.find(']');
        if (end == std::string_view::npos) return {};
        const std::string_view after = rest.substr(end + 1);
        if (!after.empty() && after.front() != ':') return {};
        return rest.substr(0, end + 1);
    }
    return rest.substr(0, rest.find(':'));
}

bool is_octet(std::string_view text) noexcept {
    if (text.empty() || text.size() > 3) return false;
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value <= 255;
}

/// A literal of four decimal octets beginning with 127: a name such as 127.0.0.1.example.org is not one.
bool is_loopback_v4(std::string_view host) noexcept {
    if (!host.starts_with("127.")) return false;
    for (int octet = 0; octet < 3; ++octet) {
        const std::size_t dot = host.find('.');
        if (dot == std::string_view::npos || !is_octet(host.substr(0, dot))) return false;
        host.remove_prefix(dot + 1);
    }
    return is_octet(host);
}

}  // namespace

bool is_loopback(std::string_view url) noexcept {
    const std::string_view host = host_of(url);
    return host == "localhost" || host == "[::1]" || is_loopback_v4(host);
}

Result<Key> dev_key(ChainId chain, std::span<const std::string> endpoints) {
    if (chain != kDevChain) {
        return fail(Errc::refused, "the development key works on chain id 31337 only, this chain is " +
                                       std::to_string(chain.value));
    }
    if (endpoints.empty())
        return fail(Errc::refused, "the development key needs a loopback endpoint, there is none");
    const auto elsewhere = std::find_if_not(endpoints.begin(), endpoints.end(),
                                            [](const std::string& url) { return is_loopback(url); });
    if (elsewhere != endpoints.end()) {
        // The URL itself may hold a token.
        return fail(Errc::refused, "the development key needs loopback endpoints, number " +
                                       std::to_string(elsewhere - endpoints.begin() + 1) + " is elsewhere");
    }
    std::array<std::uint8_t, 32> secret = kDevSecret;
    return Key::from_secret(Secret{secret});
}

}  // namespace plimsoll::signer
