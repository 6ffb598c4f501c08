// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"

#include <optional>

namespace plimsoll::signer {

/// Whose code an account runs as its own (EIP-7702), if its code is 0xef0100 and an address. Of such an
/// account geth's and reth's pools hold one transaction at a time: no second one may be in flight.
[[nodiscard]] std::optional<Address> delegate_of(BytesView code) noexcept;

}  // namespace plimsoll::signer
