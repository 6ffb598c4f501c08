// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"

#include <string_view>

namespace plimsoll {

/// Keccak-256 with the original 0x01 padding (Ethereum's, not FIPS-202 SHA3-256). constexpr, so that topics
/// and selectors are compile-time constants.
[[nodiscard]] constexpr Hash32 keccak256(BytesView data) noexcept;
[[nodiscard]] constexpr Hash32 keccak256(std::string_view text) noexcept;

}  // namespace plimsoll

#include "chain/primitives/keccak_impl.hpp"
