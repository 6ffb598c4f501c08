// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace plimsoll::signer {

/// scryptROMix (RFC 7914, section 5) of one block of 128 r bytes in place; `scratch` has 32 n r words.
/// For the costs with n >= 2^(16 r), which OpenSSL refuses as RFC 7914 does, but which wallets have written.
void scrypt_mix(std::span<std::uint8_t> block, std::uint64_t n, std::span<std::uint32_t> scratch);

}  // namespace plimsoll::signer
