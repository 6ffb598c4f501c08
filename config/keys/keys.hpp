// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/schema.hpp"

#include <span>

namespace plimsoll::config {

// The keys of each table, one file a table; `keys()` puts them together in the order of `tables()`.
[[nodiscard]] std::span<const Key> keeper_keys();
[[nodiscard]] std::span<const Key> chain_keys();
[[nodiscard]] std::span<const Key> endpoint_keys();
[[nodiscard]] std::span<const Key> lane_keys();
[[nodiscard]] std::span<const Key> signer_keys();
[[nodiscard]] std::span<const Key> executor_keys();
[[nodiscard]] std::span<const Key> venue_keys();
[[nodiscard]] std::span<const Key> uniswap_v3_keys();
[[nodiscard]] std::span<const Key> routes_keys();
[[nodiscard]] std::span<const Key> flash_keys();
[[nodiscard]] std::span<const Key> strategy_keys();
[[nodiscard]] std::span<const Key> prices_keys();
[[nodiscard]] std::span<const Key> price_guard_keys();
[[nodiscard]] std::span<const Key> risk_keys();
[[nodiscard]] std::span<const Key> execution_keys();
[[nodiscard]] std::span<const Key> fork_keys();
[[nodiscard]] std::span<const Key> log_keys();

}  // namespace plimsoll::config
