// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"

#include <secp256k1.h>

namespace plimsoll::signer {

/// The low 20 bytes of the Keccak-256 of the point's two coordinates (Yellow Paper, appendix F).
[[nodiscard]] Address address_of(const secp256k1_pubkey& key);

}  // namespace plimsoll::signer
