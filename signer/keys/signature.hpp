// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/result.hpp"

#include <cstdint>

namespace plimsoll::signer {

/// An ECDSA signature over secp256k1 that names its public key: 65 bytes r, s, yParity.
struct Signature {
    Hash32 r;
    Hash32 s;
    std::uint8_t y_parity{};  // 0 or 1
    friend bool operator==(const Signature&, const Signature&) = default;
};

/// Whether 1 <= r < n, 1 <= s <= n/2 and yParity <= 1: what Ethereum takes since EIP-2.
[[nodiscard]] bool well_formed(const Signature& signature) noexcept;
/// The address whose key made `signature` over `digest`. Errc::malformed_input if it is not well formed or no
/// point fits.
[[nodiscard]] Result<Address> recover(const Hash32& digest, const Signature& signature);

}  // namespace plimsoll::signer
