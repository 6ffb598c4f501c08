// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace plimsoll::codec {

/// First bytes of an RLP item (Ethereum yellow paper, appendix B).
inline constexpr std::uint8_t kRlpString = 0x80;
inline constexpr std::uint8_t kRlpList = 0xC0;
/// Bytes of the longest payload whose length stands in the first byte.
inline constexpr std::size_t kRlpMaxShort = 55;

}  // namespace plimsoll::codec
