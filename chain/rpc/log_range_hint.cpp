// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/log_range_hint.hpp"

#include "chain/rpc/error_dialects.hpp"

#include <array>
#include <charconv>
#include <string>

namespace plimsoll::rpc {
namespace {

/// "[0x0, 0x133e71]": both numbers.
struct Brackets {
    std::uint64_t from{};
    std::uint64_t to{};
};

std::optional<std::uint64_t> take_hex(std::string_view& text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    if (!text.starts_with("0x")) return std::nullopt;
    std::uint64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data() + 2, text.data() + text.size(), value, 16);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    return value;
}

std::optional<Brackets> brackets_in(std::string_view text) {
    const std::size_t open = text.find("[0x");
    if (open == std::string_view::npos) return std::nullopt;
    text.remove_prefix(open + 1);
    const auto from = take_hex(text);
    if (!from || !text.starts_with(',')) return std::nullopt;
    text.remove_prefix(1);
    const auto to = take_hex(text);
    if (!to || !text.starts_with(']') || *to < *from) return std::nullopt;
    return Brackets{*from, *to};
}

/// "10,000", "2k", "2048"; nothing above 2^32.
std::optional<std::uint64_t> number_at(std::string_view text) {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 32U;
    std::uint64_t value = 0;
    std::size_t at = 0;
    for (; at < text.size() && value < kMost; ++at) {
        const char c = text[at];
        if (c == ',' && at != 0) continue;
        if (c < '0' || c > '9') break;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    if (at == 0 || value == 0) return std::nullopt;
    if (at < text.size() && text[at] == 'k') value *= 1'000;
    if (value >= kMost) return std::nullopt;
    return value;
}

std::optional<std::uint64_t> rule_in(std::string_view text) {
    constexpr std::array<std::string_view, 8> kBefore{
        "maximum is set to ",    "limited to a ",     "limited to ",           "up to a ",
        "maximum block range: ", "max block range: ", "block range limit of ", "range is too large, max is "};
    for (const std::string_view before : kBefore) {
        const std::size_t at = text.find(before);
        if (at == std::string_view::npos) continue;
        if (const auto number = number_at(text.substr(at + before.size()))) return number;
    }
    return std::nullopt;
}

}  // namespace

std::optional<LogRangeHint> parse_log_range_hint(std::string_view message, BlockNumber from, BlockNumber to) {
    const std::string text = lower_case(message);
    const std::uint64_t asked = to.value - from.value;  // one less than blocks
    const auto brackets = brackets_in(text);
    if (brackets && brackets->from <= from.value && brackets->to >= from.value &&
        brackets->to - from.value < asked) {
        return LogRangeHint{brackets->to - from.value + 1, false};
    }
    // Another stretch than ours, as in the documented samples, still tells a length.
    if (brackets && brackets->to - brackets->from < asked)
        return LogRangeHint{brackets->to - brackets->from + 1, false};
    const auto rule = rule_in(text);
    if (rule && *rule <= asked) return LogRangeHint{*rule, true};
    return std::nullopt;
}

}  // namespace plimsoll::rpc
