// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/fork/price_shock.hpp"
#include "chain/async/task.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/rpc/endpoint.hpp"

#include <vector>

namespace plimsoll::bot {

/// The sources of the shocked assets at `block`, as the market's AaveOracle names them. Errc::not_found for
/// an asset that the market does not have. An asset that shares its source with a shocked one, or derives
/// from it, moves with it.
[[nodiscard]] async::Task<Result<std::vector<ShockedSource>>> find_sources(rpc::Endpoint& endpoint,
                                                                           Address pool, Hash32 block,
                                                                           std::vector<PriceShock> shocks);

}  // namespace plimsoll::bot
