// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/value.hpp"

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace plimsoll::config {

// Values as text that `parse` takes back unchanged: the inverse of config/value.hpp.
[[nodiscard]] std::string to_text(std::chrono::milliseconds duration);
[[nodiscard]] std::string to_text(const Usd& amount);
[[nodiscard]] std::string to_text(const Wei& price);
[[nodiscard]] std::string to_text(const NativeAmount& amount);
[[nodiscard]] std::string to_text(Blocks distance);
[[nodiscard]] std::string to_text(BasisPoints share);
[[nodiscard]] std::string to_text(const Wad& ratio);
/// With everything that is secret.
[[nodiscard]] std::string to_text(const Url& url);
/// "wss://host:443/***": without what may be secret.
[[nodiscard]] std::string masked(const Url& url);

/// The texts that a value consists of; none where it is not set.
template <class T>
[[nodiscard]] List texts(const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
        return {value ? "true" : "false"};
    } else if constexpr (std::is_same_v<T, std::string>) {
        return value.empty() ? List{} : List{value};
    } else if constexpr (std::is_enum_v<T>) {
        return {std::string{to_string(value)}};
    } else if constexpr (std::is_same_v<T, std::uint32_t>) {
        return {std::to_string(value)};
    } else if constexpr (std::is_same_v<T, ChainId> || std::is_same_v<T, BlockNumber>) {
        return {std::to_string(value.value)};
    } else if constexpr (std::is_same_v<T, Address>) {
        return value.is_zero() ? List{} : List{to_string(value)};
    } else if constexpr (std::is_same_v<T, std::optional<Address>>) {
        return value ? List{to_string(*value)} : List{};
    } else if constexpr (std::is_same_v<T, std::vector<Address>>) {
        List out;
        for (const Address& address : value)
            out.push_back(to_string(address));
        return out;
    } else if constexpr (std::is_same_v<T, Url>) {
        return value.empty() ? List{} : List{to_text(value)};
    } else {
        return {to_text(value)};
    }
}

}  // namespace plimsoll::config
