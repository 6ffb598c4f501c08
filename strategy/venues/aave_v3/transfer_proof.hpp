// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/log.hpp"
#include "chain/primitives/result.hpp"

#include <span>

namespace plimsoll::strategy::aave_v3 {

/// True if this BalanceTransfer can tell a scaled value from an unscaled one: its index is above one ray and
/// its value is not dust.
[[nodiscard]] bool tells_scale(const Log& balance_transfer);

/// Early 3.0 tokens told the unscaled amount in BalanceTransfer, under the same revision. `block_logs` are
/// the token's logs of the block: the Transfer before `balance_transfer` holds the unscaled amount.
/// Errc::unproven if the two do not fit.
[[nodiscard]] Result<void> prove_scaled(const Log& balance_transfer, std::span<const Log> block_logs);

}  // namespace plimsoll::strategy::aave_v3
