// SPDX-License-Identifier: Apache-2.0
#include "bot/log_field.hpp"

#include "strategy/decision.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace plimsoll::bot {
namespace {

/// raw / 10^scale with at most `digits` places, cut off, at least `least` of them.
std::string fixed_point(const U256& raw, unsigned scale, unsigned digits, unsigned least) {
    std::string text = to_decimal(raw);
    if (text.size() <= scale) text.insert(0, scale + 1 - text.size(), '0');
    const std::size_t point = text.size() - scale;
    std::string fraction = text.substr(point, digits);
    while (fraction.size() > least && fraction.ends_with('0'))
        fraction.pop_back();
    return fraction.empty() ? text.substr(0, point) : text.substr(0, point) + "." + fraction;
}

constexpr unsigned kUsdScale = 8;
constexpr unsigned kWadScale = 18;

std::string three_places(double number) {
    if (!std::isfinite(number)) return "0";
    std::array<char, 400> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%.3f", number);
    return std::string{buffer.data(), static_cast<std::size_t>(length)};
}

}  // namespace

Field::Field(std::string_view key, double number) : name{key}, value{Decimal{three_places(number)}} {}

Field::Field(std::string_view key, const Usd& amount) : name{key}, value{decimal(amount)} {}

Field::Field(std::string_view key, const strategy::SignedUsd& amount) : name{key}, value{Decimal{}} {
    const std::string text = fixed_point(amount.magnitude.raw(), kUsdScale, 2, 2);
    value = Decimal{amount.negative && text != "0.00" ? "-" + text : text};
}

Field::Field(std::string_view key, const U256& number) : name{key}, value{BigInteger{to_decimal(number)}} {}

Field::Field(std::string_view key, const Wei& amount)
    : name{key}, value{BigInteger{to_decimal(amount.raw())}} {}

Field::Field(std::string_view key, const TokenAmount& amount)
    : name{key}, value{BigInteger{to_decimal(amount.raw())}} {}

Field::Field(std::string_view key, const config::Url& url) : name{key}, value{to_string(url)} {}

Decimal decimal(const Wad& value, unsigned digits) {
    return {fixed_point(value.raw(), kWadScale, digits, digits)};
}

Decimal decimal(const Usd& amount) {
    return {fixed_point(amount.raw(), kUsdScale, 2, 2)};
}

Decimal decimal(const TokenAmount& amount, unsigned decimals) {
    return {fixed_point(amount.raw(), decimals, decimals, 0)};
}

Decimal decimal(const Wei& amount) {
    return {fixed_point(amount.raw(), kWadScale, kWadScale, 0)};
}

}  // namespace plimsoll::bot
