// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"
#include "chain/primitives/address.hpp"
#include "chain/primitives/block.hpp"
#include "chain/primitives/result.hpp"
#include "chain/rpc/endpoint.hpp"
#include "config/config.hpp"

#include <string>

namespace plimsoll::bot {

/// What the chain itself says about the contracts that the configuration names, read once at start.
struct ChainFacts {
    Head head;                 // the block it was read at
    std::string client;        // web3_clientVersion
    Address operator_address;  // Executor.operator()
    Address receiver;          // Executor.receiver()
    Address native_asset;      // the router's WETH9()
};

/// The Executor interface number this program encodes plans for.
inline constexpr std::uint64_t kExecutorVersion = 3;

enum class OwnExecutor : bool { none, configured };

/// With OwnExecutor::none nothing is asked about the Executor, whose facts stay zero.
/// Errc::no_code where an address holds no contract, Errc::refused for an Executor of another version,
/// Errc::malformed_reply where a contract answers something else than its kind does.
[[nodiscard]] async::Task<Result<ChainFacts>> read_chain_facts(rpc::Endpoint& endpoint,
                                                               const config::Config& config,
                                                               OwnExecutor executor);

}  // namespace plimsoll::bot
