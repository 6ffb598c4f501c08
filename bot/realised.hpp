// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/tally.hpp"
#include "chain/primitives/log.hpp"

#include <span>
#include <vector>

namespace plimsoll::bot {

/// What a receipt's logs say reached the receiver: the sum, token by token, of every ERC-20 Transfer from the
/// Executor to it. Tokens in order of first transfer; a malformed Transfer is passed over.
[[nodiscard]] std::vector<TokenProfit> realised_profit(std::span<const Log> logs, const Address& executor,
                                                       const Address& receiver);

}  // namespace plimsoll::bot
