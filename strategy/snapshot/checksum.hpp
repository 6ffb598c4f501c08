// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"

#include <cstdint>

namespace plimsoll::strategy {

/// CRC-64/XZ (ECMA-182, reflected, all ones in and out). Finds every error of up to 64 bits in a row; it is
/// no protection against somebody who means to deceive.
[[nodiscard]] std::uint64_t checksum(BytesView data) noexcept;

}  // namespace plimsoll::strategy
