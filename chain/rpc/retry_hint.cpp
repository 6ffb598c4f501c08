// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/retry_hint.hpp"

#include "chain/rpc/error_dialects.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace plimsoll::rpc::retry_hint {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongest{86'400'000};

struct Unit {
    std::string_view text;
    double milliseconds;
};

// The longer text before its own beginning.
constexpr std::array<Unit, 10> kUnits{{{"milliseconds", 1},
                                       {"millisecond", 1},
                                       {"ms", 1},
                                       {"minutes", 60'000},
                                       {"minute", 60'000},
                                       {"min", 60'000},
                                       {"m", 60'000},
                                       {"seconds", 1'000},
                                       {"second", 1'000},
                                       {"s", 1'000}}};

milliseconds bounded(double value) {
    if (!(value > 0)) return milliseconds{0};
    return value < static_cast<double>(kLongest.count()) ? milliseconds{static_cast<std::int64_t>(value)}
                                                         : kLongest;
}

std::optional<double> take_number(std::string_view& text) {
    double value = 0;
    const auto [stop, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    return value;
}

double take_unit(std::string_view& text) {
    std::string_view rest = text;
    while (rest.starts_with(' '))
        rest.remove_prefix(1);
    const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(),
                                          [rest](const Unit& one) { return rest.starts_with(one.text); });
    if (unit == kUnits.end()) return 1'000;  // seconds are what everybody means
    text = rest.substr(unit->text.size());
    return unit->milliseconds;
}

/// "4ms", "2 seconds", "1m30s".
std::optional<milliseconds> duration_at(std::string_view text) {
    std::optional<double> total;
    for (int part = 0; part < 3; ++part) {
        const std::optional<double> number = take_number(text);
        if (!number) break;
        total = total.value_or(0) + *number * take_unit(text);
    }
    if (!total) return std::nullopt;
    return bounded(*total);
}

std::optional<int> digits(std::string_view text) {
    int value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || stop != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT", the one form that may be sent.
std::optional<std::chrono::sys_seconds> parse_date(std::string_view text) {
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != 29 || text.substr(3, 2) != ", " || !text.ends_with(" GMT")) return std::nullopt;
    const std::size_t month = kMonths.find(text.substr(8, 3));
    const auto day = digits(text.substr(5, 2));
    const auto year = digits(text.substr(12, 4));
    const auto hour = digits(text.substr(17, 2));
    const auto minute = digits(text.substr(20, 2));
    const auto second = digits(text.substr(23, 2));
    if (month == std::string_view::npos || month % 3 != 0 || !day || !year || !hour || !minute || !second)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(month / 3 + 1)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second};
}

}  // namespace

std::optional<milliseconds> in_message(std::string_view message) {
    constexpr std::array<std::string_view, 4> kBefore{"try again in ", "try again after ", "retry in ",
                                                      "retry after "};
    const std::string text = lower_case(message);
    for (const std::string_view before : kBefore) {
        const std::size_t at = text.find(before);
        if (at == std::string::npos) continue;
        const auto hint = duration_at(std::string_view{text}.substr(at + before.size()));
        if (hint) return hint;
    }
    return std::nullopt;
}

std::optional<milliseconds> in_seconds(std::string_view number) {
    const std::optional<double> seconds = take_number(number);
    if (!seconds || !number.empty()) return std::nullopt;
    return bounded(*seconds * 1'000);
}

std::optional<milliseconds> in_header(std::string_view value, std::string_view date) {
    if (const auto seconds = in_seconds(value)) return seconds;
    const auto until = parse_date(value);
    const auto now = parse_date(date);
    if (!until || !now) return std::nullopt;
    return std::clamp(std::chrono::duration_cast<milliseconds>(*until - *now), milliseconds{0}, kLongest);
}

}  // namespace plimsoll::rpc::retry_hint
