// SPDX-License-Identifier: Apache-2.0
// Text that people and gateways write: endpoint URLs, headers, what a redactor must take out of a node's
// text, quantities and hex. Input: what it is, then the text; a zero byte parts it in two.
#include "chain/rpc/url.hpp"

#include "chain/primitives/address.hpp"
#include "chain/primitives/hex.hpp"
#include "chain/rpc/hex_quantity.hpp"
#include "chain/rpc/http_header.hpp"
#include "chain/rpc/redactor.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

namespace plimsoll::fuzz {
namespace {

bool printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

/// The text itself may be a part of what is said of every bad URL: it is looked for by a mark within it.
void require_no_echo(std::string_view text) {
    constexpr std::string_view kMark = "kQ7zT2mW9xL4vB8nR3cJ";
    for (const std::size_t at : {text.size() / 2, text.size()}) {
        const auto marked = rpc::parse_url(std::string{text}.insert(at, kMark));
        require(marked || marked.error().context.find(kMark) == std::string::npos, "a bad URL is not echoed");
    }
}

void fuzz_url(std::string_view text) {
    const auto url = rpc::parse_url(text);
    if (!url) {
        require(url.error().code == Errc::config_invalid, "a bad URL is a configuration error");
        return require_no_echo(text);
    }
    require(!rpc::to_string(url->scheme).empty(), "a URL has a scheme");
    static_cast<void>(rpc::is_loopback(*url));
    require(url->target.starts_with('/'), "a target is absolute");
    if (url->scheme == rpc::Scheme::ipc) {
        require(url->target.size() <= 107, "a socket's path fits its address");
        return;
    }
    require(!url->host.empty() && printable(url->host) && printable(url->target), "a URL is printable");
    require(printable(rpc::host_header(*url)), "a Host header cannot break its line");
    const std::string shown = rpc::to_string(*url);
    const auto again = rpc::parse_url(shown.substr(0, shown.find("/…")));
    require(again && again->host == url->host && again->port == url->port && again->scheme == url->scheme,
            "what is shown names the same place");
    require(again->user_info.empty(), "no user info is shown");
}

void fuzz_header(std::string_view name, std::string_view value) {
    if (!rpc::check_header(name, value)) return;
    require(printable(name) && name.find(':') == std::string_view::npos, "a header's name is a token");
    require(std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c < 0x7f; }),
            "a header's value stays on its line");
    require(!value.empty() && value.size() <= 8'192, "a header's value is bounded");
}

void fuzz_redactor(std::string_view secret, std::string_view text) {
    const auto url = rpc::parse_url("wss://node.example/" + std::string{secret});
    if (!url || !rpc::check_header("X-Key", secret)) return;
    const std::array headers{rpc::HttpHeader{"X-Key", std::string{secret}}};
    const std::string clean = rpc::Redactor{*url, headers}.clean(std::string{text});
    // A star may be what another secret was replaced with.
    if (secret.find('*') == std::string_view::npos)
        require(clean.find(secret) == std::string::npos, "no secret stays in a text");
}

void fuzz_quantity(std::string_view text) {
    const auto wide = rpc::parse_quantity(text);
    const auto narrow = rpc::parse_quantity64(text);
    if (wide) require(to_quantity_hex(*wide).size() == text.size(), "a quantity has one spelling");
    require(narrow.has_value() == (wide && wide->fits64()), "64 bits are read where there are at most 64");
    if (!narrow) return;
    require(U256{*narrow} == *wide, "both readers read the same");
    std::string written;
    rpc::append_quantity(written, *narrow);
    const auto lower = [](unsigned char c) { return static_cast<char>(std::tolower(c)); };
    std::string expected = '"' + std::string{text} + '"';
    std::transform(expected.begin(), expected.end(), expected.begin(), lower);
    require(written == expected, "a quantity is written as it was read");
}

void fuzz_hex(std::string_view text) {
    if (const auto bytes = parse_hex(text)) {
        const auto again = parse_hex(to_hex(*bytes));
        require(again && *again == *bytes, "hex is read as it is written");
    }
    if (const auto address = parse_address(text)) {
        const auto again = parse_address(to_string(*address));
        require(again && *again == *address, "an address is read as it is written");
    }
    if (const auto number = parse_decimal(text))
        require(parse_decimal(to_decimal(*number)) == *number, "a number is read as it is written");
}

}  // namespace

void run(BytesView data) {
    Input input{data};
    const std::uint8_t kind = input.byte();
    const BytesView rest = input.rest();
    const std::string_view text{reinterpret_cast<const char*>(rest.data()), rest.size()};
    const std::size_t cut = std::min(text.find('\0'), text.size());
    const std::string_view behind = text.substr(std::min(cut + 1, text.size()));
    switch (kind % 5) {
        case 0:
            return fuzz_url(text);
        case 1:
            return fuzz_header(text.substr(0, cut), behind);
        case 2:
            return fuzz_redactor(text.substr(0, cut), behind);
        case 3:
            return fuzz_quantity(text);
        default:
            return fuzz_hex(text);
    }
}

}  // namespace plimsoll::fuzz
