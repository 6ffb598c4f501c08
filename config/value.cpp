// SPDX-License-Identifier: Apache-2.0
#include "config/value.hpp"

#include "config/suggest.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

namespace plimsoll::config {
namespace {

tl::unexpected<Wrong> wrong(ProblemCode code, std::string why, std::string fix = {}) {
    return tl::unexpected<Wrong>{Wrong{code, std::move(why), std::move(fix)}};
}

std::string_view shape_of(const Scalar& scalar) {
    constexpr std::array<std::string_view, 5> kShapes{"true or false", "a whole number", "a decimal number",
                                                      "text", "a list"};
    return kShapes.at(scalar.index());
}

tl::unexpected<Wrong> wrong_shape(const Scalar& scalar, std::string_view wanted) {
    const std::string value = std::holds_alternative<List>(scalar) ? "this" : quoted(scalar);
    return wrong(ProblemCode::wrong_type,
                 value + " is " + std::string{shape_of(scalar)} + ", not " + std::string{wanted});
}

/// An endpoint's address put into the wrong key must not be printed either.
bool may_hold_secret(std::string_view text) {
    return text.find("//") != std::string_view::npos;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

struct Unit {
    std::string_view name;
    unsigned power{};  // the unit is `factor` * 10^power of the smallest unit
    std::uint64_t factor{1};
};

/// What an amount with a unit may look like.
struct UnitSystem {
    std::string_view subject;  // "an amount of money"
    std::span<const Unit> units;
};

std::string unit_names(const UnitSystem& system) {
    std::string out;
    for (const Unit& unit : system.units)
        out += (out.empty() ? "" : ", ") + std::string{unit.name};
    return out;
}

/// "12.5" times 10^power, exactly; empty if the digits are malformed, finer than that, or too large.
std::optional<U256> scaled(std::string_view digits, unsigned power) {
    const std::size_t dot = digits.find('.');
    const std::string_view whole = digits.substr(0, dot);
    std::string_view fraction = dot == std::string_view::npos ? std::string_view{} : digits.substr(dot + 1);
    if (dot != std::string_view::npos && fraction.empty()) return std::nullopt;
    if (whole.empty() || !std::ranges::all_of(whole, is_digit) || !std::ranges::all_of(fraction, is_digit))
        return std::nullopt;
    while (fraction.ends_with('0'))
        fraction.remove_suffix(1);
    if (fraction.size() > power || whole.size() > 30) return std::nullopt;
    const std::string all =
        std::string{whole} + std::string{fraction} + std::string(power - fraction.size(), '0');
    const auto value = parse_decimal(all);
    return value ? std::optional{*value} : std::nullopt;
}

/// An amount such as "200 gwei" in the system's smallest unit.
Parsed<U256> parse_amount(const Scalar& scalar, const UnitSystem& system) {
    const auto* text = std::get_if<std::string>(&scalar);
    if (std::holds_alternative<bool>(scalar) || std::holds_alternative<List>(scalar))
        return wrong_shape(scalar, system.subject);
    if (text == nullptr) {
        return wrong(ProblemCode::bad_unit, quoted(scalar) + " has no unit (" + unit_names(system) + ")",
                     "write \"" + quoted(scalar) + " " + std::string{system.units.back().name} +
                         "\", with the unit you mean, in quotes");
    }
    const std::string_view view{*text};
    const auto* number_end = std::ranges::find_if_not(view, [](char c) { return is_digit(c) || c == '.'; });
    const std::string_view digits = view.substr(0, static_cast<std::size_t>(number_end - view.begin()));
    std::string_view unit_name = view.substr(digits.size());
    while (unit_name.starts_with(' '))
        unit_name.remove_prefix(1);
    if (digits.empty())
        return wrong(ProblemCode::bad_value, quoted(scalar) + " is not " + std::string{system.subject});
    if (unit_name.empty()) {
        return wrong(ProblemCode::bad_unit, quoted(scalar) + " has no unit (" + unit_names(system) + ")",
                     "write \"" + std::string{digits} + " " + std::string{system.units.back().name} +
                         "\", with the unit you mean");
    }
    const auto unit = std::ranges::find(system.units, unit_name, &Unit::name);
    if (unit == system.units.end()) {
        return wrong(ProblemCode::bad_unit, "\"" + std::string{unit_name} + "\" is not a unit of " +
                                                std::string{system.subject} + " (" + unit_names(system) +
                                                ")");
    }
    const auto value = scaled(digits, unit->power);
    if (!value)
        return wrong(ProblemCode::bad_value, quoted(scalar) + " is not a number that can be held exactly");
    return *value * U256{unit->factor};
}

constexpr std::array kDurationUnits{Unit{"ms", 0}, Unit{"h", 3, 3600}, Unit{"m", 3, 60}, Unit{"s", 3}};
constexpr std::array kMoneyUnits{Unit{"usd", 8}};
constexpr std::array kGasPriceUnits{Unit{"wei", 0}, Unit{"gwei", 9}};
constexpr std::array kNativeUnits{Unit{"eth", 18}};
constexpr std::array kShareUnits{Unit{"bps", 0}, Unit{"%", 2}};
constexpr std::array kBlockUnits{Unit{"block", 0}, Unit{"blocks", 0}};

}  // namespace

std::string quoted(const Scalar& scalar) {
    if (std::holds_alternative<List>(scalar)) return "a list";
    if (const auto* flag = std::get_if<bool>(&scalar)) return *flag ? "true" : "false";
    if (const auto* number = std::get_if<std::int64_t>(&scalar)) return std::to_string(*number);
    if (const auto* number = std::get_if<double>(&scalar)) {
        std::array<char, 64> buffer{};
        const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), *number);
        return error == std::errc{} ? std::string{buffer.data(), end} : "a number";
    }
    const std::string& text = std::get<std::string>(scalar);
    if (may_hold_secret(text)) return "the URL";
    return "\"" + text.substr(0, 80) + "\"";
}

