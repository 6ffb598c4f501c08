// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/hash.hpp"
#include "chain/primitives/keccak.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace plimsoll::codec {

/// The first four bytes of calldata or of a custom error.
using Selector = std::array<std::uint8_t, 4>;

/// The selector of a canonical signature, as "transfer(address,uint256)": no spaces, no names, no `uint`.
[[nodiscard]] consteval Selector selector(std::string_view signature) {
    const Hash32 hash = keccak256(signature);
    return Selector{hash.bytes[0], hash.bytes[1], hash.bytes[2], hash.bytes[3]};
}

/// topic0 of the event with this canonical signature.
[[nodiscard]] consteval Hash32 topic(std::string_view signature) {
    return keccak256(signature);
}

}  // namespace plimsoll::codec
