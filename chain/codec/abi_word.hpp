// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace plimsoll::codec {

/// Bytes of one word of the contract ABI.
inline constexpr std::size_t kAbiWord = 32;

}  // namespace plimsoll::codec