List list_from_text(std::string_view text) {
    constexpr std::string_view kAround = " \t\"'";
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    List out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(','), text.size());
        std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t first = std::min(word.find_first_not_of(kAround), word.size());
        word = word.substr(first, word.find_last_not_of(kAround) + 1 - first);
        if (!word.empty()) out.emplace_back(word);
    }
    return out;
}

Scalar scalar_from_text(std::string_view text) {
    if (text == "true" || text == "false") return text == "true";
    const char* end = text.data() + text.size();
    std::int64_t whole = 0;
    if (const auto [stop, error] = std::from_chars(text.data(), end, whole);
        error == std::errc{} && stop == end)
        return whole;
    double number = 0;
    if (const auto [stop, error] = std::from_chars(text.data(), end, number);
        error == std::errc{} && stop == end)
        return number;
    return std::string{text};
}

Parsed<bool> parse(const Scalar& scalar, As<bool>) {
    if (const auto* flag = std::get_if<bool>(&scalar)) return *flag;
    return wrong_shape(scalar, "true or false");
}

Parsed<std::string> parse(const Scalar& scalar, As<std::string>) {
    const auto* text = std::get_if<std::string>(&scalar);
    if (text == nullptr) return wrong_shape(scalar, "text in quotes");
    if (text->empty()) return wrong(ProblemCode::bad_value, "the text is empty");
    const bool clean =
        std::ranges::none_of(*text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (!clean) return wrong(ProblemCode::bad_value, "the text holds a control character");
    return *text;
}

Parsed<std::string> parse_path(const Scalar& scalar) {
    constexpr std::size_t kLongestPath = 4096;
    auto text = parse(scalar, As<std::string>{});
    if (text && text->size() > kLongestPath) return wrong(ProblemCode::out_of_range, "the path is too long");
    return text;
}

Parsed<List> parse_headers(const Scalar& scalar) {
    constexpr std::size_t kMostHeaders = 32;
    constexpr std::size_t kLongestHeader = 8192;
    const auto* list = std::get_if<List>(&scalar);
    if (list == nullptr) return wrong(ProblemCode::wrong_type, "the value is not a list of texts");
    if (list->size() > kMostHeaders)
        return wrong(ProblemCode::out_of_range, "there are more than 32 headers");
    const auto of_name = [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    };
    for (const std::string& header : *list) {
        const std::size_t colon = header.find(':');
        const std::string_view name = std::string_view{header}.substr(0, colon);
        const bool printable = std::ranges::all_of(header, [](char c) { return c >= ' ' && c < '\x7f'; });
        const bool value =
            colon != std::string::npos && header.find_first_not_of(' ', colon + 1) != std::string::npos;
        if (!value || name.empty() || !std::ranges::all_of(name, of_name) || !printable ||
            header.size() > kLongestHeader)
            return wrong(ProblemCode::bad_value, "one of the headers is not of the form \"Name: value\"");
    }
    return *list;
}

Parsed<std::string> parse_name(const Scalar& scalar) {
    const auto* text = std::get_if<std::string>(&scalar);
    if (text == nullptr) return wrong_shape(scalar, "a name in quotes");
    const bool plain =
        std::ranges::all_of(*text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-'; });
    if (!plain || text->empty() || text->size() > 32) {
        return wrong(ProblemCode::bad_value, quoted(scalar) + " is not a name (1 to 32 of a-z, 0-9 and '-')");
    }
    return *text;
}

Parsed<std::uint64_t> parse(const Scalar& scalar, As<std::uint64_t>) {
    const auto* number = std::get_if<std::int64_t>(&scalar);
    if (number == nullptr) return wrong_shape(scalar, "a whole number");
    if (*number < 0) return wrong(ProblemCode::out_of_range, quoted(scalar) + " is below zero");
    return static_cast<std::uint64_t>(*number);
}

Parsed<Wad> parse(const Scalar& scalar, As<Wad>) {
    constexpr double kMillion = 1e6;
    constexpr double kLargest = 1e12;
    double number = 0;
    if (const auto* whole = std::get_if<std::int64_t>(&scalar)) {
        number = static_cast<double>(*whole);
    } else if (const auto* decimal = std::get_if<double>(&scalar)) {
        number = *decimal;
    } else {
        return wrong_shape(scalar, "a number without quotes");
    }
    if (!(number >= 0) || number > kLargest)
        return wrong(ProblemCode::out_of_range, quoted(scalar) + " is not a sensible ratio");
    const double millionths = std::round(number * kMillion);
    return Wad{U256{static_cast<std::uint64_t>(millionths)} * pow10(12)};
}

Parsed<std::chrono::milliseconds> parse(const Scalar& scalar, As<std::chrono::milliseconds>) {
    constexpr std::uint64_t kLongest = 366ULL * 24 * 3600 * 1000;
    auto amount = parse_amount(scalar, {"a duration", kDurationUnits});
    if (!amount) return tl::make_unexpected(std::move(amount).error());
    if (*amount > U256{kLongest})
        return wrong(ProblemCode::out_of_range, quoted(scalar) + " is longer than a year");
    return std::chrono::milliseconds{static_cast<std::int64_t>(amount->low64())};
}

Parsed<Usd> parse(const Scalar& scalar, As<Usd>) {
    return parse_amount(scalar, {"an amount of money", kMoneyUnits}).map([](const U256& raw) {
        return Usd{raw};
    });
}

Parsed<Wei> parse(const Scalar& scalar, As<Wei>) {
    return parse_amount(scalar, {"a gas price", kGasPriceUnits}).map([](const U256& raw) {
        return Wei{raw};
    });
}

Parsed<NativeAmount> parse(const Scalar& scalar, As<NativeAmount>) {
    return parse_amount(scalar, {"an amount of the native coin", kNativeUnits}).map([](const U256& raw) {
        return NativeAmount{raw};
    });
}

Parsed<Blocks> parse(const Scalar& scalar, As<Blocks>) {
    auto amount = parse_amount(scalar, {"a number of blocks", kBlockUnits});
    if (!amount) return tl::make_unexpected(std::move(amount).error());
    if (!amount->fits64()) return wrong(ProblemCode::out_of_range, quoted(scalar) + " is too many");
    return Blocks{amount->low64()};
}

Parsed<BasisPoints> parse(const Scalar& scalar, As<BasisPoints>) {
    auto amount = parse_amount(scalar, {"a share", kShareUnits});
    if (!amount) return tl::make_unexpected(std::move(amount).error());
    if (!amount->fits64()) return wrong(ProblemCode::out_of_range, quoted(scalar) + " is too much");
    return BasisPoints{amount->low64()};
}

Parsed<Address> parse(const Scalar& scalar, As<Address>) {
    const auto* text = std::get_if<std::string>(&scalar);
    if (text == nullptr) return wrong_shape(scalar, "an address in quotes");
    if (may_hold_secret(*text)) return wrong(ProblemCode::bad_address, "the value is a URL, not an address");
    const auto address = parse_address(*text);
    if (!address) return wrong(ProblemCode::bad_address, address.error().context);
    const bool checked = std::ranges::any_of(*text, [](char c) { return c >= 'A' && c <= 'F'; });
    if (checked && to_string(*address) != *text) {
        return wrong(ProblemCode::bad_address,
                     "the EIP-55 checksum of " + quoted(scalar) + " is wrong: a digit was mistyped");
    }
    if (address->is_zero()) return wrong(ProblemCode::bad_address, "the zero address is nobody's");
    return *address;
}

Parsed<std::vector<Address>> parse(const Scalar& scalar, As<std::vector<Address>>) {
    const auto* list = std::get_if<List>(&scalar);
    if (list == nullptr) return wrong_shape(scalar, "a list of addresses");
    if (list->size() > kLongestList) {
        return wrong(ProblemCode::out_of_range, "the list has " + std::to_string(list->size()) +
                                                    " addresses, at most " + std::to_string(kLongestList) +
                                                    " are taken");
    }
    std::vector<Address> out;
    for (const std::string& text : *list) {
        auto address = parse(Scalar{text}, As<Address>{});
        if (!address) return tl::make_unexpected(std::move(address).error());
        if (std::ranges::find(out, *address) != out.end())
            return wrong(ProblemCode::duplicate, quoted(Scalar{text}) + " is in the list twice",
                         "remove one");
        out.push_back(*address);
    }
    return out;
}

Parsed<Url> parse(const Scalar& scalar, As<Url>) {
    const auto* text = std::get_if<std::string>(&scalar);
    if (text == nullptr) return wrong(ProblemCode::wrong_type, "the value is not a URL in quotes");
    const auto url = parse_url(*text);
    if (!url) return wrong(ProblemCode::bad_url, "not an endpoint's URL: " + url.error().context);
    return *url;
}

Parsed<std::size_t> parse_choice(const Scalar& scalar, std::span<const std::string_view> choices) {
    std::string list;
    for (const std::string_view choice : choices)
        list += (list.empty() ? "\"" : ", \"") + std::string{choice} + "\"";
    const auto* text = std::get_if<std::string>(&scalar);
    if (text == nullptr) return wrong_shape(scalar, "one of " + list);
    const auto found = std::ranges::find(choices, std::string_view{*text});
    if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
    const std::string_view guess = nearest(*text, choices);
    return wrong(ProblemCode::not_a_choice, quoted(scalar) + " is none of " + list,
                 guess.empty() ? std::string{} : "did you mean \"" + std::string{guess} + "\"?");
}

}  // namespace plimsoll::config
