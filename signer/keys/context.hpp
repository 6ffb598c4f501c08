// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <secp256k1.h>

#include <cstdint>
#include <span>

namespace plimsoll::signer {

/// The one libsecp256k1 context of the process, made at first use and blinded with kernel randomness against
/// side channels. Immutable afterwards, so any thread may use it.
[[nodiscard]] const secp256k1_context* curve_context();

/// Fills `out` from the kernel; false if it gives nothing.
[[nodiscard]] bool fill_random(std::span<std::uint8_t> out) noexcept;

}  // namespace plimsoll::signer
