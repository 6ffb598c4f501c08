// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/u256.hpp"
#include "chain/primitives/units.hpp"
#include "config/url.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace plimsoll::strategy {
struct SignedUsd;
}

namespace plimsoll::bot {

/// A finite number already written in decimal; a JSON number.
struct Decimal {
    std::string text;
};
/// A 256-bit integer in decimal; a JSON string, because JSON readers lose digits.
struct BigInteger {
    std::string text;
};

using FieldValue =
    std::variant<bool, std::int64_t, std::uint64_t, Decimal, BigInteger, std::string, Address, Hash32>;

/// One named value of a log line. The name carries the unit where the type does not (`gas_wei`,
/// `profit_usd`). Names and text must not be freed before the call that logs them ends.
struct Field {
    std::string_view name;
    FieldValue value;

    template <std::same_as<bool> T>
    Field(std::string_view key, T flag) : name{key}, value{flag} {}
    template <std::signed_integral T>
    Field(std::string_view key, T number) : name{key}, value{static_cast<std::int64_t>(number)} {}
    template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>) Field(std::string_view key, T number)
        : name{key}, value{static_cast<std::uint64_t>(number)} {}
    template <class Tag>
    Field(std::string_view key, Count<Tag> count) : name{key}, value{count.value} {}
    /// Three places; 0 for what is not finite.
    Field(std::string_view key, double number);
    /// Two decimals, rounded towards zero.
    Field(std::string_view key, const Usd& amount);
    Field(std::string_view key, const strategy::SignedUsd& amount);
    Field(std::string_view key, const U256& number);
    /// As wei, whole.
    Field(std::string_view key, const Wei& amount);
    Field(std::string_view key, const TokenAmount& amount);
    Field(std::string_view key, const Address& address) : name{key}, value{address} {}
    Field(std::string_view key, const Hash32& hash) : name{key}, value{hash} {}
    /// Without user info, path and query.
    Field(std::string_view key, const config::Url& url);
    Field(std::string_view key, std::string_view text) : name{key}, value{std::string{text}} {}
    Field(std::string_view key, const std::string& text) : name{key}, value{text} {}
    Field(std::string_view key, const char* text) : name{key}, value{std::string{text}} {}
    Field(std::string_view key, Decimal number) : name{key}, value{std::move(number)} {}
};

/// Wad as a decimal with `digits` places, rounded down: how health factors are shown.
[[nodiscard]] Decimal decimal(const Wad& value, unsigned digits = 4);
/// In dollars with two places, rounded down.
[[nodiscard]] Decimal decimal(const Usd& amount);
/// `amount` of a token with `decimals`, as a plain decimal without trailing zeros.
[[nodiscard]] Decimal decimal(const TokenAmount& amount, unsigned decimals);
/// In ether, exact.
[[nodiscard]] Decimal decimal(const Wei& amount);

}  // namespace plimsoll::bot
