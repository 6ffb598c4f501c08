// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"
#include "chain/codec/selector.hpp"
#include "chain/primitives/address.hpp"
#include "chain/primitives/result.hpp"
#include "chain/rpc/endpoint.hpp"
#include "config/config.hpp"
#include "strategy/routes/swap_router.hpp"

#include <optional>
#include <string>
#include <vector>

namespace plimsoll::bot {

/// What was found about one contract or one relation between two.
struct ContractCheck {
    std::string name;  // "uniswap_v3.router knows the factory"
    Result<void>
        result;  // Errc::malformed_reply where the chain says otherwise, no_code, or why it was not told
};

/// Whether the addresses of the configuration belong together, as the chain itself says at a block: the pool
/// and its provider name each other, quoter and router know the factory and the wrapped coin, price
/// guards' sources are contracts.
[[nodiscard]] async::Task<std::vector<ContractCheck>> check_contracts(rpc::Endpoint& endpoint,
                                                                      const config::Config& config,
                                                                      Hash32 at);
/// The first of them that fails.
[[nodiscard]] async::Task<Result<void>> require_contracts(rpc::Endpoint& endpoint,
                                                          const config::Config& config, Hash32 at);

/// Which of Uniswap's routers stands at that address, as its code tells; Errc::malformed_reply if none does.
[[nodiscard]] async::Task<Result<strategy::RouterKind>> read_router_kind(rpc::Endpoint& endpoint,
                                                                         Address router, Hash32 at);

/// A getter that answers one address; nothing if the contract has no such function.
[[nodiscard]] async::Task<Result<std::optional<Address>>> ask_for_address(rpc::Endpoint& endpoint,
                                                                          Address contract,
                                                                          codec::Selector getter, Hash32 at);

}  // namespace plimsoll::bot
