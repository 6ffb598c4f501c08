// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/selector.hpp"
#include "chain/primitives/bytes.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace plimsoll::codec {

/// A custom error whose name the caller knows.
struct KnownError {
    Selector selector;
    std::string_view name;
};

/// The string of `Error(string)`, as it stands in the data; nothing for any other revert.
[[nodiscard]] std::optional<std::string_view> revert_message(BytesView data);
/// A short text for people: the string of `Error(string)` (printable characters only, cut at 200), the
/// meaning of `Panic(uint256)`, the known name or else the selector of a custom error.
[[nodiscard]] std::string describe_revert(BytesView data, std::span<const KnownError> known = {});

}  // namespace plimsoll::codec
