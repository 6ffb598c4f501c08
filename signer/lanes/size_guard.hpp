// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace plimsoll::signer {

/// Most transactions of a bundle, and most bytes of all of them (Flashbots).
inline constexpr std::size_t kMostBundleTransactions = 100;
inline constexpr std::size_t kMostBundleBytes = 300'000;

/// Why these bytes must not be sent (kTransactionSizeCap); empty if they may.
[[nodiscard]] std::string too_large(BytesView transaction);
/// Likewise of a bundle: each transaction, their number and their sum.
[[nodiscard]] std::string too_large(std::span<const Bytes> bundle);

}  // namespace plimsoll::signer
