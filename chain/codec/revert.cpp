// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/revert.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/primitives/hex.hpp"

#include <algorithm>

namespace plimsoll::codec {

namespace {

constexpr std::size_t kMaxText = 200;

bool starts_with(BytesView data, const Selector& selector) noexcept {
    return data.size() >= selector.size() && std::equal(selector.begin(), selector.end(), data.begin());
}

/// A contract chooses its own text: nothing of it may move a terminal's cursor or flood a log.
std::string printable(std::string_view text) {
    std::string out{text.substr(0, kMaxText)};
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c < 0x20 || c > 0x7E; }, '?');
    if (text.size() > kMaxText) out += "...";
    return out;
}

/// The codes of the Solidity documentation, "Panic via assert and Error via require".
std::string_view panic_meaning(std::uint64_t code) noexcept {
    switch (code) {
        case 0x01:
            return "failed assertion";
        case 0x11:
            return "arithmetic overflow";
        case 0x12:
            return "division by zero";
        case 0x21:
            return "enum out of range";
        case 0x22:
            return "corrupt storage array";
        case 0x31:
            return "pop of an empty array";
        case 0x32:
            return "index out of bounds";
        case 0x41:
            return "too much memory";
        case 0x51:
            return "call of an uninitialised function";
        default:
            return "unknown code";
    }
}

std::string describe_panic(BytesView arguments) {
    AbiReader reader{arguments};
    const U256 code = reader.u256();
    if (!reader.ok()) return "malformed panic";
    const std::string_view meaning = code.fits64() ? panic_meaning(code.low64()) : "unknown code";
    return "panic " + to_quantity_hex(code) + " (" + std::string{meaning} + ")";
}

}  // namespace

std::optional<std::string_view> revert_message(BytesView data) {
    if (!starts_with(data, selector("Error(string)"))) return std::nullopt;
    AbiReader reader{data.subspan(4)};
    const std::string_view text = reader.text();
    if (!reader.ok()) return std::nullopt;
    return text;
}

std::string describe_revert(BytesView data, std::span<const KnownError> known) {
    if (data.empty()) return "no reason given";
    if (data.size() < 4) return "malformed reason " + to_hex(data);
    if (const auto message = revert_message(data)) return printable(*message);
    if (starts_with(data, selector("Panic(uint256)"))) return describe_panic(data.subspan(4));
    const auto found = std::find_if(known.begin(), known.end(), [&](const KnownError& error) {
        return starts_with(data, error.selector);
    });
    if (found != known.end()) return std::string{found->name};
    return "custom error " + to_hex(data.first(4));
}

}  // namespace plimsoll::codec
