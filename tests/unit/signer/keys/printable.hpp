// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>

namespace plimsoll::signer {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
    out << value;
};
template <class T>
concept HasText = requires(const T& value) {
    to_string(value);
};
/// Whether it turns into something that a log or a formatter takes (spdlog's fmt takes what converts to a
/// string_view), or can be walked over like a string.
template <class T>
concept TurnsIntoText = std::is_convertible_v<const T&, std::string_view> ||
    std::is_convertible_v<const T&, std::string> || std::is_convertible_v<const T&, const char*> ||
    requires(const T& value) {
    value.begin();
};

/// What a secret must not be.
template <class T>
concept Printable = Streamable<T> || HasText<T> || TurnsIntoText<T>;

}  // namespace plimsoll::signer
