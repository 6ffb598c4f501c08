// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "config/problem.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace plimsoll::config {

/// Texts in brackets.
using List = std::vector<std::string>;
/// A value as its source holds it. TOML knows the five shapes; environment and command line give text only.
using Scalar = std::variant<bool, std::int64_t, double, std::string, List>;
/// Most elements a list may have.
inline constexpr std::size_t kLongestList = 1000;

/// Why a value is not accepted. `fix` may be empty: the schema's example is then proposed.
struct Wrong {
    ProblemCode code{};
    std::string why;
    std::string fix;
};

template <class T>
using Parsed = tl::expected<T, Wrong>;

template <class T>
using As = std::type_identity<T>;

[[nodiscard]] Parsed<bool> parse(const Scalar& scalar, As<bool>);
/// Text without control characters, not empty.
[[nodiscard]] Parsed<std::string> parse(const Scalar& scalar, As<std::string>);
/// 1 to 32 of a-z, 0-9 and '-'.
[[nodiscard]] Parsed<std::string> parse_name(const Scalar& scalar);
/// Text without control characters, 1 to 4096 characters.
[[nodiscard]] Parsed<std::string> parse_path(const Scalar& scalar);
/// Lines "Name: value" as RFC 9110 has them, without line breaks. Never quoted in an error.
[[nodiscard]] Parsed<List> parse_headers(const Scalar& scalar);
/// A whole number without a unit.
[[nodiscard]] Parsed<std::uint64_t> parse(const Scalar& scalar, As<std::uint64_t>);
/// A plain decimal number with at most six places, as 18-decimals fixed point.
[[nodiscard]] Parsed<Wad> parse(const Scalar& scalar, As<Wad>);
/// "12s", "500ms", "5m", "1h".
[[nodiscard]] Parsed<std::chrono::milliseconds> parse(const Scalar& scalar, As<std::chrono::milliseconds>);
/// "5 usd", "0.25 usd".
[[nodiscard]] Parsed<Usd> parse(const Scalar& scalar, As<Usd>);
/// "200 gwei", "7 wei".
[[nodiscard]] Parsed<Wei> parse(const Scalar& scalar, As<Wei>);
/// "0.05 eth".
[[nodiscard]] Parsed<NativeAmount> parse(const Scalar& scalar, As<NativeAmount>);
/// "10%", "0.5%", "250 bps".
[[nodiscard]] Parsed<BasisPoints> parse(const Scalar& scalar, As<BasisPoints>);
/// "2 blocks", "1 block".
[[nodiscard]] Parsed<Blocks> parse(const Scalar& scalar, As<Blocks>);
/// 40 hex digits, all lower case or with a valid EIP-55 checksum; not zero.
[[nodiscard]] Parsed<Address> parse(const Scalar& scalar, As<Address>);
/// A list of addresses, none twice.
[[nodiscard]] Parsed<std::vector<Address>> parse(const Scalar& scalar, As<std::vector<Address>>);
[[nodiscard]] Parsed<Url> parse(const Scalar& scalar, As<Url>);

/// A word of `choices`; its index.
[[nodiscard]] Parsed<std::size_t> parse_choice(const Scalar& scalar,
                                               std::span<const std::string_view> choices);

/// `text` in the shape that a value of the same meaning has in a TOML file: `true`, `12`, `1.5` or a string.
[[nodiscard]] Scalar scalar_from_text(std::string_view text);
/// `a, b` or `["a", "b"]`: a list as environment and command line write it.
[[nodiscard]] List list_from_text(std::string_view text);
/// The value in quotes where it is text, for messages.
[[nodiscard]] std::string quoted(const Scalar& scalar);

}  // namespace plimsoll::config
