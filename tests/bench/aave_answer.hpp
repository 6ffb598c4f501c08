// SPDX-License-Identifier: Apache-2.0
// A large answer to eth_getLogs, as a node writes it, of what people do in an Aave market.
#pragma once

#include "chain/primitives/block.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace plimsoll::bench {

struct AaveAnswer {
    std::string text;          // the reply to request 1
    std::vector<Head> blocks;  // in order, the first follows the scripted market's boot block
    std::size_t logs_per_block{};
    std::size_t logs{};
    std::size_t accounts{};
};

/// `actions` times somebody of `accounts` supplies, withdraws, borrows or pays back: three logs each. What is
/// withdrawn or paid back was supplied or borrowed before.
[[nodiscard]] AaveAnswer aave_answer(std::size_t actions, std::size_t accounts);

}  // namespace plimsoll::bench
