// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/result.hpp"
#include "signer/keys/secret_bytes.hpp"

#include <cstdint>
#include <variant>

namespace plimsoll::signer {

/// The cost of scrypt (RFC 7914): 128 n r bytes of memory, n r p steps.
struct ScryptCost {
    std::uint64_t n = 262'144;
    std::uint64_t r = 8;
    std::uint64_t p = 1;
    friend bool operator==(const ScryptCost&, const ScryptCost&) = default;
};

/// The cost of PBKDF2 with HMAC-SHA-256 (RFC 8018): iterations.
struct Pbkdf2Cost {
    std::uint64_t c = 262'144;
    friend bool operator==(const Pbkdf2Cost&, const Pbkdf2Cost&) = default;
};

struct KeyDerivation {
    std::variant<ScryptCost, Pbkdf2Cost> cost;
    Bytes salt;
    friend bool operator==(const KeyDerivation&, const KeyDerivation&) = default;
};

// A file may ask for no more than this: half a gigabyte of memory, a few seconds.
inline constexpr std::uint64_t kMaxScryptMemory = std::uint64_t{512} << 20U;  // 128 n r, in bytes
inline constexpr std::uint64_t kMaxScryptSteps = std::uint64_t{1} << 23U;     // n r p
inline constexpr std::uint64_t kMaxPbkdf2Rounds = 10'000'000;

/// Errc::malformed_input for a cost of nothing, an n that is no power of two, or more than the bounds.
[[nodiscard]] Result<void> check_derivation(const KeyDerivation& how);

/// 32 bytes from a password. Checks the bounds first; Errc::key_unavailable if there is not enough memory.
/// Takes from milliseconds to seconds.
[[nodiscard]] Result<SecretBytes> derive_key(const SecretBytes& password, const KeyDerivation& how);

}  // namespace plimsoll::signer
