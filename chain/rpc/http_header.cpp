// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/http_header.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace plimsoll::rpc {
namespace {

constexpr std::size_t kMaxValue = 8'192;

// Whoever sets these breaks the framing or the handshake.
constexpr std::array<std::string_view, 9> kReserved{
    "host", "connection",        "upgrade", "content-length", "content-type",
    "te",   "transfer-encoding", "trailer", "expect"};

bool is_token(std::string_view name) {
    static constexpr std::string_view kOther = "!#$%&'*+-.^_`|~";
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || kOther.find(c) != std::string_view::npos;
    });
}

bool is_value(std::string_view value) {
    const bool text = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c < 0x7f; });
    return text && !value.empty() && value.size() <= kMaxValue && value.front() != ' ' && value.back() != ' ';
}

}  // namespace

Result<void> check_header(std::string_view name, std::string_view value) {
    if (!is_token(name)) return fail(Errc::config_invalid, "a header's name is letters, digits and hyphens");
    std::string lower{name};
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (lower.starts_with("sec-websocket-") ||
        std::find(kReserved.begin(), kReserved.end(), lower) != kReserved.end()) {
        return fail(Errc::config_invalid, "header " + std::string{name} + " is set by the protocol itself");
    }
    if (!is_value(value)) {
        return fail(Errc::config_invalid, "the value of header " + std::string{name} +
                                              " must be printable ASCII, at most 8192 characters, without "
                                              "spaces at its ends");
    }
    return {};
}

}  // namespace plimsoll::rpc
